#include "crm/salesforce/json_text.h"

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::salesforce {
namespace {

// More digits than any number of Salesforce has; a longer exponent is no amount of money.
constexpr int kExponentMax = 40;

bool IsDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Moves the decimal point of "whole" "fraction" by `exponent` places.
std::string Shifted(std::string whole, std::string fraction, int exponent) {
  for (; exponent > 0; --exponent) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; exponent < 0; ++exponent) {
    fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
    if (!whole.empty()) whole.pop_back();
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (whole.empty()) whole = "0";
  return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xf];
    }
  }
  out += '"';
}

std::string Quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  AppendQuoted(out, text);
  return out;
}

std::string Unquoted(std::string_view json) {
  const auto value = nlohmann::json::parse(json, nullptr, false);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

std::string NormalizeNumber(std::string_view token) {
  const std::string_view text = Trim(token);
  const bool negative = text.starts_with('-');
  std::string_view digits = text.substr(negative ? 1 : 0);
  int exponent = 0;
  if (const auto e = digits.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = digits.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto [end, problem] =
        std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (problem != std::errc{} || end != power.data() + power.size()) return std::string(text);
    digits = digits.substr(0, e);
  }
  const auto point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  if (digits.empty() || !IsDigits(whole) || !IsDigits(fraction) || exponent > kExponentMax ||
      exponent < -kExponentMax) {
    return std::string(text);
  }
  const std::string number = Shifted(std::string(whole), std::string(fraction), exponent);
  return negative && number != "0" ? "-" + number : number;
}

}  // namespace cosell::salesforce
