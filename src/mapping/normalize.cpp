#include "mapping/normalize.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "mapping/deal_state.h"
#include "mapping/field_value.h"
#include "mapping/mark.h"

namespace cosell {
namespace {

// The parts of a number text: sign, digits without the point, and where the point stands in them.
struct Digits {
  bool negative = false;
  std::string digits;
  int point = 0;
};

bool TakeDigits(std::string_view* rest, std::string* out) {
  const auto before = out->size();
  while (!rest->empty() && rest->front() >= '0' && rest->front() <= '9') {
    *out += rest->front();
    rest->remove_prefix(1);
  }
  return out->size() > before;
}

bool TakeExponent(std::string_view* rest, int* exponent) {
  if (rest->empty() || (rest->front() != 'e' && rest->front() != 'E')) return true;
  rest->remove_prefix(1);
  const bool negative = !rest->empty() && rest->front() == '-';
  if (!rest->empty() && (rest->front() == '-' || rest->front() == '+')) rest->remove_prefix(1);
  std::string digits;
  if (!TakeDigits(rest, &digits) || digits.size() > 3) return false;
  *exponent = std::atoi(digits.c_str()) * (negative ? -1 : 1);
  return true;
}

std::optional<Digits> ParseDigits(std::string_view text) {
  Digits out;
  std::string_view rest = Trim(text);
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    out.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  bool any = TakeDigits(&rest, &out.digits);
  out.point = static_cast<int>(out.digits.size());
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    any = TakeDigits(&rest, &out.digits) || any;
  }
  int exponent = 0;
  if (!any || !TakeExponent(&rest, &exponent) || !rest.empty()) return std::nullopt;
  out.point += exponent;
  return out;
}

std::string PrintDigits(Digits d) {
  if (d.point <= 0) {
    d.digits.insert(0, static_cast<std::size_t>(1 - d.point), '0');
    d.point = 1;
  }
  if (static_cast<int>(d.digits.size()) < d.point) {
    d.digits.append(static_cast<std::size_t>(d.point) - d.digits.size(), '0');
  }
  std::string whole = d.digits.substr(0, static_cast<std::size_t>(d.point));
  std::string fraction = d.digits.substr(static_cast<std::size_t>(d.point));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const bool zero = whole == "0" && fraction.empty();
  std::string out = d.negative && !zero ? "-" : "";
  return out + whole + (fraction.empty() ? "" : "." + fraction);
}

int Decimals(std::string_view decimal) {
  const auto point = decimal.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(decimal.size() - point - 1);
}

// A field does not know its currency; two decimals are what nearly all of them have. A missing
// decimal is a zero and no sign of rounding: canonical texts have none left to tell.
constexpr int kCurrencyDigits = 2;

bool MoneyAgrees(const std::string& a, const std::string& b) {
  return RoundDecimal(a, kCurrencyDigits) == RoundDecimal(b, kCurrencyDigits);
}

bool IsRoundingOf(const std::string& fine, const std::string& coarse) {
  return RoundDecimal(fine, Decimals(coarse)) == coarse;
}

// The text as it fits into the column: cut by us, the blanks at the cut dropped by the CRM. A mark
// takes its own room.
bool TextAgrees(const FieldRule& rule, const std::string& full, const std::string& cut) {
  const auto fits = [&](std::size_t units) { return TrimEnd(TruncateUtf16(full, units)) == cut; };
  const std::size_t mark = Utf16Length(kCheckMark) + 1;
  if (rule.length_max == 0) return false;
  return fits(rule.length_max) || (rule.marked && fits(rule.length_max - mark));
}

// A CRM may count otherwise than we do (line ends as two), and then cuts a little earlier.
constexpr std::size_t kCutSlack = 64;

bool IsCutOf(const FieldRule& rule, const std::string& full, const std::string& cut) {
  return rule.length_max > 0 && Utf16Length(full) > rule.length_max &&
         Utf16Length(cut) + kCutSlack >= rule.length_max && full.starts_with(cut);
}

}  // namespace

Value NormalizeText(std::string_view text) {
  std::string unified = ReplaceAll(std::string(text), "\r\n", "\n");
  std::replace(unified.begin(), unified.end(), '\r', '\n');
  const std::string_view trimmed = TrimEnd(unified);
  if (trimmed.empty()) return std::nullopt;
  return std::string(trimmed);
}

Value NormalizeDecimal(std::string_view text) {
  const auto digits = ParseDigits(text);
  if (!digits) return std::nullopt;
  return PrintDigits(*digits);
}

Value NormalizeBoolean(bool value) { return value ? "true" : "false"; }

std::string RoundDecimal(std::string_view decimal, int digits) {
  auto parsed = ParseDigits(decimal);
  if (!parsed) return std::string(decimal);
  const int keep = parsed->point + digits;
  if (keep >= static_cast<int>(parsed->digits.size())) return PrintDigits(*parsed);
  if (keep < 0) return "0";
  const bool up = parsed->digits[static_cast<std::size_t>(keep)] >= '5';
  parsed->digits.resize(static_cast<std::size_t>(keep));
  if (up) {
    int at = keep - 1;
    while (at >= 0 && parsed->digits[static_cast<std::size_t>(at)] == '9') {
      parsed->digits[static_cast<std::size_t>(at--)] = '0';
    }
    if (at >= 0) {
      ++parsed->digits[static_cast<std::size_t>(at)];
    } else {
      parsed->digits.insert(0, "1");
      ++parsed->point;
    }
  }
  if (parsed->digits.empty()) parsed->digits = "0", parsed->point = 1;
  return PrintDigits(*parsed);
}

namespace {

bool IsPartOf(const Value& part, const Value& whole) {
  const auto members = SetMembers(whole);
  const auto wanted = SetMembers(part);
  return std::includes(members.begin(), members.end(), wanted.begin(), wanted.end());
}

}  // namespace

bool Agree(const FieldRule& rule, const Value& partner_center, const Value& crm) {
  if (rule.type == FieldType::status) return SameState(partner_center, crm);
  if (rule.type == FieldType::boolean) {
    return partner_center.value_or("false") == crm.value_or("false");
  }
  if (partner_center == crm) return true;
  if (rule.type == FieldType::members) return IsPartOf(crm, partner_center);
  if (!rule.transforms.empty() && ThroughCrm(rule, partner_center) == crm) return true;
  if (!partner_center || !crm) return false;
  if (rule.type == FieldType::money) return MoneyAgrees(*partner_center, *crm);
  if (rule.type == FieldType::text) return TextAgrees(rule, *partner_center, *crm);
  return false;
}

bool MayBeKeptAs(const FieldRule& rule, const Value& partner_center, const Value& crm) {
  if (!partner_center || !crm) return false;
  if (rule.type == FieldType::text) return IsCutOf(rule, *partner_center, *crm);
  if (rule.type != FieldType::money) return false;
  return IsRoundingOf(*partner_center, *crm) || IsRoundingOf(*crm, *partner_center);
}

bool IsEffectOf(const FieldRule& rule, const Value& partner_center, const Value& crm) {
  return Agree(rule, partner_center, crm) || MayBeKeptAs(rule, partner_center, crm);
}

std::vector<std::string> SetMembers(const Value& value) {
  if (!value || value->empty()) return {};
  return Split(*value, '\n');
}

Value MakeSet(std::vector<std::string> members) {
  for (auto& member : members) member = ToLower(Trim(member));
  std::erase(members, "");
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  if (members.empty()) return std::nullopt;
  return Join(members, "\n");
}

}  // namespace cosell
