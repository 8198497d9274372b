#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crm/dataverse/web_api.h"

// Pieces of metadata answers (contract dynamics365.md section 9).
namespace cosell::dataverse {

using Json = nlohmann::json;

// A member of the wanted type; empty or nothing for any other.
std::string TextAt(const Json& json, const char* member);
std::optional<std::int64_t> NumberAt(const Json& json, const char* member);
std::optional<bool> FlagAt(const Json& json, const char* member);

// A label is an object of localised labels; English is what roles and choices are matched by.
std::string EnglishLabel(const Json& json, const char* member);
// In our user's language.
std::string UserLabel(const Json& json, const char* member);

// Nothing when the environment refuses the query (400, 403, 404).
Result<std::optional<Json>> GetMetadata(WebApi& api, const std::string& path,
                                        std::string_view what);

// Calls `visit` for each object of the answer's `value`. False when the environment refuses.
Result<bool> EachRow(WebApi& api, const std::string& path, std::string_view what,
                     const std::function<void(const Json&)>& visit);

}  // namespace cosell::dataverse
