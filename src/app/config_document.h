#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"

// The text of a configuration as a JSON document. Internal to the configuration.
namespace cosell::app {

// JSON with comments; a byte order mark is tolerated. Problems: a syntax error with its line and
// column (the document is then null), and every key that stands twice in one object.
nlohmann::json ParseDocument(std::string_view text, std::vector<ConfigProblem>& problems);

// "connections" + [0] + "name" as one path, the way problems name a place.
std::string MemberPath(const std::string& parent, const std::string& key);
std::string ElementPath(const std::string& parent, std::size_t index);

}  // namespace cosell::app
