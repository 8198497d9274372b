#include "tools/sandbox/dataverse/odata_lexer.h"

#include "base/guid.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/value.h"

namespace cosell::sandbox::dataverse {
namespace {

constexpr std::string_view kSymbols = "(),=[]";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool EndsWord(char c) { return IsBlank(c) || kSymbols.find(c) != std::string_view::npos; }

bool IsName(std::string_view text) {
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool other = (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '$';
    if (!letter && !other) return false;
  }
  const char first = text.front();
  return first < '0' || first > '9';
}

Token ReadWord(std::string_view word) {
  const std::string text(word);
  if (text == "true" || text == "false") return {TokenKind::boolean, text};
  if (text == "null") return {TokenKind::null, text};
  if (const auto guid = NormalizeGuid(word)) return {TokenKind::guid, *guid};
  if (ParseDecimal(word, kMoneyScale)) return {TokenKind::number, text};
  if (word.size() == 10 && CalendarDate(word) == text) return {TokenKind::date, text};
  if (word.size() > 10 && word[10] == 'T' && ParseInstant(word)) {
    return {TokenKind::date_time, text};
  }
  if (IsName(word)) return {TokenKind::name, text};
  ThrowBadQuery("Unrecognized literal '" + text + "' in $filter.");
}

// The literal that starts at `at`, which moves behind it.
Token ReadText(std::string_view expression, std::size_t& at) {
  std::string text;
  for (++at; at < expression.size(); ++at) {
    if (expression[at] != '\'') {
      text += expression[at];
    } else if (at + 1 < expression.size() && expression[at + 1] == '\'') {
      text += expression[at++];
    } else {
      ++at;
      return {TokenKind::text, text};
    }
  }
  ThrowBadQuery("There is an unterminated string literal in $filter.");
}

}  // namespace

std::vector<Token> Tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < expression.size()) {
    const char c = expression[at];
    if (IsBlank(c)) {
      ++at;
    } else if (c == '\'') {
      tokens.push_back(ReadText(expression, at));
    } else if (kSymbols.find(c) != std::string_view::npos) {
      tokens.push_back({TokenKind::symbol, std::string(1, c)});
      ++at;
    } else {
      const std::size_t start = at;
      while (at < expression.size() && !EndsWord(expression[at])) ++at;
      tokens.push_back(ReadWord(expression.substr(start, at - start)));
    }
  }
  tokens.push_back({TokenKind::end, ""});
  return tokens;
}

}  // namespace cosell::sandbox::dataverse
