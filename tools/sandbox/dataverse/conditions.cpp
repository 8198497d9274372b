#include "tools/sandbox/dataverse/conditions.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::sandbox::dataverse {
namespace {

using Node = std::unique_ptr<Condition>;

// -1, 0, 1; nothing when one of them is null or they are of different kinds.
std::optional<int> CompareValues(const Value& left, const Value& right) {
  if (IsNull(left) || IsNull(right) || left.index() != right.index()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&left)) {
    const int order = text->compare(std::get<std::string>(right));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (const auto* flag = std::get_if<bool>(&left)) {
    return static_cast<int>(*flag) - static_cast<int>(std::get<bool>(right));
  }
  const auto a = std::get<std::int64_t>(left);
  const auto b = std::get<std::int64_t>(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

// Lookups compare by id, everything else as it is.
Value Comparable(const Value& value) {
  if (const auto* reference = std::get_if<Reference>(&value)) return reference->id;
  if (const auto* text = std::get_if<std::string>(&value)) return FoldCase(*text);
  return value;
}

Value Read(const Path& path, const Row& row) {
  if (!path.lookup) return Comparable(row.cells[path.column]);
  const auto* reference = std::get_if<Reference>(&row.cells[*path.lookup]);
  const bool here = reference != nullptr && reference->table == path.table->name();
  const Row* related = here ? path.table->FindRow(reference->id) : nullptr;
  return related == nullptr ? Value{} : Comparable(related->cells[path.column]);
}

class Comparison : public Condition {
 public:
  Comparison(Path path, std::string op, Value literal)
      : path_(path), op_(std::move(op)), literal_(std::move(literal)) {}

  std::optional<bool> Holds(const Row& row) const override {
    const Value value = Read(path_, row);
    if (IsNull(literal_)) return op_ == "eq" ? IsNull(value) : !IsNull(value);
    const auto order = CompareValues(value, literal_);
    if (!order) return std::nullopt;
    if (op_ == "eq") return *order == 0;
    if (op_ == "ne") return *order != 0;
    if (op_ == "gt") return *order > 0;
    if (op_ == "ge") return *order >= 0;
    if (op_ == "lt") return *order < 0;
    return *order <= 0;
  }

  std::optional<std::set<std::string>> Ids() const override {
    const auto* id = std::get_if<std::string>(&literal_);
    if (!path_.primary_id || op_ != "eq" || id == nullptr) return std::nullopt;
    return std::set{*id};
  }

 private:
  Path path_;
  std::string op_;
  Value literal_;
};

class Like : public Condition {
 public:
  Like(Path path, std::string pattern) : path_(path), pattern_(std::move(pattern)) {}
  std::optional<bool> Holds(const Row& row) const override {
    const Value value = Read(path_, row);
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return std::nullopt;
    return MatchesLike(*text, pattern_);
  }

 private:
  Path path_;
  std::string pattern_;
};

class AnyOf : public Condition {
 public:
  AnyOf(Path path, std::vector<Value> values) : path_(path), values_(std::move(values)) {}

  std::optional<bool> Holds(const Row& row) const override {
    const Value value = Read(path_, row);
    if (IsNull(value)) return std::nullopt;
    return std::find(values_.begin(), values_.end(), value) != values_.end();
  }

  std::optional<std::set<std::string>> Ids() const override {
    if (!path_.primary_id) return std::nullopt;
    std::set<std::string> ids;
    for (const auto& value : values_) {
      if (const auto* id = std::get_if<std::string>(&value)) ids.insert(*id);
    }
    return ids;
  }

 private:
  Path path_;
  std::vector<Value> values_;
};

class And : public Condition {
 public:
  And(Node left, Node right) : left_(std::move(left)), right_(std::move(right)) {}
  std::optional<bool> Holds(const Row& row) const override {
    const auto left = left_->Holds(row);
    if (left == false) return false;
    const auto right = right_->Holds(row);
    if (right == false) return false;
    if (!left || !right) return std::nullopt;
    return true;
  }
  std::optional<std::set<std::string>> Ids() const override {
    auto ids = left_->Ids();
    return ids ? ids : right_->Ids();
  }

 private:
  Node left_, right_;
};

class Or : public Condition {
 public:
  Or(Node left, Node right) : left_(std::move(left)), right_(std::move(right)) {}
  std::optional<bool> Holds(const Row& row) const override {
    const auto left = left_->Holds(row);
    if (left == true) return true;
    const auto right = right_->Holds(row);
    if (right == true) return true;
    if (!left || !right) return std::nullopt;
    return false;
  }
  std::optional<std::set<std::string>> Ids() const override {
    auto left = left_->Ids();
    auto right = left ? right_->Ids() : std::nullopt;
    if (!right) return std::nullopt;
    left->merge(*right);
    return left;
  }

 private:
  Node left_, right_;
};

class Not : public Condition {
 public:
  explicit Not(Node inner) : inner_(std::move(inner)) {}
  std::optional<bool> Holds(const Row& row) const override {
    const auto inner = inner_->Holds(row);
    if (!inner) return std::nullopt;
    return !*inner;
  }

 private:
  Node inner_;
};

// Two-byte characters: the lower-case form of upper-case Latin-1, Greek and Cyrillic letters.
unsigned FoldTwoByte(unsigned code) {
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 0x20;
  if ((code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177)) return code | 1U;
  if (code >= 0x391 && code <= 0x3A9) return code + 0x20;
  if (code >= 0x410 && code <= 0x42F) return code + 0x20;
  if (code >= 0x400 && code <= 0x40F) return code + 0x50;
  return code;
}

}  // namespace

Node Compares(Path path, std::string op, Value literal) {
  return std::make_unique<Comparison>(path, std::move(op), std::move(literal));
}

Node IsLike(Path path, std::string pattern) {
  return std::make_unique<Like>(path, std::move(pattern));
}

Node IsAnyOf(Path path, std::vector<Value> values) {
  return std::make_unique<AnyOf>(path, std::move(values));
}

Node Both(Node left, Node right) {
  return std::make_unique<And>(std::move(left), std::move(right));
}

Node Either(Node left, Node right) {
  return std::make_unique<Or>(std::move(left), std::move(right));
}

Node Negated(Node inner) { return std::make_unique<Not>(std::move(inner)); }

std::string FoldCase(std::string_view text) {
  std::string out = ToLower(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0xC3 || lead > 0xD0) continue;
    const unsigned code = ((lead & 0x1FU) << 6) | (static_cast<unsigned char>(out[i + 1]) & 0x3FU);
    const unsigned folded = FoldTwoByte(code);
    out[i] = static_cast<char>(0xC0U | (folded >> 6));
    out[++i] = static_cast<char>(0x80U | (folded & 0x3FU));
  }
  return out;
}

bool MatchesLike(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '%') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (MatchesLike(text.substr(skip), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  const auto close = pattern.find(']');
  if (pattern.front() == '[' && close != std::string_view::npos) {
    const bool one_of = pattern.substr(1, close - 1).find(text.front()) != std::string_view::npos;
    return one_of && MatchesLike(text.substr(1), pattern.substr(close + 1));
  }
  const bool same = pattern.front() == '_' || pattern.front() == text.front();
  return same && MatchesLike(text.substr(1), pattern.substr(1));
}

}  // namespace cosell::sandbox::dataverse
