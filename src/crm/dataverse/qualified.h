#pragma once

#include <map>
#include <span>
#include <string>

#include "base/result.h"
#include "crm/dataverse/web_api.h"

namespace cosell::dataverse {

constexpr std::int64_t kQualifiedState = 1;     // contract dynamics365.md section 6.5
constexpr std::int64_t kDisqualifiedState = 2;  // likewise

// Which opportunity names each of these leads as its origin, the oldest where several do; leads
// without one are absent (contract section 6.5).
Result<std::map<std::string, std::string>> FindQualified(WebApi& api,
                                                         std::span<const std::string> leads);

}  // namespace cosell::dataverse
