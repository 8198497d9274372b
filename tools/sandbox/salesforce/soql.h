#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/salesforce/soql_lexer.h"

// A SOQL statement as written, names not yet looked up (contract salesforce.md 6.5).
namespace cosell::sandbox::salesforce {

struct SoqlPath {
  std::vector<std::string> names;  // "Account", "Name"
  std::size_t at = 0;
  std::string text() const;
};

struct SoqlLiteral {
  enum class Kind { null, boolean, number, string, date, datetime, days };
  Kind kind = Kind::null;
  std::string text;
  // A date word as days from today: TODAY is 0 to 0, LAST_N_DAYS:7 is -7 to 0.
  int first_day = 0;
  int last_day = 0;
};

struct SoqlSelect;

struct SoqlCondition {
  enum class Kind { all, any, negation, comparison };
  Kind kind = Kind::comparison;
  std::vector<SoqlCondition> parts;  // all, any, negation
  SoqlPath path;
  // "=", "!=", "<", "<=", ">", ">=", "like", "in", "not in", "includes", "excludes"
  std::string op;
  std::vector<SoqlLiteral> literals;
  std::shared_ptr<SoqlSelect> semi_join;  // instead of literals
};

struct SoqlItem {
  SoqlPath path;
  std::shared_ptr<SoqlSelect> child;  // a sub-select; its `from` is a relationship
  bool count = false;                 // COUNT(path)
  std::string alias;                  // of an aggregate
};

struct SoqlOrder {
  SoqlPath path;
  bool descending = false;
  bool nulls_last = false;
};

struct SoqlSelect {
  bool count_rows = false;  // SELECT COUNT()
  std::vector<SoqlItem> items;
  std::string from;
  std::size_t from_at = 0;
  std::string alias;
  std::optional<SoqlCondition> where;
  std::vector<SoqlOrder> order;
  std::optional<std::size_t> limit;
  std::size_t offset = 0;
};

// Throws MALFORMED_QUERY for anything but the subset of 6.5; NUMBER_OUTSIDE_VALID_RANGE for an
// OFFSET above 2000.
SoqlSelect ParseSoql(std::string_view query);

}  // namespace cosell::sandbox::salesforce
