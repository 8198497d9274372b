#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// SOQL cut into tokens (contract salesforce.md 6.3).
namespace cosell::sandbox::salesforce {

enum class TokenKind { word, string, number, date, datetime, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;    // of a string: without quotes, escapes undone but for "\\%" and "\\_"
  std::size_t at = 0;  // where it begins
};

// Throws MALFORMED_QUERY for a broken literal or a character SOQL does not know. Words keep their
// case; "Account.Name" is one word. Ends with a token of kind `end`.
std::vector<Token> Tokenize(std::string_view query);

[[noreturn]] void ThrowMalformed(const std::string& message);

}  // namespace cosell::sandbox::salesforce
