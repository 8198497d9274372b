#include "platform/redact.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::platform {
namespace {

constexpr std::size_t kOpaqueMin = 80;
constexpr std::size_t kWebTokenMin = 20;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Bytes above ASCII count as letters: an e-mail address may have them.
bool IsWordChar(char c) {
  return IsLetterOrDigit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("-_.~+=@%!#$&*?^`{|}").find(c) != std::string_view::npos;
}

bool LooksLikeEmail(std::string_view word) {
  const auto at = word.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  const auto dot = word.find('.', at + 1);
  return dot != std::string_view::npos && dot > at + 1 && dot + 1 < word.size();
}

bool LooksLikeWebToken(std::string_view word) {
  return word.size() >= kWebTokenMin && word.find("eyJ") != std::string_view::npos &&
         std::count(word.begin(), word.end(), '.') >= 2;
}

bool IsOpaqueChar(char c) {
  return IsLetterOrDigit(c) || std::string_view("-_.~+=").find(c) != std::string_view::npos;
}

// Whether the word has a long run that no person would write. Hashes and ids are hexadecimal.
bool LooksOpaque(std::string_view word) {
  for (auto from = word.begin(); from != word.end(); ++from) {
    const auto end = std::find_if_not(from, word.end(), IsOpaqueChar);
    const auto length = static_cast<std::size_t>(end - from);
    if (length >= kOpaqueMin && !std::all_of(from, end, IsHexDigit)) return true;
    if (end == word.end()) return false;
    from = end;
  }
  return false;
}

std::string_view MaskFor(std::string_view word, bool after_scheme) {
  if (after_scheme || LooksLikeWebToken(word)) return "[token]";
  if (LooksLikeEmail(word)) return "[e-mail]";
  if (LooksOpaque(word)) return "[token]";
  return word;
}

// What a word that stands behind "Bearer" or "Basic" must have to be one: prose goes on in letters.
bool IsCredential(std::string_view word) {
  return word.size() >= kWebTokenMin || std::any_of(word.begin(), word.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == '=';
         });
}

}  // namespace

std::string Redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::string_view previous;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsWordChar(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    const std::string_view word = text.substr(at, end - at);
    const bool scheme = EqualsIgnoreCase(previous, "bearer") || EqualsIgnoreCase(previous, "basic");
    out += MaskFor(word, scheme && IsCredential(word));
    previous = word;
    at = end;
  }
  return out;
}

}  // namespace cosell::platform
