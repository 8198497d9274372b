#include <cstdint>

#include "base/text.h"
#include "mapping/transform_rules.h"

namespace cosell::transforms {
namespace {

using std::uint32_t;

bool Within(uint32_t c, uint32_t first, uint32_t last) { return c >= first && c <= last; }

// Of the scripts whose small and capital letters stand at fixed distances (Unicode 15).
uint32_t Upper(uint32_t c) {
  if (Within(c, 'a', 'z') || (Within(c, 0xE0, 0xFE) && c != 0xF7)) return c - 0x20;
  if (c == 0xFF) return 0x178;
  const bool even_is_capital = Within(c, 0x100, 0x131) || Within(c, 0x132, 0x137) ||
                               Within(c, 0x14A, 0x177) || Within(c, 0x460, 0x481);
  if (even_is_capital && c != 0x131) return c & ~1U;
  if ((Within(c, 0x139, 0x148) || Within(c, 0x179, 0x17E)) && c % 2 == 0) return c - 1;
  if (Within(c, 0x3B1, 0x3C9) && c != 0x3C2) return c - 0x20;
  if (Within(c, 0x430, 0x44F)) return c - 0x20;
  if (Within(c, 0x450, 0x45F)) return c - 0x50;
  return c;
}

uint32_t Lower(uint32_t c) {
  if (Within(c, 'A', 'Z') || (Within(c, 0xC0, 0xDE) && c != 0xD7)) return c + 0x20;
  if (c == 0x178) return 0xFF;
  const bool even_is_capital = Within(c, 0x100, 0x12F) || Within(c, 0x132, 0x137) ||
                               Within(c, 0x14A, 0x177) || Within(c, 0x460, 0x481);
  if (even_is_capital) return c | 1U;
  if ((Within(c, 0x139, 0x148) || Within(c, 0x179, 0x17E)) && c % 2 == 1) return c + 1;
  if (Within(c, 0x391, 0x3A9) && c != 0x3A2) return c + 0x20;
  if (Within(c, 0x410, 0x42F)) return c + 0x20;
  if (Within(c, 0x400, 0x40F)) return c + 0x50;
  return c;
}

void AppendCharacter(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else {
    *out += static_cast<char>(0xC0 | (c >> 6));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// Characters of one and two bytes; longer ones have no case here and are copied.
std::string InCase(std::string_view text, bool upper) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool two = byte >= 0xC2 && byte < 0xE0 && i + 1 < text.size();
    if (byte >= 0x80 && !two) {
      out += text[i];
      continue;
    }
    uint32_t c = byte;
    if (two) c = ((byte & 0x1FU) << 6) | (static_cast<unsigned char>(text[++i]) & 0x3FU);
    AppendCharacter(upper ? Upper(c) : Lower(c), &out);
  }
  return out;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string WithoutRepeatedBlanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!IsBlank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

Value NotEmpty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Value Trimmed(const TrimBlanks& rule, const std::string& value) {
  std::string_view text = value;
  const bool end = rule.where != TrimBlanks::Where::start;
  if (end) text = TrimEnd(text);
  if (rule.where != TrimBlanks::Where::end) {
    while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  }
  return NotEmpty(rule.where == TrimBlanks::Where::all ? WithoutRepeatedBlanks(text)
                                                       : std::string(text));
}

std::vector<std::string> PartsOf(std::string_view text, const std::string& separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.emplace_back(Trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

}  // namespace

Value ToCrm(const TrimBlanks& rule, const std::string& value) { return Trimmed(rule, value); }
Value FromCrm(const TrimBlanks& rule, const std::string& value) { return Trimmed(rule, value); }

Value ToCrm(const LetterCase& rule, const std::string& value) { return InCase(value, rule.upper); }
Value FromCrm(const LetterCase& rule, const std::string& value) {
  return InCase(value, rule.upper);
}

Value ToCrm(const LengthLimit& rule, const std::string& value) {
  return NotEmpty(std::string(TrimEnd(TruncateUtf16(value, rule.length_max))));
}
Value FromCrm(const LengthLimit&, const std::string& value) { return value; }

Value ToCrm(const TakePart& rule, const std::string& value) {
  const auto parts = PartsOf(value, rule.separator);
  const int count = static_cast<int>(parts.size());
  const int index = rule.part > 0 ? rule.part - 1 : count + rule.part;
  if (index < 0 || index >= count) return std::nullopt;
  return NotEmpty(parts[static_cast<std::size_t>(index)]);
}
Value FromCrm(const TakePart&, const std::string& value) { return value; }

}  // namespace cosell::transforms
