#include "mapping/field_value.h"

#include "base/text.h"
#include "base/time.h"
#include "mapping/normalize.h"

namespace cosell {
namespace {

// A label of the CRM in the referral's words; labels are compared ignoring case ("General Or
// Other").
std::string WordOf(const FieldRule& rule, std::string_view label) {
  for (const auto& [word, own] : rule.values) {
    if (EqualsIgnoreCase(own, label)) return word;
  }
  return std::string(label);
}

Value Canonical(const FieldRule& rule, std::string_view text) {
  switch (rule.type) {
    case FieldType::money:
      return NormalizeDecimal(text);
    case FieldType::boolean:
      if (text.empty()) return std::nullopt;
      return NormalizeBoolean(EqualsIgnoreCase(text, "true"));
    case FieldType::date:
      return CalendarDate(text);
    case FieldType::code:
      return NormalizeText(Trim(text));
    case FieldType::choice:
      if (text.empty()) return std::nullopt;
      return WordOf(rule, text);
    default:
      return NormalizeText(text);
  }
}

}  // namespace

Value ToColumnText(const FieldRule& rule, const Value& value) {
  Value text = value;
  if (rule.type == FieldType::boolean) text = value.value_or("false");
  if (text && rule.type == FieldType::choice) {
    const auto label = rule.values.find(*text);
    if (label != rule.values.end()) text = label->second;
  }
  text = ToCrm(rule.transforms, std::move(text));
  if (text && rule.length_max > 0) text = std::string(TruncateUtf16(*text, rule.length_max));
  return text;
}

Value FromColumnText(const FieldRule& rule, std::string_view text) {
  if (rule.transforms.empty()) return Canonical(rule, text);
  if (text.empty()) return std::nullopt;
  const Value back = FromCrm(rule.transforms, std::string(text));
  return back ? Canonical(rule, *back) : std::nullopt;
}

Value ThroughCrm(const FieldRule& rule, const Value& value) {
  const Value there = ToColumnText(rule, value);
  return there ? FromColumnText(rule, *there) : std::nullopt;
}

}  // namespace cosell
