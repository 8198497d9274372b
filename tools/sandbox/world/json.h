#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

// JSON inside the sandbox's own sources. Not for the headers other rooms include.
namespace cosell::sandbox {

using Json = nlohmann::json;

// The member at "a/b/c", or nullptr when it (or a parent) is absent or null.
const Json* At(const Json& root, std::string_view path);
// Its text; empty when it is absent, null or no string.
std::string TextAt(const Json& root, std::string_view path);
std::optional<Instant> InstantAt(const Json& root, std::string_view path);
// Sets the member at "a/b/c", making objects on the way.
void Put(Json& root, std::string_view path, Json value);

}  // namespace cosell::sandbox
