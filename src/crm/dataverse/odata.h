#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Pieces of OData query text (contract dynamics365.md section 4). Pure functions.
namespace cosell::dataverse {

// 'O''Brien': a string literal; not yet percent-encoded.
std::string QuoteLiteral(std::string_view text);

// "accountid eq a or accountid eq b"
std::string AnyOf(std::string_view column, std::span<const std::string> guids);

// "accounts?$select=name&$filter=..." with every value but $select's percent-encoded; an empty
// value is left out.
struct Query {
  std::string entity_set;
  std::string select;
  std::string filter;
  std::string orderby;
  std::string top;
};
std::string Print(const Query& query);

// "opportunities(<guid>)?$select=..."
std::string RowPath(std::string_view entity_set, std::string_view guid,
                    std::string_view select = {});

// Appends `text` as a JSON string, always escaped the same way.
void AppendQuoted(std::string& out, std::string_view text);
std::string Quoted(std::string_view text);

// A JSON number without trailing zeros: "20000.0000" -> "20000", "84500.50" -> "84500.5".
std::string NormalizeNumber(std::string_view token);

// How many ids one filter may name before the URL grows too long.
constexpr std::size_t kIdsPerQuery = 30;

}  // namespace cosell::dataverse
