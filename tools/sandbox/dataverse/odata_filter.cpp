#include "tools/sandbox/dataverse/odata_filter.h"

#include "base/guid.h"
#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/odata_lexer.h"

namespace cosell::sandbox::dataverse {
namespace {

using Node = std::unique_ptr<Condition>;

constexpr std::string_view kNamespace = "Microsoft.Dynamics.CRM.";

// The value a literal has beside a column, or nothing when the types do not go together.
std::optional<Value> NumberFor(const Column& column, const Token& token) {
  const auto units = ParseDecimal(token.text, column.scale);
  if (!units) return std::nullopt;
  return Value(*units);
}

std::optional<Value> DateFor(const Column& column, const Token& token, bool timestamps) {
  if (column.type == ColumnType::date) {
    if (token.kind == TokenKind::date) return Value(FoldCase(token.text));
    if (!timestamps) return std::nullopt;
    return Value(FoldCase(*CalendarDate(token.text)));
  }
  const auto at =
      ParseInstant(token.kind == TokenKind::date ? token.text + "T00:00:00Z" : token.text);
  if (!at) return std::nullopt;
  // Cells hold whole seconds, so a literal within a second must sort after the cell of that second.
  const std::string text = FormatSeconds(*at);
  return Value(FoldCase(ParseInstant(text) == at ? text : text + "~"));
}

std::optional<Value> LiteralFor(const Column& column, const Token& token, bool timestamps) {
  if (token.kind == TokenKind::null) return Value{};
  switch (column.type) {
    case ColumnType::text:
    case ColumnType::memo:
      if (token.kind != TokenKind::text) return std::nullopt;
      return Value(FoldCase(token.text));
    case ColumnType::boolean:
      if (token.kind != TokenKind::boolean) return std::nullopt;
      return Value(token.text == "true");
    case ColumnType::guid:
    case ColumnType::lookup:
      // Quoted GUIDs are documented too.
      if (token.kind == TokenKind::guid) return Value(token.text);
      if (const auto id = NormalizeGuid(token.text)) return Value(*id);
      return std::nullopt;
    case ColumnType::date:
    case ColumnType::date_time:
      if (token.kind != TokenKind::date && token.kind != TokenKind::date_time) return std::nullopt;
      return DateFor(column, token, timestamps);
    case ColumnType::integer:
    case ColumnType::big_integer:
    case ColumnType::choice:
    case ColumnType::state:
    case ColumnType::status:
    case ColumnType::decimal:
    case ColumnType::money:
      break;
  }
  return token.kind == TokenKind::number ? NumberFor(column, token) : std::nullopt;
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, const Table& table, const Database& database)
      : tokens_(std::move(tokens)), table_(table), database_(database) {}

  Node Parse() {
    Node node = ParseOr();
    if (Peek().kind != TokenKind::end) Fail("Syntax error at '" + Peek().text + "' in $filter.");
    return node;
  }

 private:
  [[noreturn]] static void Fail(const std::string& message) { ThrowBadQuery(message); }

  const Token& Peek() const { return tokens_[at_]; }
  Token Take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool TakeIf(TokenKind kind, std::string_view text) {
    if (Peek().kind != kind || Peek().text != text) return false;
    Take();
    return true;
  }
  void Expect(std::string_view symbol) {
    if (!TakeIf(TokenKind::symbol, symbol))
      Fail("'" + std::string(symbol) + "' expected in $filter.");
  }

  Node ParseOr() {
    Node left = ParseAnd();
    while (TakeIf(TokenKind::name, "or")) left = Either(std::move(left), ParseAnd());
    return left;
  }

  Node ParseAnd() {
    Node left = ParseUnary();
    while (TakeIf(TokenKind::name, "and")) {
      left = Both(std::move(left), ParseUnary());
    }
    return left;
  }

  Node ParseUnary() {
    if (TakeIf(TokenKind::name, "not")) return Negated(ParseUnary());
    if (TakeIf(TokenKind::symbol, "(")) {
      Node inner = ParseOr();
      Expect(")");
      return inner;
    }
    const Token name = Take();
    if (name.kind != TokenKind::name) Fail("A property name is expected in $filter.");
    if (TakeIf(TokenKind::symbol, "(")) return ParseFunction(name.text);
    return ParseComparison(name.text);
  }

  Node ParseComparison(const std::string& name) {
    const Path path = Resolve(name);
    const Token op = Take();
    static const std::set<std::string> kOperators = {"eq", "ne", "gt", "ge", "lt", "le"};
    if (op.kind != TokenKind::name || !kOperators.contains(op.text)) {
      Fail("An operator is expected after '" + name + "' in $filter.");
    }
    const Token literal = Take();
    if (literal.kind == TokenKind::null && op.text != "eq" && op.text != "ne") {
      Fail("null compares with eq and ne only.");
    }
    return Compares(path, op.text, Literal(path, literal));
  }

  Node ParseFunction(const std::string& name) {
    if (name == "contains" || name == "startswith" || name == "endswith") return ParseLike(name);
    if (name == std::string(kNamespace) + "In") return ParseIn();
    if (name == std::string(kNamespace) + "Between") return ParseBetween();
    Fail("An unknown function with name '" + name + "' was found.");
  }

  Node ParseLike(const std::string& name) {
    const Path path = Resolve(Take().text);
    if (path.spec().type != ColumnType::text && path.spec().type != ColumnType::memo) {
      Fail("No function signature for the function with name '" + name + "' matches.");
    }
    Expect(",");
    const Token text = Take();
    if (text.kind != TokenKind::text) Fail("A string literal is expected in " + name + ".");
    Expect(")");
    const std::string before = name == "startswith" ? "" : "%";
    const std::string after = name == "endswith" ? "" : "%";
    return IsLike(path, before + FoldCase(text.text) + after);
  }

  // PropertyName='x',PropertyValues=['a','b'] up to the closing parenthesis.
  std::pair<Path, std::vector<Value>> ParseArguments() {
    ExpectName("PropertyName");
    const Path path = Resolve(Take().text);
    Expect(",");
    ExpectName("PropertyValues");
    Expect("[");
    std::vector<Value> values;
    do {
      values.push_back(Literal(path, Untyped(path, Take())));
    } while (TakeIf(TokenKind::symbol, ","));
    Expect("]");
    Expect(")");
    return {path, std::move(values)};
  }

  void ExpectName(std::string_view name) {
    if (!TakeIf(TokenKind::name, name)) Fail("Parameter " + std::string(name) + " is missing.");
    Expect("=");
  }

  // The values of In and Between are strings whatever the column's type.
  static Token Untyped(const Path& path, Token token) {
    if (token.kind != TokenKind::text) Fail("The values of the function must be strings.");
    if (path.spec().type == ColumnType::text || path.spec().type == ColumnType::memo) return token;
    auto tokens = Tokenize(token.text);
    return tokens.front();
  }

  Node ParseIn() {
    auto [path, values] = ParseArguments();
    return IsAnyOf(path, std::move(values));
  }

  Node ParseBetween() {
    auto [path, values] = ParseArguments();
    if (values.size() != 2) Fail("Between takes two values.");
    return Both(Compares(path, "ge", values[0]), Compares(path, "le", values[1]));
  }

  Path Resolve(const std::string& name) const {
    const auto slash = name.find('/');
    if (slash == std::string::npos) return ResolveIn(table_, name, std::nullopt);
    const auto navigation = table_.FindNavigation(name.substr(0, slash));
    if (!navigation || navigation->second->targets.size() != 1) {
      ThrowNoProperty(name.substr(0, slash), table_.name());
    }
    const Table* target = database_.Find(*navigation->second->targets.begin());
    return ResolveIn(*target, name.substr(slash + 1), navigation->first);
  }

  static Path ResolveIn(const Table& table, const std::string& property,
                        std::optional<std::size_t> lookup) {
    const auto column = table.FindProperty(property);
    if (!column) ThrowNoProperty(property, table.name());
    const bool primary = !lookup && property == table.info().primary_id;
    return {lookup, &table, *column, primary};
  }

  Value Literal(const Path& path, const Token& token) const {
    const bool timestamps = database_.switches().dates_as_timestamps;
    const auto value = LiteralFor(path.spec(), token, timestamps);
    if (!value) {
      Fail("A binary operator with incompatible types was detected near property '" +
           path.spec().property() + "'.");
    }
    return *value;
  }

  std::vector<Token> tokens_;
  const Table& table_;
  const Database& database_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Condition> ParseFilter(std::string_view expression, const Table& table,
                                       const Database& database) {
  return Parser(Tokenize(expression), table, database).Parse();
}

}  // namespace cosell::sandbox::dataverse
