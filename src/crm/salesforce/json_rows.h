#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/queries.h"

// Rows of objects beside the opportunity, which are few: one JSON object at a time. Internal to
// this room.
namespace cosell::salesforce {

inline std::string TextAt(const nlohmann::json& row, const std::string& field) {
  const auto found = row.find(field);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// Every row of these queries goes to `take`. invalid_response when a page is not the JSON expected.
template <typename Take>
Status ForEachRow(Rest& rest, const std::vector<std::string>& queries, std::string_view what,
                  QueryMode mode, Take take) {
  using Json = nlohmann::json;
  return RunQueries(
      rest, queries, what, mode, [&](const net::ApiAnswer& page) -> Result<std::string> {
        const Json json = Json::parse(page.response.body, nullptr, false);
        if (!json.is_object() || !json.contains("records") || !json["records"].is_array()) {
          return UnreadableAnswer(page, what);
        }
        for (const Json& row : json["records"]) {
          if (row.is_object()) take(row);
        }
        return TextAt(json, "nextRecordsUrl");
      });
}

}  // namespace cosell::salesforce
