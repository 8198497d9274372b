#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crm/rest/description.h"

// {id} in paths and queries. Pure functions.
namespace cosell::rest {

using Values = std::map<std::string, std::string>;

// The names in braces, in order.
std::vector<std::string> PlaceholdersOf(std::string_view text);
std::vector<std::string> PlaceholdersOf(const Call& call);

// Path and query of a call with the placeholders filled in and percent-encoded, and `extra` after
// the call's own query. invalid_input naming a placeholder that `values` lacks.
Result<std::string> Fill(const Call& call, const Values& values, const Query& extra = {});

}  // namespace cosell::rest
