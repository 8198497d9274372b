#include "model/event.h"

namespace cosell {

std::string WebhookDedupeKey(std::string_view name, std::string_view record_id,
                             std::string_view changed_at) {
  std::string key(name);
  key.append("|").append(record_id).append("|").append(changed_at);
  return key;
}

}  // namespace cosell
