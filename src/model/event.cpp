#include "model/event.h"

#include "base/planted.h"

namespace cosell {

std::string WebhookDedupeKey(std::string_view name, std::string_view record_id,
                             std::string_view changed_at) {
  std::string key(name);
  key.append("|").append(record_id);
  if (!Planted(PlantedBug::event_key_too_coarse)) key.append("|").append(changed_at);
  return key;
}

}  // namespace cosell
