#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/clock.h"
#include "crm/salesforce/cursor.h"
#include "crm/salesforce/delivered.h"
#include "crm/salesforce/records.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell::salesforce {

struct ChangeOptions {
  std::size_t page_size = 2000;
  std::chrono::seconds overlap{600};
  std::chrono::seconds cross_check_interval{600};
};

// Finds changes of one kind of record by SystemModstamp (contract salesforce.md section 11): a scan
// from a little before the newest stamp met, deleted rows included, with what was told already left
// out; from time to time a cross-check against the server's own list. One call a poll while nothing
// happens. Made for one call.
class ChangeReader {
 public:
  // `memory` is that of the kind of `records`.
  ChangeReader(Rest& rest, Ground& ground, Records& records, DeliveredMemory& memory, Clock& clock,
               Random& random, Log& log, const ChangeOptions& options);

  // As Crm::Changes.
  Result<CrmChanges> Next(const std::string& text);

 private:
  struct Scan;  // one page on its way
  Result<Cursor> Resume(const std::string& text, const View& view);
  Result<CrmChanges> Read(const std::string& text, const View& view);
  Result<net::ApiAnswer> Ask(const View& view, Cursor& cursor);
  Result<net::ApiAnswer> AskBySize(const View& view, Cursor& cursor);
  std::string QueryOf(const View& view, const Cursor& cursor) const;
  void Take(const View& view, const net::ApiAnswer& answer, const Page& page, Scan& scan);
  void EndScan(Scan& scan);
  Status FollowSolutions(const View& view, Instant since, Scan& scan);
  Status FollowTeams(const View& view, Instant since, Scan& scan);
  Status CrossCheck(const View& view, Scan& scan);
  Status TakeWindow(const std::vector<std::string>& deleted, const std::vector<std::string>& ids,
                    Scan& scan);
  CrmChanges HandOut(const std::string& text, Scan scan);

  Rest& rest_;
  Ground& ground_;
  Records& records_;
  DeliveredMemory& memory_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  const ChangeOptions options_;
};

}  // namespace cosell::salesforce
