#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "model/side.h"

namespace cosell {

// A hint that something changed; it only says where to look. A value. Never trusted for content.
struct Event {
  ConnectionName connection;
  Side side = Side::partner_center;
  std::string source;     // "webhook", "push"
  std::string name;       // "referral-updated", "Update", ...
  std::string record_id;  // referral id or CRM id, already validated as an id
  RecordKind kind = RecordKind::opportunity;
  // When the remote says it happened; used to see that a read is older than its event. Not an
  // ordering.
  std::optional<Instant> changed_at;
  std::string dedupe_key;  // equal for repeated deliveries of one event; unique per connection
  Instant received_at;
};

// An event as it waits in the inbox.
struct InboxEvent {
  std::int64_t id = 0;
  Event event;
  int attempts = 0;
};

// EventName + referral id + ResourceChangeUtcDate, as contract partner-center.md section 4.4 asks
// for.
std::string WebhookDedupeKey(std::string_view name, std::string_view record_id,
                             std::string_view changed_at);

}  // namespace cosell
