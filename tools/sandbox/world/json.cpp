#include "tools/sandbox/world/json.h"

#include "base/text.h"

namespace cosell::sandbox {

const Json* At(const Json& root, std::string_view path) {
  const Json* at = &root;
  for (const std::string& name : Split(path, '/')) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(name);
    if (found == at->end() || found->is_null()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string TextAt(const Json& root, std::string_view path) {
  const Json* at = At(root, path);
  return at != nullptr && at->is_string() ? at->get<std::string>() : "";
}

std::optional<Instant> InstantAt(const Json& root, std::string_view path) {
  return ParseInstant(TextAt(root, path));
}

void Put(Json& root, std::string_view path, Json value) {
  Json* at = &root;
  for (const std::string& name : Split(path, '/')) {
    if (!at->is_object()) *at = Json::object();
    at = &(*at)[name];
  }
  *at = std::move(value);
}

}  // namespace cosell::sandbox
