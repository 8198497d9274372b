#include "mapping/read_record.h"

#include <simdjson.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/planted.h"
#include "base/record_id.h"
#include "base/text.h"
#include "base/time.h"
#include "mapping/deal_state.h"
#include "mapping/mark.h"
#include "mapping/normalize.h"
#include "model/digest.h"

namespace cosell {
namespace {

using simdjson::dom::element;

simdjson::dom::parser& Parser() {
  thread_local simdjson::dom::parser parser;
  return parser;
}

Result<element> ParseObject(std::string_view raw, std::string_view what) {
  element root;
  if (Parser().parse(raw.data(), raw.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return Error{ErrorKind::invalid_response, std::string(what) + " is not a JSON object"};
  }
  return root;
}

std::optional<element> Member(const element& parent, std::string_view name) {
  simdjson::dom::object object;
  if (parent.get(object) != simdjson::SUCCESS) return std::nullopt;
  element found;
  if (object.at_key(name).get(found) == simdjson::SUCCESS) return found;
  if (object.at_key_case_insensitive(name).get(found) == simdjson::SUCCESS) return found;
  return std::nullopt;
}

std::optional<element> Walk(element at, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto next = Member(at, name);
    if (!next) return std::nullopt;
    at = *next;
  }
  return at;
}

std::string_view TextOf(const std::optional<element>& value) {
  std::string_view text;
  if (!value || value->get(text) != simdjson::SUCCESS) return {};
  return text;
}

// A number or a quoted number as text.
std::string NumberText(const element& value) {
  if (value.is_string()) return std::string(TextOf(value));
  std::int64_t whole = 0;
  if (value.get(whole) == simdjson::SUCCESS) return std::to_string(whole);
  // nlohmann prints the shortest text that reads back as the same double.
  double number = 0;
  if (value.get(number) == simdjson::SUCCESS) return nlohmann::json(number).dump();
  return "";
}

Value BooleanOf(const element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return NormalizeBoolean(flag);
  return std::nullopt;
}

Value SetFromItems(const FieldRule& rule, const element& value) {
  simdjson::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return std::nullopt;
  std::vector<std::string> keys;
  for (const element item : items) keys.emplace_back(TextOf(Member(item, rule.item_key)));
  return MakeSet(std::move(keys));
}

Value ChoiceFromReferral(const FieldRule& rule, std::string_view text) {
  if (text.empty() || EqualsIgnoreCase(text, rule.none)) return std::nullopt;
  for (const auto& [value, label] : rule.values) {
    if (EqualsIgnoreCase(value, text)) return value;
  }
  return std::string(text);
}

// A label of the CRM in the referral's words; labels are compared ignoring case ("General Or
// Other").
Value ChoiceFromCrm(const FieldRule& rule, std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (const auto& [value, label] : rule.values) {
    if (EqualsIgnoreCase(label, text)) return value;
  }
  return std::string(text);
}

// For the planted bug: as a machine five hours behind would see it.
Value LocalDate(std::string_view text) {
  const auto at = ParseInstant(text);
  return CalendarDate(at ? FormatInstant(*at - std::chrono::hours{5}) : std::string(text));
}

Value ScalarValue(const FieldRule& rule, const element& value) {
  switch (rule.type) {
    case FieldType::money:
      return NormalizeDecimal(NumberText(value));
    case FieldType::boolean:
      return BooleanOf(value);
    case FieldType::date:
      if (Planted(PlantedBug::date_shifted)) return LocalDate(TextOf(value));
      return CalendarDate(TextOf(value));
    case FieldType::code:
      return NormalizeText(Trim(TextOf(value)));
    default:
      return NormalizeText(TextOf(value));
  }
}

Value FromReferralMember(const FieldRule& rule, const element& value) {
  if (value.is_null()) return std::nullopt;
  if (rule.type == FieldType::set || rule.type == FieldType::members)
    return SetFromItems(rule, value);
  if (rule.type == FieldType::choice) return ChoiceFromReferral(rule, TextOf(value));
  return ScalarValue(rule, value);
}

Value FromColumn(const FieldRule& rule, const element& value) {
  if (value.is_null()) return std::nullopt;
  if (rule.type == FieldType::choice) return ChoiceFromCrm(rule, TextOf(value));
  if (rule.type == FieldType::set) return MakeSet(SplitList(TextOf(value)));
  if (rule.marked && !Planted(PlantedBug::mark_taken_for_name))
    return NormalizeText(StripMark(TextOf(value)));
  return ScalarValue(rule, value);
}

bool Matches(const element& root, const StatusReadRule& rule) {
  for (const auto& [column, json] : rule.when) {
    const auto value = Member(root, column);
    if (!value || simdjson::minify(*value) != json) return false;
  }
  return true;
}

Value StateFromCrm(const Mapping& mapping, const element& root) {
  for (const StatusReadRule& rule : mapping.status.read) {
    if (Matches(root, rule)) return rule.is;
  }
  return std::nullopt;
}

Value FillTemplate(const Mapping& mapping, const element& root) {
  std::string text = mapping.options.referral_link_template;
  text = ReplaceAll(text, "{referral_id}", ToLower(TextOf(Member(root, "id"))));
  text = ReplaceAll(text, "{engagement_id}", ToLower(TextOf(Member(root, "engagementId"))));
  return NormalizeText(text);
}

Value CanonicalId(Value value) {
  if (value) value = CanonicalRecordId(*value);
  return value;
}

bool TargetsMicrosoft(const element& root) {
  const auto target = Member(root, "target");
  simdjson::dom::array items;
  if (!target || target->get(items) != simdjson::SUCCESS) return false;
  for (const element item : items) {
    if (EqualsIgnoreCase(TextOf(Member(item, "id")), "msft")) return true;
  }
  return false;
}

bool Matches(const element& root, const RouteRule& rule) {
  return std::all_of(rule.when.begin(), rule.when.end(), [&](const auto& condition) {
    const auto& [pointer, accepted] = condition;
    const auto member = Walk(root, Split(std::string_view(pointer).substr(1), '/'));
    return std::any_of(accepted.begin(), accepted.end(), [&](const std::string& text) {
      return EqualsIgnoreCase(text, TextOf(member));
    });
  });
}

}  // namespace

Result<Record> RecordFromReferral(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseObject(raw, "the referral");
  if (!root) return root.error();
  Record record;
  record.values.reserve(mapping.fields.size());
  for (const FieldRule& rule : mapping.fields) {
    if (rule.type == FieldType::status) {
      record.values.push_back(
          StateFromReferral(TextOf(Member(*root, "status")), TextOf(Member(*root, "substatus"))));
    } else if (!rule.template_name.empty()) {
      record.values.push_back(FillTemplate(mapping, *root));
    } else {
      const auto member = Walk(*root, rule.partner_center);
      record.values.push_back(member ? FromReferralMember(rule, *member) : std::nullopt);
    }
    if (rule.name == kFieldReferralId || rule.name == kFieldCrmId) {
      record.values.back() = CanonicalId(std::move(record.values.back()));
    }
  }
  return record;
}

Result<Record> RecordFromCrm(const Mapping& mapping, std::string_view raw, std::string_view id) {
  const auto root = ParseObject(raw, "the CRM record");
  if (!root) return root.error();
  Record record;
  record.values.reserve(mapping.fields.size());
  for (const FieldRule& rule : mapping.fields) {
    if (rule.type == FieldType::status) {
      record.values.push_back(StateFromCrm(mapping, *root));
    } else if (rule.crm == "#id") {
      record.values.push_back(CanonicalRecordId(id));
    } else {
      const auto column = Member(*root, rule.crm);
      record.values.push_back(column ? FromColumn(rule, *column) : std::nullopt);
    }
    if (rule.name == kFieldReferralId)
      record.values.back() = CanonicalId(std::move(record.values.back()));
  }
  return record;
}

Result<std::vector<FieldIndex>> FieldsHiddenInCrm(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseObject(raw, "the CRM record");
  if (!root) return root.error();
  std::vector<FieldIndex> hidden;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const std::string& column = mapping.fields[i].crm;
    const bool is_column = !column.empty() && column.front() != '#';
    const bool unread = mapping.fields[i].type == FieldType::members;
    if (unread || (is_column && !Member(*root, column))) hidden.push_back(i);
  }
  return hidden;
}

Result<ReferralFacts> FactsFromReferral(std::string_view raw) {
  const auto root = ParseObject(raw, "the referral");
  if (!root) return root.error();
  ReferralFacts facts;
  facts.state =
      StateFromReferral(TextOf(Member(*root, "status")), TextOf(Member(*root, "substatus")));
  facts.open = facts.state && !IsClosed(facts.state);
  facts.microsofts =
      EqualsIgnoreCase(TextOf(Member(*root, "organizationId")), "msft") || TargetsMicrosoft(*root);
  const auto inviter = Walk(*root, {"inviteContext", "invitedBy", "organizationId"});
  facts.from_microsoft = EqualsIgnoreCase(TextOf(inviter), "msft");
  const auto consent = Walk(*root, {"consent", "consentToToShareInfoWithOthers"});
  facts.consent_to_share = !consent || BooleanOf(*consent) != NormalizeBoolean(false);
  facts.created_at = ParseInstant(TextOf(Member(*root, "createdDateTime")));
  facts.expires_at = ParseInstant(TextOf(Member(*root, "expirationDateTime")));
  facts.external_reference_id = std::string(TextOf(Member(*root, "externalReferenceId")));
  facts.engagement_id = ToLower(TextOf(Member(*root, "engagementId")));
  return facts;
}

void TakeFromMicrosoft(const Mapping& mapping, std::string_view microsofts_raw, Record* record) {
  const auto root = ParseObject(microsofts_raw, "Microsoft's referral");
  if (!root) return;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    if (record->values[i] || !rule.pointer.starts_with("/trackingInfo/")) continue;
    const auto member = Walk(*root, rule.partner_center);
    if (member) record->values[i] = FromReferralMember(rule, *member);
  }
}

Route RouteOf(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseObject(raw, "the referral");
  if (!root) return Route::none;
  for (const RouteRule& rule : mapping.routes) {
    if (Matches(*root, rule)) return rule.as;
  }
  return Route::opportunity;
}

Result<CrmFacts> FactsFromCrm(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseObject(raw, "the CRM record");
  if (!root) return root.error();
  CrmFacts facts;
  const auto sync = Member(*root, mapping.Column("sync"));
  facts.sync = sync && BooleanOf(*sync) == NormalizeBoolean(true);
  if (Planted(PlantedBug::sync_flag_ignored)) facts.sync = true;
  if (const auto name = mapping.Find(kFieldName)) {
    facts.raw_name = std::string(TextOf(Member(*root, mapping.fields[*name].crm)));
  }
  for (const RelatedMap* people : {&mapping.owner, &mapping.contact}) {
    facts.people += std::string(TextOf(Member(*root, people->lookup))) + "|";
    if (const auto others = Member(*root, people->others); !people->others.empty() && others)
      facts.people += ContentHash(simdjson::minify(*others)) + "|";
  }
  facts.audit = std::string(TextOf(Member(*root, mapping.Column("audit"))));
  if (const std::string became = mapping.Column("became"); !became.empty())
    facts.became = CanonicalRecordId(TextOf(Member(*root, became)));
  return facts;
}

}  // namespace cosell
