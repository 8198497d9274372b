#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cosell::cli {

// A preview as app::PreviewAsJson gives it, for people.
std::string PreviewAsText(const nlohmann::ordered_json& preview);

}  // namespace cosell::cli
