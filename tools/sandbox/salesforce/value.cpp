#include "tools/sandbox/salesforce/value.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace cosell::sandbox::salesforce {
namespace {

// "+0000" at the end becomes "+00:00".
std::string WithColon(std::string_view text) {
  std::string out(text);
  const auto sign = out.find_last_of("+-");
  if (sign != std::string::npos && sign > 10 && out.size() - sign == 5) {
    out.insert(sign + 3, ":");
  }
  return out;
}

unsigned FoldTwoByte(unsigned code) {
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 0x20;  // Latin-1
  if (code >= 0x100 && code <= 0x137) return code | 1U;                  // Latin Extended-A
  if (code >= 0x391 && code <= 0x3A9) return code + 0x20;                // Greek
  if (code >= 0x410 && code <= 0x42F) return code + 0x20;                // Cyrillic
  return code;
}

}  // namespace

std::string StampText(Instant at) {
  std::string text = FormatSeconds(at);
  text.pop_back();
  return text + ".000+0000";
}

Instant ParseStamp(std::string_view stamp) { return *ParseInstant(WithColon(stamp)); }

std::optional<Instant> ParseDatetime(std::string_view text, bool lenient) {
  const auto time = text.find('T');
  if (time == std::string_view::npos) return std::nullopt;
  const auto zone = text.find_first_of("Z+-", time);
  if (zone == std::string_view::npos) return std::nullopt;
  const bool fraction = text.find('.') != std::string_view::npos;
  const bool no_colon = text[zone] != 'Z' && text.size() - zone == 5;
  if (!lenient && (fraction || no_colon)) return std::nullopt;
  return ParseInstant(WithColon(text));
}

bool IsDate(std::string_view text) {
  return text.size() == 10 && ParseInstant(std::string(text) + "T00:00:00Z").has_value();
}

Json ToJson(const Field& field, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) {
    if (field.type == FieldType::integer) return static_cast<std::int64_t>(*number);
    return *number;
  }
  return field.type == FieldType::boolean ? Json(false) : Json(nullptr);
}

std::optional<std::string> PlainText(const Field& field, const Value& value) {
  const Json json = ToJson(field, value);
  if (json.is_null()) return std::nullopt;
  return json.is_string() ? json.get<std::string>() : json.dump();
}

Value FromPlainText(const Field& field, const std::string& text) {
  if (field.type == FieldType::boolean) return text == "true";
  if (!IsNumber(field.type)) return text;
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument(field.name + ": '" + text + "' is no number");
  }
  return RoundTo(number, field.scale);
}

std::string FoldCase(std::string_view text) {
  std::string out = ToLower(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0xC3 || lead > 0xD0) continue;
    const auto next = static_cast<unsigned char>(out[i + 1]);
    const unsigned folded = FoldTwoByte(((lead & 0x1FU) << 6) | (next & 0x3FU));
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
  const bool escaped = pattern.front() == '\\' && pattern.size() > 1;
  if (text.empty()) return false;
  if (!escaped && pattern.front() == '_') return MatchesLike(text.substr(1), pattern.substr(1));
  const std::size_t taken = escaped ? 1 : 0;
  return text.front() == pattern[taken] && MatchesLike(text.substr(1), pattern.substr(taken + 1));
}

double RoundTo(double number, int decimals) {
  const double factor = std::pow(10.0, decimals);
  return std::round(number * factor) / factor;
}

}  // namespace cosell::sandbox::salesforce
