#pragma once

#include <string>

#include "base/clock.h"
#include "crm/rest/cursor.h"
#include "crm/rest/pages.h"
#include "crm/rest/records.h"
#include "ports/crm.h"
#include "ports/log.h"

namespace cosell::rest {

// Crm::Changes over a list with a "changed since" (docs/REST-CRM.md, "Finding changes"). Every page
// asks from `overlap` before the newest stamp seen, because stamps precede commits and lists lag;
// what was told already is recognised by its etag. A service without "changed since" is read whole
// every time. Made for one call; borrows everything.
class ChangeReader {
 public:
  ChangeReader(const Service& service, const Records& records, const Description& description,
               const Selection& selection, Log& log)
      : service_(service),
        records_(records),
        deal_(description.deal),
        selection_(selection),
        log_(log) {}

  Result<CrmChanges> Next(const std::string& cursor);

 private:
  Status Take(const Json& item);
  Status TakeRead(const std::string& id);
  void Deliver(const Deal& deal);
  void Tell(const std::string& id, Instant at);
  Status TakeDeletions();
  Status TakeDeletion(const Json& item);
  void Note(Instant at);
  void Begin(const Page& page);
  void MoveOn(const Page& page);
  void Finish(const Page& page);
  void Leave(const Error& error) const;

  const Service& service_;
  const Records& records_;
  const DealResource& deal_;
  const Selection& selection_;
  Log& log_;
  Cursor cursor_;
  std::optional<Instant> latest_;  // stamps after this are no stamps of this service's clock
  std::optional<std::chrono::milliseconds> clock_offset_;
  CrmChanges changes_;
};

}  // namespace cosell::rest
