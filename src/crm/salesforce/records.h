#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/ground.h"
#include "crm/salesforce/rest.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// A record as read, and what the writer needs to know of it beyond the port.
struct Found {
  CrmRecord record;
  bool has_line_items = false;
};

// Gives the rows of a page what is kept in child objects: their solutions, their sales team.
Status AddChildRows(Rest& rest, const View& view, Page& page, bool finishes);

// Reads records of one kind by id and by referral (contract salesforce.md sections 6 and 12.1).
// What is deleted, missing or invisible is absent. A hidden field costs itself, not the read. Safe
// from any thread.
class Records {
 public:
  Records(Rest& rest, Ground& ground, RecordKind kind)
      : rest_(rest), ground_(ground), kind_(kind) {}

  RecordKind kind() const { return kind_; }

  // Own columns; up to 2000 ids to a call. `finishes`: see Request.
  Result<std::vector<Found>> Retrieve(const std::vector<std::string>& ids, bool finishes);
  // With the columns of related records; one query for up to 2000 ids.
  Result<std::vector<CrmRecord>> ReadRelated(const std::vector<std::string>& ids);
  // The records that carry one of the referral identifiers, the oldest first. refused when the
  // object has no field for it.
  Result<std::vector<Found>> FindByReferral(const std::vector<std::string>& markers, bool finishes);

 private:
  Result<std::vector<Found>> RetrieveChunk(const View& view, const std::vector<std::string>& ids,
                                           bool finishes);

  Rest& rest_;
  Ground& ground_;
  const RecordKind kind_;
};

}  // namespace cosell::salesforce
