#pragma once

#include <string>
#include <string_view>
#include <vector>

// Splits a $filter expression into tokens (contract section 4.1).
namespace cosell::sandbox::dataverse {

enum class TokenKind { name, text, number, boolean, null, guid, date, date_time, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // of a text literal: unquoted; of a name: with dots and slashes
};

// Ends with one token of kind `end`. Throws ServiceError on a character or literal it cannot read.
std::vector<Token> Tokenize(std::string_view expression);

}  // namespace cosell::sandbox::dataverse
