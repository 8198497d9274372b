#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/dataverse/database.h"

// The conditions a $filter is made of, and how values compare (contract section 4.1).
namespace cosell::sandbox::dataverse {

class Condition {
 public:
  virtual ~Condition() = default;
  // Nothing stands for null: such rows are silently absent.
  virtual std::optional<bool> Holds(const Row& row) const = 0;
  // A set that contains the id of every row for which this holds, when the expression says so.
  virtual std::optional<std::set<std::string>> Ids() const { return std::nullopt; }
};

// A column of the row, or one of the row a lookup names: "parentaccountid/name".
struct Path {
  std::optional<std::size_t> lookup;
  const Table* table = nullptr;  // whose column it is
  std::size_t column = 0;
  bool primary_id = false;

  const Column& spec() const { return table->columns()[column]; }
};

// `op` is one of eq, ne, gt, ge, lt, le; text literals are folded.
std::unique_ptr<Condition> Compares(Path path, std::string op, Value literal);
// `pattern` as MatchesLike takes it, folded.
std::unique_ptr<Condition> IsLike(Path path, std::string pattern);
std::unique_ptr<Condition> IsAnyOf(Path path, std::vector<Value> values);
std::unique_ptr<Condition> Both(std::unique_ptr<Condition> left, std::unique_ptr<Condition> right);
std::unique_ptr<Condition> Either(std::unique_ptr<Condition> left,
                                  std::unique_ptr<Condition> right);
std::unique_ptr<Condition> Negated(std::unique_ptr<Condition> inner);

// Case folding of string comparison: ASCII, Latin, Greek and Cyrillic letters.
std::string FoldCase(std::string_view text);
// LIKE: '%' any text, '_' any character, "[abc]" one of them; both already folded.
bool MatchesLike(std::string_view text, std::string_view pattern);

}  // namespace cosell::sandbox::dataverse
