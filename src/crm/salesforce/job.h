#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/salesforce/bodies.h"
#include "crm/salesforce/errors.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// One CrmWrite on its way through the Writer's stages.
struct Job {
  const CrmWrite* write = nullptr;
  std::string id;          // of the record, 18 characters; of a create once it is known
  std::string account_id;  // create: found or made
  std::string contact_id;  // create: found or made
  Body body;
  std::optional<std::vector<std::string>>
      solutions;                    // the rows of the child object that are wanted
  bool written = false;             // something of it has been written
  bool wants_amount = false;        // the deal value is among what is asked for
  std::optional<CrmRecord> record;  // as it is now
  std::optional<Error> error;       // how the write ended; nothing while it goes well
  std::vector<PerformedWrite> performed;

  bool open() const { return !error.has_value(); }
  bool creates() const { return write->kind == CrmWrite::Kind::create; }
  bool Creates() const { return open() && creates(); }
  bool Updates() const { return open() && !creates(); }
  // For a person, and for the audit.
  std::string noun() const { return std::string(ToString(write->record_kind)); }
  std::string what() const {
    return creates() ? "create of the " + noun() + " for referral " + write->marker.text
                     : "update of " + noun() + " " + id;
  }
};

using Jobs = std::vector<Job*>;

// One call carries many writes and one correlation.
inline std::string CorrelationOf(const Jobs& jobs) {
  return jobs.empty() ? std::string{} : jobs.front()->write->correlation.text;
}

}  // namespace cosell::salesforce
