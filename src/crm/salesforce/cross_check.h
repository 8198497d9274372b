#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/rest.h"
#include "crm/salesforce/synced_object.h"

namespace cosell::salesforce {

// What /updated and /deleted tell of an object's records in a window (contract salesforce.md
// section 11.1): the only guard against changes that were committed later than the overlap reaches.
struct ReplicationWindow {
  std::vector<std::string> updated;  // ids, 18 characters
  std::vector<std::string> deleted;
  Instant covered;  // a safe start of the next window
};

// Seconds are ignored by the server, so the window reaches from the minute of `start` to the next
// full minute after `now`. cursor_expired when the window is too long or the server's log of
// deletions no longer reaches back to its start.
Result<ReplicationWindow> ReadReplication(Rest& rest, const SyncedObject& synced, Instant start,
                                          Instant now);

}  // namespace cosell::salesforce
