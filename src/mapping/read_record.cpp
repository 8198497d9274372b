#include "mapping/read_record.h"

#include <algorithm>

#include "base/planted.h"
#include "base/record_id.h"
#include "base/text.h"
#include "base/time.h"
#include "mapping/deal_state.h"
#include "mapping/field_value.h"
#include "mapping/json_read.h"
#include "mapping/mark.h"
#include "mapping/normalize.h"
#include "mapping/pointer.h"
#include "model/digest.h"

namespace cosell {
namespace {

using element = JsonElement;

Value BooleanOf(const element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return NormalizeBoolean(flag);
  return std::nullopt;
}

Value SetFromItems(const FieldRule& rule, const element& value) {
  simdjson::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return std::nullopt;
  std::vector<std::string> keys;
  for (const element item : items) keys.emplace_back(TextIn(MemberOf(item, rule.item_key)));
  return MakeSet(std::move(keys));
}

Value ChoiceFromReferral(const FieldRule& rule, std::string_view text) {
  if (text.empty() || EqualsIgnoreCase(text, rule.none)) return std::nullopt;
  for (const auto& [value, label] : rule.values) {
    if (EqualsIgnoreCase(value, text)) return value;
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
      return NormalizeDecimal(NumberIn(value));
    case FieldType::boolean:
      return BooleanOf(value);
    case FieldType::date:
      if (Planted(PlantedBug::date_shifted)) return LocalDate(TextIn(value));
      return CalendarDate(TextIn(value));
    case FieldType::code:
      return NormalizeText(Trim(TextIn(value)));
    default:
      return value.is_string() ? NormalizeText(TextIn(value)) : NormalizeText(ScalarIn(value));
  }
}

Value FromReferralMember(const FieldRule& rule, const element& value) {
  if (value.is_null()) return std::nullopt;
  if (rule.type == FieldType::set || rule.type == FieldType::members)
    return SetFromItems(rule, value);
  if (rule.type == FieldType::choice) return ChoiceFromReferral(rule, TextIn(value));
  return ScalarValue(rule, value);
}

Value SetFromText(const FieldRule& rule, std::string_view text) {
  if (rule.separator.empty()) return MakeSet(SplitList(text));
  std::vector<std::string> members;
  while (true) {
    const auto at = text.find(rule.separator);
    members.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return MakeSet(std::move(members));
    text.remove_prefix(at + rule.separator.size());
  }
}

Value FromColumn(const FieldRule& rule, const element& value) {
  if (value.is_null()) return std::nullopt;
  if (!rule.transforms.empty() || rule.crm_form != CrmForm::by_type)
    return FromColumnText(rule, ScalarIn(value));
  if (rule.type == FieldType::choice) return FromColumnText(rule, TextIn(value));
  if (rule.type == FieldType::set) return SetFromText(rule, TextIn(value));
  if (rule.marked && !Planted(PlantedBug::mark_taken_for_name))
    return NormalizeText(StripMark(TextIn(value)));
  return ScalarValue(rule, value);
}

bool Matches(const element& root, const StatusReadRule& rule) {
  for (const auto& [column, json] : rule.when) {
    const auto value = MemberOf(root, column);
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

Value FillText(const std::string& text, const element& root) {
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    const auto close = text.find('}', open);
    filled += text.substr(at, open - at);
    if (open == std::string::npos) break;
    const auto member = WalkTo(root, StepsOf(text.substr(open + 1, close - open - 1)));
    if (member) filled += ScalarIn(*member);
    at = close + 1;
  }
  return NormalizeText(filled);
}

Value FillTemplate(const Mapping& mapping, const element& root) {
  std::string text = mapping.options.referral_link_template;
  text = ReplaceAll(text, "{referral_id}", ToLower(TextIn(MemberOf(root, "id"))));
  text = ReplaceAll(text, "{engagement_id}", ToLower(TextIn(MemberOf(root, "engagementId"))));
  return NormalizeText(text);
}

Value FromReferral(const Mapping& mapping, const FieldRule& rule, const element& root) {
  if (rule.type == FieldType::status)
    return StateFromReferral(TextIn(MemberOf(root, "status")), TextIn(MemberOf(root, "substatus")));
  if (!rule.template_name.empty()) return FillTemplate(mapping, root);
  if (!rule.text_template.empty()) return FillText(rule.text_template, root);
  if (rule.constant) return rule.constant;
  const auto member = WalkTo(root, rule.partner_center);
  return member ? FromReferralMember(rule, *member) : std::nullopt;
}

Value CanonicalId(Value value) {
  if (value) value = CanonicalRecordId(*value);
  return value;
}

bool TargetsMicrosoft(const element& root) {
  const auto target = MemberOf(root, "target");
  simdjson::dom::array items;
  if (!target || target->get(items) != simdjson::SUCCESS) return false;
  for (const element item : items) {
    if (EqualsIgnoreCase(TextIn(MemberOf(item, "id")), "msft")) return true;
  }
  return false;
}

bool Matches(const element& root, const RouteRule& rule) {
  return std::all_of(rule.when.begin(), rule.when.end(), [&](const auto& condition) {
    const auto& [pointer, accepted] = condition;
    const auto member = WalkTo(root, StepsOf(pointer));
    return std::any_of(accepted.begin(), accepted.end(), [&](const std::string& text) {
      return EqualsIgnoreCase(text, TextIn(member));
    });
  });
}

}  // namespace

Result<Record> RecordFromReferral(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseElement(raw, "the referral");
  if (!root) return root.error();
  Record record;
  record.values.reserve(mapping.fields.size());
  for (const FieldRule& rule : mapping.fields) {
    record.values.push_back(FromReferral(mapping, rule, *root));
    if (rule.name == kFieldReferralId || rule.name == kFieldCrmId) {
      record.values.back() = CanonicalId(std::move(record.values.back()));
    }
  }
  return record;
}

Result<Record> RecordFromCrm(const Mapping& mapping, std::string_view raw, std::string_view id) {
  const auto root = ParseElement(raw, "the CRM record");
  if (!root) return root.error();
  Record record;
  record.values.reserve(mapping.fields.size());
  for (const FieldRule& rule : mapping.fields) {
    if (rule.type == FieldType::status) {
      record.values.push_back(StateFromCrm(mapping, *root));
    } else if (rule.crm == "#id") {
      record.values.push_back(CanonicalRecordId(id));
    } else {
      const auto column = MemberOf(*root, rule.crm);
      record.values.push_back(column ? FromColumn(rule, *column) : std::nullopt);
    }
    if (rule.name == kFieldReferralId)
      record.values.back() = CanonicalId(std::move(record.values.back()));
  }
  return record;
}

Result<std::vector<FieldIndex>> FieldsHiddenInCrm(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseElement(raw, "the CRM record");
  if (!root) return root.error();
  std::vector<FieldIndex> hidden;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const std::string& column = mapping.fields[i].crm;
    const bool is_column = !column.empty() && column.front() != '#';
    const bool unread = mapping.fields[i].type == FieldType::members;
    if (unread || (is_column && !MemberOf(*root, column))) hidden.push_back(i);
  }
  return hidden;
}

Result<ReferralFacts> FactsFromReferral(std::string_view raw) {
  const auto root = ParseElement(raw, "the referral");
  if (!root) return root.error();
  ReferralFacts facts;
  facts.state =
      StateFromReferral(TextIn(MemberOf(*root, "status")), TextIn(MemberOf(*root, "substatus")));
  facts.open = facts.state && !IsClosed(facts.state);
  facts.microsofts = EqualsIgnoreCase(TextIn(MemberOf(*root, "organizationId")), "msft") ||
                     TargetsMicrosoft(*root);
  const auto inviter = WalkTo(*root, {"inviteContext", "invitedBy", "organizationId"});
  facts.from_microsoft = EqualsIgnoreCase(TextIn(inviter), "msft");
  const auto consent = WalkTo(*root, {"consent", "consentToToShareInfoWithOthers"});
  facts.consent_to_share = !consent || BooleanOf(*consent) != NormalizeBoolean(false);
  facts.created_at = ParseInstant(TextIn(MemberOf(*root, "createdDateTime")));
  facts.expires_at = ParseInstant(TextIn(MemberOf(*root, "expirationDateTime")));
  facts.external_reference_id = std::string(TextIn(MemberOf(*root, "externalReferenceId")));
  facts.engagement_id = ToLower(TextIn(MemberOf(*root, "engagementId")));
  return facts;
}

void TakeFromMicrosoft(const Mapping& mapping, std::string_view microsofts_raw, Record* record) {
  const auto root = ParseElement(microsofts_raw, "Microsoft's referral");
  if (!root) return;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    if (record->values[i] || !rule.pointer.starts_with("/trackingInfo/")) continue;
    const auto member = WalkTo(*root, rule.partner_center);
    if (member) record->values[i] = FromReferralMember(rule, *member);
  }
}

Route RouteOf(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseElement(raw, "the referral");
  if (!root) return Route::none;
  for (const RouteRule& rule : mapping.routes) {
    if (Matches(*root, rule)) return rule.as;
  }
  return Route::opportunity;
}

Result<CrmFacts> FactsFromCrm(const Mapping& mapping, std::string_view raw) {
  const auto root = ParseElement(raw, "the CRM record");
  if (!root) return root.error();
  CrmFacts facts;
  const auto sync = MemberOf(*root, mapping.Column("sync"));
  facts.sync = sync && BooleanOf(*sync) == NormalizeBoolean(true);
  if (Planted(PlantedBug::sync_flag_ignored)) facts.sync = true;
  if (const auto name = mapping.Find(kFieldName)) {
    facts.raw_name = std::string(TextIn(MemberOf(*root, mapping.fields[*name].crm)));
  }
  for (const RelatedMap* people : {&mapping.owner, &mapping.contact}) {
    facts.people += std::string(TextIn(MemberOf(*root, people->lookup))) + "|";
    if (people->others.empty()) continue;
    if (const auto others = MemberOf(*root, people->others))
      facts.people += ContentHash(simdjson::minify(*others)) + "|";
  }
  facts.audit = std::string(TextIn(MemberOf(*root, mapping.Column("audit"))));
  if (const std::string became = mapping.Column("became"); !became.empty())
    facts.became = CanonicalRecordId(TextIn(MemberOf(*root, became)));
  return facts;
}

}  // namespace cosell
