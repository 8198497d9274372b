#include "tools/sandbox/dataverse/value.h"

#include <charconv>
#include <limits>

namespace cosell::sandbox::dataverse {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::int64_t PowerOfTen(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

struct Digits {
  std::string text;  // without point
  int point = 0;     // decimals in `text`
};

std::optional<Digits> ReadDigits(std::string_view text) {
  Digits digits;
  std::size_t at = 0;
  bool fraction = false;
  for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !fraction)); ++at) {
    if (text[at] == '.') {
      fraction = true;
    } else {
      digits.text += text[at];
      if (fraction) ++digits.point;
    }
  }
  if (digits.text.empty()) return std::nullopt;
  if (at == text.size()) return digits;
  if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
  if (++at < text.size() && text[at] == '+') ++at;
  int exponent = 0;
  const auto [end, problem] =
      std::from_chars(text.data() + at, text.data() + text.size(), exponent);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (exponent < -100 || exponent > 100) return std::nullopt;
  digits.point -= exponent;
  return digits;
}

}  // namespace

std::optional<std::int64_t> ParseDecimal(std::string_view text, int scale) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  auto digits = ReadDigits(text);
  if (!digits) return std::nullopt;
  bool round_up = false;
  while (digits->point > scale && !digits->text.empty()) {
    round_up = digits->text.back() >= '5';
    digits->text.pop_back();
    --digits->point;
  }
  if (digits->point > scale) return 0;
  digits->text.append(static_cast<std::size_t>(scale - digits->point), '0');
  std::int64_t units = 0;
  for (const char c : digits->text) {
    if (units > (std::numeric_limits<std::int64_t>::max() - 10) / 10) return std::nullopt;
    units = units * 10 + (c - '0');
  }
  units += round_up ? 1 : 0;
  return negative ? -units : units;
}

std::int64_t RoundDecimal(std::int64_t units, int scale, int digits) {
  const std::int64_t step = PowerOfTen(scale - digits);
  const std::int64_t rest = units % step;
  const std::int64_t down = units - rest;
  if (2 * rest >= step) return down + step;
  if (2 * rest <= -step) return down - step;
  return down;
}

std::string DecimalText(std::int64_t units, int scale) {
  std::string digits = std::to_string(units < 0 ? -units : units);
  const auto decimals = static_cast<std::size_t>(scale);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - decimals, ".");
  return units < 0 ? "-" + digits : digits;
}

double ToDouble(std::int64_t units, int scale) {
  return static_cast<double>(units) / static_cast<double>(PowerOfTen(scale));
}

}  // namespace cosell::sandbox::dataverse
