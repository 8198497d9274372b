#include "tools/sandbox/salesforce/soql_lexer.h"

#include <cctype>

#include "tools/sandbox/salesforce/error.h"

namespace cosell::sandbox::salesforce {
namespace {

constexpr std::size_t kLiteralMax = 4000;  // 6.4

bool IsWordStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c) || c == '.'; }

void AppendUtf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | (code >> 12));
    out += static_cast<char>(0x80U | ((code >> 6) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view query) : query_(query) {}

  std::vector<Token> Run() {
    for (;;) {
      while (at_ < query_.size() && std::isspace(static_cast<unsigned char>(query_[at_]))) ++at_;
      if (at_ == query_.size()) break;
      Next();
    }
    tokens_.push_back({TokenKind::end, "<EOF>", at_});
    return std::move(tokens_);
  }

 private:
  void Next() {
    const char c = query_[at_];
    if (c == '\'') return String();
    if (IsWordStart(c)) return Word();
    const bool sign = c == '-' || c == '+';
    if (IsDigit(c) || (sign && at_ + 1 < query_.size() && IsDigit(query_[at_ + 1]))) {
      return Number();
    }
    Symbol();
  }

  void Word() {
    const std::size_t begin = at_;
    while (at_ < query_.size() && IsWordPart(query_[at_])) ++at_;
    Add(TokenKind::word, std::string(query_.substr(begin, at_ - begin)), begin);
  }

  // Numbers, dates and datetimes begin alike.
  void Number() {
    const std::size_t begin = at_++;
    while (at_ < query_.size() &&
           (IsDigit(query_[at_]) ||
            std::string_view(".:TZ+-").find(query_[at_]) != std::string_view::npos)) {
      ++at_;
    }
    std::string text(query_.substr(begin, at_ - begin));
    const bool date = text.find('-', 1) != std::string::npos || text.find(':') != std::string::npos;
    const bool time = text.find('T') != std::string::npos;
    Add(time   ? TokenKind::datetime
        : date ? TokenKind::date
               : TokenKind::number,
        std::move(text), begin);
  }

  void String() {
    const std::size_t begin = at_++;
    std::string text;
    while (at_ < query_.size() && query_[at_] != '\'') {
      if (query_[at_] == '\\') {
        Escape(text);
      } else {
        text += query_[at_++];
      }
    }
    if (at_ == query_.size()) ThrowMalformed("Missing closing quote of a string literal");
    ++at_;
    if (text.size() > kLiteralMax) ThrowMalformed("A string literal is too long");
    Add(TokenKind::string, std::move(text), begin);
  }

  void Escape(std::string& text) {
    const char c = at_ + 1 < query_.size() ? query_[at_ + 1] : '\0';
    at_ += 2;
    constexpr std::string_view kNames = "nrtbf";
    constexpr std::string_view kCharacters = "\n\r\t\b\f";
    if (const auto known = kNames.find(c); c != '\0' && known != std::string_view::npos) {
      text += kCharacters[known];
    } else if (c == '\\' || c == '\'' || c == '"') {
      text += c;
    } else if (c == '%' || c == '_') {
      text += '\\';
      text += c;
    } else if (c == 'u') {
      Unicode(text);
    } else {
      ThrowMalformed("Illegal string literal: Invalid escape sequence '\\" + std::string(1, c) +
                     "'");
    }
  }

  void Unicode(std::string& text) {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < query_.size() ? query_[at_] : '\0';
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
        ThrowMalformed("Illegal string literal: Invalid unicode escape");
      }
      const unsigned digit = IsDigit(c) ? static_cast<unsigned>(c - '0')
                                        : (static_cast<unsigned>(c) & 0xDFU) - 'A' + 10U;
      code = code * 16 + digit;
    }
    AppendUtf8(text, code);
  }

  void Symbol() {
    const std::size_t begin = at_;
    const std::string_view two = query_.substr(at_, 2);
    if (two == "!=" || two == "<>" || two == "<=" || two == ">=") {
      at_ += 2;
      return Add(TokenKind::symbol, std::string(two), begin);
    }
    if (std::string_view("()=,<>:").find(query_[at_]) == std::string_view::npos) {
      ThrowMalformed("line 1:" + std::to_string(at_) + " no viable alternative at character '" +
                     std::string(1, query_[at_]) + "'");
    }
    Add(TokenKind::symbol, std::string(1, query_[at_++]), begin);
  }

  void Add(TokenKind kind, std::string text, std::size_t begin) {
    tokens_.push_back({kind, std::move(text), begin});
  }

  std::string_view query_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(std::string_view query) { return Lexer(query).Run(); }

void ThrowMalformed(const std::string& message) {
  throw ServiceError(400, "MALFORMED_QUERY", message);
}

}  // namespace cosell::sandbox::salesforce
