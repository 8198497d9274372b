#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// SOQL text (contract salesforce.md section 6). The one place where values become part of a query,
// so that none of them can ever be more than a value. Field and object names come from describe.
// Pure functions.
namespace cosell::salesforce {

// 'O\'Brien': a string literal; a byte that has no escape of its own is written as \uXXXX.
std::string QuoteText(std::string_view text);

// Conditions, to be joined with All. Instants and dates stand without quotes.
std::string Equals(std::string_view field, std::string_view text);
std::string EqualsLiteral(std::string_view field, std::string_view json);  // numbers, true, false
std::string In(std::string_view field, std::span<const std::string> texts);
std::string AtLeast(std::string_view field, Instant at);
// Everything behind the row (`at`, `id`) in the order of SystemModstamp, Id (section 6.2).
std::string Behind(Instant at, std::string_view id);
std::string All(const std::vector<std::string>& conditions);

struct SelectStatement {
  std::vector<std::string> fields;  // plain names, paths, or a sub-select in parentheses
  std::string from;
  std::string where;
  std::string order_by;
  std::size_t limit = 0;  // 0: none
};
std::string Print(const SelectStatement& statement);

}  // namespace cosell::salesforce
