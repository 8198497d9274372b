#include "tools/sandbox/world/odata_filter.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <stdexcept>
#include <vector>

#include "base/text.h"
#include "tools/sandbox/world/referral_schema.h"

namespace cosell::sandbox {
namespace {

constexpr int kDepthMax = 32;

struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Token {
  enum class Kind { word, text, open, close, end } kind = Kind::end;
  std::string value;
};

std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
    } else if (text[i] == '(' || text[i] == ')') {
      tokens.push_back({text[i++] == '(' ? Token::Kind::open : Token::Kind::close, ""});
    } else if (text[i] == '\'') {
      std::string value;
      for (++i;; ++i) {
        if (i >= text.size()) throw Malformed("a quoted text is not closed");
        if (text[i] == '\'' && (i + 1 >= text.size() || text[i + 1] != '\'')) break;
        if (text[i] == '\'') ++i;
        value += text[i];
      }
      ++i;
      tokens.push_back({Token::Kind::text, value});
    } else {
      const std::size_t end = std::min(text.find_first_of(" ()'", i), text.size());
      tokens.push_back({Token::Kind::word, std::string(text.substr(i, end - i))});
      i = end;
    }
  }
  tokens.push_back({});
  return tokens;
}

using Predicate = std::function<bool(const Json&)>;

// How the two operands of a comparison relate; nothing when they cannot be ordered.
using Order = std::optional<std::partial_ordering>;

Predicate Compared(const std::string& op, std::function<Order(const Json&)> relate) {
  return [op, relate](const Json& root) {
    const Order order = relate(root);
    if (op == "ne") return !order || *order != 0;
    if (!order) return false;
    if (op == "eq") return *order == 0;
    if (op == "gt") return *order > 0;
    if (op == "ge") return *order >= 0;
    return op == "lt" ? *order < 0 : *order <= 0;
  };
}

bool IsDatePath(std::string_view path) { return path.ends_with("DateTime"); }
bool IsWordPath(const std::string& path) {
  static const std::vector<std::string> kWords = {"status", "substatus", "qualification", "type",
                                                  "direction"};
  return std::find(kWords.begin(), kWords.end(), path) != kWords.end();
}

class Parser {
 public:
  Parser(std::string_view text, const Switches& switches)
      : switches_(switches), tokens_(Tokenize(text)) {}

  Predicate Parse() {
    Predicate whole = Or(0);
    if (Peek().kind != Token::Kind::end) throw Malformed("unexpected text after the expression");
    return whole;
  }

 private:
  const Token& Peek() const { return tokens_[at_]; }
  Token Take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  bool TakeWord(std::string_view word) {
    if (Peek().kind != Token::Kind::word || !EqualsIgnoreCase(Peek().value, word)) return false;
    ++at_;
    return true;
  }
  void Expect(Token::Kind kind, const char* what) {
    if (Take().kind != kind) throw Malformed(std::string("expected ") + what);
  }
  void NeedComparisons(const std::string& op) const {
    if (!switches_.filter_comparisons) throw Malformed("operator " + op + " is not supported");
  }

  Predicate Or(int depth) {
    Predicate left = And(depth);
    while (TakeWord("or")) {
      NeedComparisons("or");
      Predicate right = And(depth);
      left = [left, right](const Json& root) { return left(root) || right(root); };
    }
    return left;
  }

  Predicate And(int depth) {
    Predicate left = Unary(depth);
    while (TakeWord("and")) {
      Predicate right = Unary(depth);
      left = [left, right](const Json& root) { return left(root) && right(root); };
    }
    return left;
  }

  Predicate Unary(int depth) {
    if (depth > kDepthMax) throw Malformed("too deeply nested");
    if (TakeWord("not")) {
      NeedComparisons("not");
      Predicate inner = Unary(depth + 1);
      return [inner](const Json& root) { return !inner(root); };
    }
    if (Peek().kind == Token::Kind::open) {
      Take();
      Predicate inner = Or(depth + 1);
      Expect(Token::Kind::close, "a closing parenthesis");
      return inner;
    }
    return Comparison(depth);
  }

  Predicate Comparison(int depth) {
    const Token token = Take();
    if (token.kind != Token::Kind::word) throw Malformed("expected a property");
    if (Peek().kind == Token::Kind::open) return Any(token.value, depth);
    return Operator(PathOf(token.value));
  }

  // The documented path of a property; inside a lambda its variable stands for "team[]".
  std::string PathOf(std::string word) {
    if (!variable_.empty()) {
      if (!word.starts_with(variable_ + "/")) throw Malformed("expected " + variable_ + "/...");
      word = "team[]" + word.substr(variable_.size());
    }
    if (EqualsIgnoreCase(word, "email")) return "email";
    const auto path = CanonicalPath(word);
    if (!path) throw Malformed("unknown property " + word);
    return variable_.empty() ? *path : path->substr(7);
  }

  Predicate Any(const std::string& function, int depth) {
    if (!EqualsIgnoreCase(function, "team/any") || !variable_.empty())
      throw Malformed("unknown function " + function);
    Take();
    std::string variable = Take().value;
    const std::size_t colon = variable.find(':');
    if (colon == std::string::npos || colon == 0) throw Malformed("expected a lambda variable");
    const std::string rest = variable.substr(colon + 1);
    variable_ = variable.substr(0, colon);
    if (!rest.empty()) tokens_[--at_].value = rest;
    Predicate inner = Or(depth + 1);
    variable_.clear();
    Expect(Token::Kind::close, "a closing parenthesis");
    return [inner](const Json& root) {
      const Json* team = At(root, "team");
      return team != nullptr && std::any_of(team->begin(), team->end(), inner);
    };
  }

  Predicate Operator(const std::string& path) {
    static const std::vector<std::string> kOperators = {"eq", "ne", "gt", "ge", "lt", "le"};
    const std::string op = ToLower(Take().value);
    if (std::find(kOperators.begin(), kOperators.end(), op) == kOperators.end())
      throw Malformed("expected a comparison after " + path);
    if (op != "eq") NeedComparisons(op);
    const Token literal = Take();
    if (literal.kind != Token::Kind::text && literal.kind != Token::Kind::word)
      throw Malformed("expected a value after " + op);
    if (path == "email" && variable_.empty()) return AnyEmail(op, literal);
    if (IsDatePath(path)) return DateComparison(path, op, literal);
    if (literal.kind == Token::Kind::text) return TextComparison(path, op, literal.value);
    return WordComparison(path, op, literal.value);
  }

  Predicate AnyEmail(const std::string& op, const Token& literal) {
    if (literal.kind != Token::Kind::text || op != "eq") throw Malformed("email needs eq 'text'");
    return [wanted = literal.value](const Json& root) {
      const Json* team = At(root, "team");
      return team != nullptr && std::any_of(team->begin(), team->end(), [&](const Json& member) {
               return EqualsIgnoreCase(TextAt(member, "email"), wanted);
             });
    };
  }

  Predicate DateComparison(const std::string& path, const std::string& op, const Token& literal) {
    if (literal.value == "null") return NullComparison(path, op);
    const bool quoted = literal.kind == Token::Kind::text;
    if ((quoted && switches_.filter_dates == "unquoted") ||
        (!quoted && switches_.filter_dates == "quoted"))
      throw Malformed("wrong literal type for " + path);
    const auto wanted = ParseInstant(literal.value);
    if (!wanted) throw Malformed("not a date: " + literal.value);
    return Compared(op, [path, wanted = *wanted](const Json& root) -> Order {
      const auto actual = InstantAt(root, path);
      if (!actual) return std::nullopt;
      return *actual <=> wanted;
    });
  }

  static Predicate NullComparison(const std::string& path, const std::string& op) {
    if (op != "eq" && op != "ne") throw Malformed("null compares with eq and ne only");
    return [path, wanted = op == "eq"](const Json& root) {
      return (At(root, path) == nullptr) == wanted;
    };
  }

  static Predicate TextComparison(const std::string& path, const std::string& op,
                                  const std::string& wanted) {
    const bool fold = IsWordPath(path);
    return Compared(op, [path, fold, wanted](const Json& root) -> Order {
      const Json* actual = At(root, path);
      if (actual == nullptr || !actual->is_string()) return std::nullopt;
      const std::string text = actual->get<std::string>();
      return fold ? ToLower(text) <=> ToLower(wanted) : text <=> wanted;
    });
  }

  // true, false, null or a number.
  static Predicate WordComparison(const std::string& path, const std::string& op,
                                  const std::string& word) {
    if (word == "null") return NullComparison(path, op);
    if (word == "true" || word == "false") {
      return Compared(op, [path, wanted = word == "true"](const Json& root) -> Order {
        const Json* actual = At(root, path);
        if (actual == nullptr || !actual->is_boolean()) return std::nullopt;
        return actual->get<bool>() <=> wanted;
      });
    }
    double number = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size())
      throw Malformed("not a value: " + word);
    return Compared(op, [path, number](const Json& root) -> Order {
      const Json* actual = At(root, path);
      if (actual == nullptr || !actual->is_number()) return std::nullopt;
      return actual->get<double>() <=> number;
    });
  }

  const Switches& switches_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::string variable_;  // of the lambda being parsed
};

class CompiledFilter final : public Filter {
 public:
  explicit CompiledFilter(Predicate predicate) : predicate_(std::move(predicate)) {}
  bool Matches(const Json& referral) const override { return predicate_(referral); }

 private:
  Predicate predicate_;
};

}  // namespace

Result<std::shared_ptr<const Filter>> ParseFilter(std::string_view text, const Switches& switches) {
  try {
    return std::shared_ptr<const Filter>(
        std::make_shared<CompiledFilter>(Parser(text, switches).Parse()));
  } catch (const Malformed& error) {
    return Error{ErrorKind::refused, std::string("$filter: ") + error.what(), "invalidRequest",
                 400};
  }
}

}  // namespace cosell::sandbox
