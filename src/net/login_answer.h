#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cosell::net {

// Internal to net: the decoded parameters of a redirect's query; the first of each name. Pure.
std::map<std::string, std::string> QueryParameters(std::string_view query);

}  // namespace cosell::net
