#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/dataverse/database.h"
#include "tools/sandbox/dataverse/request.h"

// Rows as JSON text (contract sections 3, 4.2). Written by hand because money keeps its four
// decimals.
namespace cosell::sandbox::dataverse {

struct Expansion {
  std::string navigation;
  std::size_t lookup = 0;
  const Table* target = nullptr;
  std::vector<std::size_t> columns;  // primary id included
};

// Which members a row shows.
struct Shape {
  const Table* table = nullptr;
  std::vector<std::size_t> columns;  // primary id included
  std::vector<Expansion> expansions;
};

// The columns of a $select value, with what the server adds: the primary key, and the currency
// lookup beside money (3.4). All columns when there is no $select. Throws ServiceError.
std::vector<std::size_t> SelectColumns(const Table& table,
                                       const std::optional<std::string>& select);

// "opportunities(name,estimatedvalue)", the fragment of @odata.context; just the set name without
// $select.
std::string ContextOf(const Shape& shape, const std::optional<std::string>& select);

void AppendJsonString(std::string& out, std::string_view text);
std::string JsonString(std::string_view text);

// One cell as JSON text: 84500.0000, "2026-09-30", null.
std::string CellJson(const Column& column, const Value& value, const DataverseSwitches& switches);
// The same as plain text; nothing for null.
std::optional<std::string> CellText(const Column& column, const Value& value,
                                    const DataverseSwitches& switches);
// What a form would show: "\u20ac84,500.00", "9/30/2026", "In Progress". Nothing for null.
std::optional<std::string> FormattedValue(const Database& database, const Table& table,
                                          const Row& row, std::size_t column);

// The members of a row with its etag, between braces. `head` is put first: members with a comma
// behind each ("\"@odata.context\":\"...\",").
void AppendRow(std::string& out, const Database& database, const Shape& shape, const Row& row,
               const Preferences& prefer, std::string_view head = "");

}  // namespace cosell::sandbox::dataverse
