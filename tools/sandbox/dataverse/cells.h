#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/sandbox/dataverse/database.h"

// From what a client sends to cells: JSON values, row keys, bound lookups (contract 3, 5.3).
namespace cosell::sandbox::dataverse {

using Json = nlohmann::ordered_json;

// Content-ID of a change set -> "accounts(<guid>)" (8).
using References = std::map<std::string, std::string>;

// The cell a body's value becomes: "" is null, money keeps four decimals until the row's currency
// is known. Throws ServiceError: 0x80048d19 for a wrong JSON type, 0x80044331 for a value out of
// bounds. Not for lookups.
Value CellFromJson(const Table& table, const Column& column, const Json& value,
                   const DataverseSwitches& switches);

// The key of one row as it stands in a URL: a GUID, or the columns of an alternate key.
struct RowKey {
  std::optional<std::string> id;
  std::vector<std::pair<std::size_t, Value>> columns;
};
// Throws ServiceError when the key is malformed or not one of the table's.
RowKey ParseRowKey(const Database& database, const Table& table, const std::string& key);
const Row* FindByKey(const Table& table, const RowKey& key);
// 404: 0x80040217 for an id, 0x80060891 for an alternate key.
[[noreturn]] void ThrowMissing(const Table& table, const RowKey& key);

// The row a bind value names: "/accounts(..)", "accounts(..)", an absolute URL, "$1". Throws
// ServiceError when it is malformed, of a table the navigation does not reach, or does not exist.
Reference ResolveBind(Database& database, const Navigation& navigation, const std::string& value,
                      const std::string& origin, const References* references);

}  // namespace cosell::sandbox::dataverse
