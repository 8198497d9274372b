#include "webhook/notification.h"

#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"

namespace cosell::webhook {
namespace {

using nlohmann::json;

constexpr std::size_t kTextLengthMax = 64;  // names and dates are shorter; the inbox keeps both

std::string Text(const json& object, std::string_view name) {
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (EqualsIgnoreCase(it.key(), name) && it->is_string()) return it->get<std::string>();
  }
  return {};
}

std::string LastSegment(std::string_view uri) {
  uri = uri.substr(0, uri.find_first_of("?#"));
  while (uri.ends_with('/')) uri.remove_suffix(1);
  return std::string(uri.substr(uri.rfind('/') + 1));
}

}  // namespace

std::optional<Notification> ParseNotification(std::string_view body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  Notification notification;
  notification.event_name = ToLower(Text(parsed, "EventName"));
  notification.change_text = Text(parsed, "ResourceChangeUtcDate");
  if (notification.event_name.empty() || notification.event_name.size() > kTextLengthMax ||
      notification.change_text.size() > kTextLengthMax) {
    return std::nullopt;
  }
  notification.resource_id = NormalizeGuid(LastSegment(Text(parsed, "ResourceUri"))).value_or("");
  notification.changed_at = ParseInstant(notification.change_text);
  return notification;
}

}  // namespace cosell::webhook
