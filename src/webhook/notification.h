#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace cosell::webhook {

// A callback's body (contract partner-center.md section 4.3): a hint, and no more. A value.
struct Notification {
  std::string event_name;   // lower case
  std::string resource_id;  // last path segment of ResourceUri, when that is a GUID; else empty
  std::string change_text;  // ResourceChangeUtcDate as sent; may be empty
  std::optional<Instant> changed_at;  // the same, when it is a date
};

// Member names are read ignoring case. Nothing when the body is not a JSON object with a text
// EventName. No URL of the body is ever followed, so only its id is kept. Pure.
std::optional<Notification> ParseNotification(std::string_view body);

}  // namespace cosell::webhook
