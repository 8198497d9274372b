#include "crm/rest/values.h"

#include <algorithm>

#include "base/text.h"
#include "crm/rest/stamps.h"

namespace cosell::rest {
namespace {

constexpr std::string_view kSeparator = "; ";

bool IsNumeric(const std::string& type) { return type == "money" || type == "number"; }

Error WillNotDo(const Attribute& attribute, const std::string& why) {
  return Refusal("Attribute " + attribute.name + " " + why);
}

// --- reading

std::string FlatText(const Json& member) {
  if (member.is_string() && member.get_ref<const std::string&>().empty()) return "null";
  return PrintExact(member);
}

std::string FlatNumber(const Json& member) {
  if (!member.is_string()) return PrintExact(member);
  const std::string text(Trim(member.get_ref<const std::string&>()));
  if (text.empty()) return "null";
  return IsNumberText(text) ? text : Json(text).dump();
}

std::string FlatChoice(const Attribute& attribute, const Json& member) {
  const std::string value = PrintExact(member);
  for (const auto& [label, known] : attribute.choices) {
    if (known == value) return attribute.type == "boolean" ? label : Json(label).dump();
  }
  return FlatText(member);
}

std::string FlatStamp(const Attribute& attribute, const Json& member) {
  const auto at = ReadInstant(&member, attribute.format);
  if (!at) return FlatText(member);
  return Json(attribute.type == "date" ? FormatSeconds(*at).substr(0, 10) : FormatInstant(*at))
      .dump();
}

std::string FlatList(const Json& member) {
  if (!member.is_array()) return FlatText(member);
  std::vector<std::string> texts;
  for (const Json& each : member) {
    texts.push_back(each.is_string() ? each.get<std::string>() : PrintExact(each));
  }
  return texts.empty() ? "null" : Json(Join(texts, kSeparator)).dump();
}

// --- writing

Result<Json> TextMember(const Attribute& attribute, const std::string& text) {
  const auto length = attribute.length_max;
  if (length && Utf16Length(text) > *length) {
    return WillNotDo(attribute, "takes at most " + std::to_string(*length) +
                                    " characters: shorten the text, or give the mapping's field a "
                                    "length_max");
  }
  return text.empty() ? Json(nullptr) : Json(text);
}

Result<Json> NumberMember(const Attribute& attribute, const std::string& text) {
  if (!IsNumberText(text)) return WillNotDo(attribute, "takes a number");
  return attribute.as == Attribute::As::text ? Json(text) : ExactNumber(text);
}

Result<Json> ChoiceMember(const Attribute& attribute, const std::string& text) {
  for (const auto& [label, value] : attribute.choices) {
    if (EqualsIgnoreCase(label, text)) return *ParseExact(value);
  }
  return WillNotDo(attribute, "has no choice \"" + text +
                                  "\": add it to the description file, or correct the mapping");
}

Result<Json> DateMember(const Attribute& attribute, const std::string& text) {
  const bool date = attribute.type == "date";
  const auto day = CalendarDate(text);
  const auto at = date && day ? ParseInstant(*day + "T00:00:00Z") : ParseInstant(text);
  if (!at) {
    return WillNotDo(attribute, date ? "takes a date such as 2026-09-30"
                                     : "takes an instant such as 2026-09-30T12:00:00Z");
  }
  return StampMemberOf(*at, attribute.format);
}

Result<Json> CurrencyMember(const Attribute& attribute, const std::string& code,
                            const std::vector<std::string>& known) {
  if (!known.empty() && std::find(known.begin(), known.end(), code) == known.end()) {
    return WillNotDo(attribute, "takes one of " + Join(known, ", ") + ", not " + code);
  }
  return Json(code);
}

Json ListMember(const std::string& text) {
  Json items = Json::array();
  for (const std::string& each : Split(ReplaceAll(text, kSeparator, ";"), ';')) {
    if (const auto item = Trim(each); !item.empty()) items.push_back(std::string(item));
  }
  return items;
}

}  // namespace

std::string FlatOf(const Attribute& attribute, const Json* member) {
  if (member == nullptr || member->is_null()) return "null";
  if (!attribute.choices.empty()) return FlatChoice(attribute, *member);
  if (attribute.type == "list") return FlatList(*member);
  if (IsNumeric(attribute.type)) return FlatNumber(*member);
  if (attribute.type == "date" || attribute.type == "datetime") {
    return FlatStamp(attribute, *member);
  }
  if (attribute.type == "lookup" && !member->is_string()) return Json(PrintExact(*member)).dump();
  return FlatText(*member);
}

Result<Json> MemberOf(const Attribute& attribute, const std::string& flat,
                      const std::vector<std::string>& currencies) {
  const auto value = ParseExact(flat);
  if (!value) return WillNotDo(attribute, "was given a text that is no JSON");
  const std::string& type = attribute.type;
  if (type == "list") return ListMember(TextOf(flat));
  if (value->is_null()) return Json(nullptr);
  if (type == "boolean" && !value->is_boolean()) {
    return WillNotDo(attribute, "takes true or false");
  }
  const std::string text = TextOf(flat);
  if (!attribute.choices.empty()) return ChoiceMember(attribute, text);
  if (type == "boolean") return *value;
  if (IsNumeric(type)) return NumberMember(attribute, text);
  if (type == "date" || type == "datetime") return DateMember(attribute, text);
  if (type == "currency") return CurrencyMember(attribute, text, currencies);
  if (type == "lookup" && attribute.as == Attribute::As::number) {
    return NumberMember(attribute, text);
  }
  return TextMember(attribute, text);
}

Result<std::vector<Setting>> SettingsOf(const Attributes& attributes,
                                        const std::vector<cosell::Attribute>& written, bool create,
                                        const std::vector<std::string>& currencies) {
  std::vector<Setting> settings;
  for (const cosell::Attribute& each : written) {
    const auto known = attributes.find(each.name);
    if (known == attributes.end()) {
      return Refusal("Attribute " + each.name +
                     " is not described: add it to the description file, or take it out of the "
                     "mapping");
    }
    const Attribute& attribute = known->second;
    if (!(create ? attribute.creatable : attribute.updatable)) {
      return WillNotDo(attribute, "may not be written: map it to_partner_center only");
    }
    auto member = MemberOf(attribute, each.json, currencies);
    if (!member) return member.error();
    settings.push_back({&attribute, *std::move(member)});
  }
  return settings;
}

std::string TextOf(const std::string& flat) {
  const auto value = ParseExact(flat);
  if (!value || value->is_null()) return "";
  return value->is_string() ? value->get<std::string>() : PrintExact(*value);
}

Error Refusal(std::string message) {
  Error error;
  error.kind = ErrorKind::refused;
  error.message = std::move(message);
  return error;
}

}  // namespace cosell::rest
