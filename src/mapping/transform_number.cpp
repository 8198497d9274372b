#include <algorithm>
#include <cstdint>

#include "mapping/normalize.h"
#include "mapping/transform_rules.h"

namespace cosell {
namespace {

// A decimal as a whole number (least significant digit first) and how many of its digits stand
// behind the point.
struct Whole {
  bool negative = false;
  std::vector<int> digits;
  std::size_t decimals = 0;
};

Whole ToWhole(const std::string& decimal) {
  Whole out;
  bool behind = false;
  for (const char c : decimal) {
    if (c == '-') out.negative = true;
    if (c == '.') behind = true;
    if (c < '0' || c > '9') continue;
    out.digits.push_back(c - '0');
    if (behind) ++out.decimals;
  }
  std::reverse(out.digits.begin(), out.digits.end());
  return out;
}

std::string ToText(bool negative, std::vector<int> digits, std::size_t decimals) {
  while (digits.size() <= decimals) digits.push_back(0);
  std::string text = negative ? "-" : "";
  for (std::size_t i = digits.size(); i-- > 0;) {
    text += static_cast<char>('0' + digits[i]);
    if (i == decimals && i > 0) text += '.';
  }
  return NormalizeDecimal(text).value();
}

bool Less(const std::vector<int>& a, const std::vector<int>& b) {
  const std::size_t size = std::max(a.size(), b.size());
  for (std::size_t i = size; i-- > 0;) {
    const int left = i < a.size() ? a[i] : 0;
    const int right = i < b.size() ? b[i] : 0;
    if (left != right) return left < right;
  }
  return false;
}

void Subtract(std::vector<int>* a, const std::vector<int>& b) {
  int borrow = 0;
  for (std::size_t i = 0; i < a->size(); ++i) {
    int digit = (*a)[i] - borrow - (i < b.size() ? b[i] : 0);
    borrow = digit < 0 ? 1 : 0;
    (*a)[i] = digit < 0 ? digit + 10 : digit;
  }
}

// Long division; the remainder is dropped.
std::vector<int> Quotient(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> quotient(a.size(), 0);
  std::vector<int> rest;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest.insert(rest.begin(), a[i]);
    while (!Less(rest, b)) {
      Subtract(&rest, b);
      ++quotient[i];
    }
  }
  return quotient;
}

}  // namespace

std::string MultiplyDecimals(const std::string& a, const std::string& b) {
  const Whole left = ToWhole(a);
  const Whole right = ToWhole(b);
  std::vector<int> product(left.digits.size() + right.digits.size() + 1, 0);
  for (std::size_t i = 0; i < left.digits.size(); ++i) {
    for (std::size_t j = 0; j < right.digits.size(); ++j) {
      int carry = left.digits[i] * right.digits[j];
      for (std::size_t k = i + j; carry > 0; ++k) {
        carry += product[k];
        product[k] = carry % 10;
        carry /= 10;
      }
    }
  }
  return ToText(left.negative != right.negative, product, left.decimals + right.decimals);
}

// One digit more than is kept decides about the rounding: a remainder behind it never turns a half
// into less.
std::string DivideDecimals(const std::string& a, const std::string& b, int decimals) {
  Whole left = ToWhole(a);
  Whole right = ToWhole(b);
  const std::size_t kept = static_cast<std::size_t>(decimals) + 1;
  std::size_t shift = right.decimals + kept;
  if (left.decimals > shift) {
    right.digits.insert(right.digits.begin(), left.decimals - shift, 0);
    shift = left.decimals;
  }
  left.digits.insert(left.digits.begin(), shift - left.decimals, 0);
  const auto quotient = Quotient(left.digits, right.digits);
  return RoundDecimal(ToText(left.negative != right.negative, quotient, kept), decimals);
}

namespace transforms {

Value ToCrm(const UnitFactor& rule, const std::string& value) {
  const Value number = NormalizeDecimal(value);
  if (!number) return std::nullopt;
  return DivideDecimals(*number, rule.factor, rule.decimals);
}

Value FromCrm(const UnitFactor& rule, const std::string& value) {
  const Value number = NormalizeDecimal(value);
  if (!number) return std::nullopt;
  return MultiplyDecimals(*number, rule.factor);
}

}  // namespace transforms
}  // namespace cosell
