#include "report/decimal.h"

#include <algorithm>
#include <utility>

namespace cosell::report {
namespace {

// The digits without their point, and how many of them stand behind it.
struct Digits {
  bool negative = false;
  std::string digits = "0";
  std::size_t decimals = 0;
};

Digits Parse(std::string_view text) {
  Digits parsed;
  if (text.empty()) return parsed;
  parsed.negative = text.front() == '-';
  if (parsed.negative) text.remove_prefix(1);
  const auto point = text.find('.');
  parsed.digits = text.substr(0, point);
  if (point != std::string_view::npos) {
    parsed.decimals = text.size() - point - 1;
    parsed.digits += text.substr(point + 1);
  }
  return parsed;
}

void Align(Digits* a, Digits* b) {
  const std::size_t decimals = std::max(a->decimals, b->decimals);
  for (Digits* each : {a, b}) {
    each->digits.append(decimals - each->decimals, '0');
    each->decimals = decimals;
  }
  const std::size_t size = std::max(a->digits.size(), b->digits.size());
  for (Digits* each : {a, b}) each->digits.insert(0, size - each->digits.size(), '0');
}

// Both of one length; `sign` -1 subtracts, and `a` must then be no less than `b`.
std::string Combine(const std::string& a, const std::string& b, int sign) {
  std::string sum(a.size(), '0');
  int carry = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    int digit = (a[i] - '0') + sign * (b[i] - '0') + carry;
    carry = digit > 9 ? 1 : digit < 0 ? -1 : 0;
    digit -= carry * 10;
    sum[i] = static_cast<char>('0' + digit);
  }
  return carry > 0 ? "1" + sum : sum;
}

std::string Print(const Digits& value) {
  const std::size_t whole_size = value.digits.size() - value.decimals;
  std::string whole = value.digits.substr(0, whole_size);
  std::string fraction = value.digits.substr(whole_size);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const bool zero = whole == "0" && fraction.empty();
  return (value.negative && !zero ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace

std::string AddDecimals(std::string_view a, std::string_view b) {
  Digits left = Parse(a);
  Digits right = Parse(b);
  Align(&left, &right);
  if (left.negative != right.negative && left.digits < right.digits) std::swap(left, right);
  Digits sum = left;
  sum.digits = Combine(left.digits, right.digits, left.negative == right.negative ? 1 : -1);
  return Print(sum);
}

}  // namespace cosell::report
