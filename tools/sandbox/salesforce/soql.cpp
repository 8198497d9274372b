#include "tools/sandbox/salesforce/soql.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "tools/sandbox/salesforce/error.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kStatementMax = 100'000;
constexpr std::size_t kOffsetMax = 2000;
constexpr int kDepthMax = 50;  // of parentheses; keeps a hostile query off the stack

class Parser {
 public:
  explicit Parser(std::string_view query) : tokens_(Tokenize(query)) {}

  SoqlSelect Run() {
    SoqlSelect select = Select(false);
    if (Peek().kind != TokenKind::end) Unexpected();
    return select;
  }

 private:
  const Token& Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool IsWord(std::string_view word, std::size_t ahead = 0) const {
    return Peek(ahead).kind == TokenKind::word && EqualsIgnoreCase(Peek(ahead).text, word);
  }
  bool IsSymbol(std::string_view symbol, std::size_t ahead = 0) const {
    return Peek(ahead).kind == TokenKind::symbol && Peek(ahead).text == symbol;
  }
  bool TakeWord(std::string_view word) { return IsWord(word) && ++at_ > 0; }
  bool TakeSymbol(std::string_view symbol) { return IsSymbol(symbol) && ++at_ > 0; }
  void NeedWord(std::string_view word) {
    if (!TakeWord(word)) Unexpected();
  }
  void NeedSymbol(std::string_view symbol) {
    if (!TakeSymbol(symbol)) Unexpected();
  }
  [[noreturn]] void Unexpected() const {
    ThrowMalformed("unexpected token: '" + Peek().text + "'");
  }

  bool IsKeyword() const {
    for (const auto* word :
         {"from", "where", "order", "limit",  "offset", "and",    "or",  "not",  "in",    "like",
          "asc",  "desc",  "nulls", "select", "group",  "having", "for", "with", "using", "all"}) {
      if (IsWord(word)) return true;
    }
    return false;
  }

  std::string Name() {
    if (Peek().kind != TokenKind::word || IsKeyword()) Unexpected();
    return tokens_[at_++].text;
  }

  SoqlPath Path() {
    const std::size_t at = Peek().at;
    SoqlPath path{Split(Name(), '.'), at};
    for (const auto& name : path.names) {
      if (name.empty()) ThrowMalformed("unexpected token: '.'");
    }
    return path;
  }

  SoqlSelect Select(bool nested) {
    NeedWord("select");
    SoqlSelect select;
    if (!nested && IsWord("count") && IsSymbol("(", 1) && IsSymbol(")", 2)) {
      at_ += 3;
      select.count_rows = true;
    } else {
      do {
        select.items.push_back(Item(nested));
      } while (TakeSymbol(","));
    }
    NeedWord("from");
    select.from_at = Peek().at;
    select.from = Name();
    TakeWord("as");
    if (Peek().kind == TokenKind::word && !IsKeyword()) select.alias = Name();
    if (TakeWord("where")) select.where = Any(0);
    Tail(select);
    return select;
  }

  SoqlItem Item(bool nested) {
    SoqlItem item;
    if (!nested && TakeSymbol("(")) {
      item.child = std::make_shared<SoqlSelect>(Select(true));
      NeedSymbol(")");
      return item;
    }
    if (!nested && IsWord("count") && IsSymbol("(", 1)) {
      at_ += 2;
      item.count = true;
      item.path = Path();
      NeedSymbol(")");
      if (Peek().kind == TokenKind::word && !IsKeyword()) item.alias = Name();
      return item;
    }
    item.path = Path();
    return item;
  }

  void Tail(SoqlSelect& select) {
    if (TakeWord("order")) {
      NeedWord("by");
      do {
        select.order.push_back(Order());
      } while (TakeSymbol(","));
    }
    if (TakeWord("limit")) select.limit = Count();
    if (!TakeWord("offset")) return;
    select.offset = Count();
    if (select.offset > kOffsetMax) {
      throw ServiceError(400, "NUMBER_OUTSIDE_VALID_RANGE",
                         "Maximum SOQL offset allowed is " + std::to_string(kOffsetMax));
    }
  }

  SoqlOrder Order() {
    SoqlOrder order{Path()};
    if (TakeWord("desc")) {
      order.descending = true;
    } else {
      TakeWord("asc");
    }
    if (!TakeWord("nulls")) return order;
    order.nulls_last = TakeWord("last");
    if (!order.nulls_last) NeedWord("first");
    return order;
  }

  std::size_t Count() {
    std::size_t count = 0;
    const Token& token = Peek();
    const auto [end, problem] =
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), count);
    if (token.kind != TokenKind::number || problem != std::errc{} ||
        end != token.text.data() + token.text.size()) {
      Unexpected();
    }
    ++at_;
    return count;
  }

  // AND and OR do not mix without parentheses.
  SoqlCondition Any(int depth) {
    if (depth > kDepthMax) ThrowMalformed("The WHERE clause is nested too deeply");
    SoqlCondition first = Single(depth);
    const bool all = IsWord("and");
    if (!all && !IsWord("or")) return first;
    SoqlCondition group;
    group.kind = all ? SoqlCondition::Kind::all : SoqlCondition::Kind::any;
    group.parts.push_back(std::move(first));
    while (TakeWord(all ? "and" : "or")) group.parts.push_back(Single(depth));
    if (IsWord("and") || IsWord("or")) Unexpected();
    return group;
  }

  SoqlCondition Single(int depth) {
    if (TakeWord("not")) {
      SoqlCondition negation;
      negation.kind = SoqlCondition::Kind::negation;
      negation.parts.push_back(Single(depth + 1));
      if (depth > kDepthMax) ThrowMalformed("The WHERE clause is nested too deeply");
      return negation;
    }
    if (TakeSymbol("(")) {
      SoqlCondition inner = Any(depth + 1);
      NeedSymbol(")");
      return inner;
    }
    return Comparison();
  }

  SoqlCondition Comparison() {
    SoqlCondition comparison;
    comparison.path = Path();
    comparison.op = Operator();
    const bool list = comparison.op == "in" || comparison.op == "not in" ||
                      comparison.op == "includes" || comparison.op == "excludes";
    if (!list) {
      comparison.literals.push_back(Literal());
      return comparison;
    }
    NeedSymbol("(");
    if (IsWord("select") && comparison.op.ends_with("in")) {
      if (++semi_joins_ > 2) ThrowMalformed("maximum 2 semi join sub-selects are allowed");
      comparison.semi_join = std::make_shared<SoqlSelect>(Select(true));
    } else {
      do {
        comparison.literals.push_back(Literal());
      } while (TakeSymbol(","));
    }
    NeedSymbol(")");
    return comparison;
  }

  std::string Operator() {
    for (const auto* symbol : {"=", "!=", "<>", "<=", ">=", "<", ">"}) {
      if (TakeSymbol(symbol)) return std::string(symbol) == "<>" ? "!=" : symbol;
    }
    for (const auto* word : {"like", "in", "includes", "excludes"}) {
      if (TakeWord(word)) return word;
    }
    if (TakeWord("not")) {
      NeedWord("in");
      return "not in";
    }
    Unexpected();
  }

  SoqlLiteral Literal() {
    using Kind = SoqlLiteral::Kind;
    const Token token = Peek();
    ++at_;
    switch (token.kind) {
      case TokenKind::string:
        return {Kind::string, token.text};
      case TokenKind::number:
        return {Kind::number, token.text};
      case TokenKind::date:
        return {Kind::date, token.text};
      case TokenKind::datetime:
        return {Kind::datetime, token.text};
      case TokenKind::word:
        if (EqualsIgnoreCase(token.text, "null")) return {Kind::null, ""};
        if (EqualsIgnoreCase(token.text, "true")) return {Kind::boolean, "true"};
        if (EqualsIgnoreCase(token.text, "false")) return {Kind::boolean, "false"};
        if (IsMoney(token.text)) return {Kind::number, token.text.substr(3)};
        return DateWord(token);
      case TokenKind::symbol:
      case TokenKind::end:
        break;
    }
    --at_;
    Unexpected();
  }

  // "USD5000" in organisations with several currencies.
  static bool IsMoney(std::string_view text) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    return text.size() > 3 && std::all_of(text.begin(), text.begin() + 3, upper) &&
           std::all_of(text.begin() + 3, text.end(), digit);
  }

  SoqlLiteral DateWord(const Token& token) {
    SoqlLiteral days{SoqlLiteral::Kind::days, token.text};
    const std::string word = ToLower(token.text);
    if (word == "today") return days;
    if (word == "yesterday") days.first_day = days.last_day = -1;
    if (word == "tomorrow") days.first_day = days.last_day = 1;
    if (days.first_day != 0) return days;
    if (word != "last_n_days" && word != "next_n_days") {
      --at_;
      Unexpected();
    }
    NeedSymbol(":");
    const int count = static_cast<int>(std::min<std::size_t>(Count(), 10'000));
    (word == "last_n_days" ? days.first_day : days.last_day) =
        word == "last_n_days" ? -count : count;
    return days;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int semi_joins_ = 0;
};

}  // namespace

std::string SoqlPath::text() const { return Join(names, "."); }

SoqlSelect ParseSoql(std::string_view query) {
  if (query.size() > kStatementMax) {
    ThrowMalformed("SOQL statements cannot be longer than 100000 characters.");
  }
  return Parser(query).Run();
}

}  // namespace cosell::sandbox::salesforce
