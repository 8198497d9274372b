#include "mapping/render.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/planted.h"
#include "base/text.h"
#include "mapping/deal_state.h"
#include "mapping/field_value.h"
#include "mapping/mark.h"
#include "mapping/normalize.h"
#include "mapping/pointer.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

Json ParseOrEmpty(std::string_view raw) {
  Json json = Json::parse(raw, nullptr, false);
  return json.is_object() ? json : Json::object();
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json NumberJson(const std::string& decimal) { return Json::parse(decimal, nullptr, false); }

std::string ColumnText(const Json& record, const std::string& column) {
  const auto it = record.find(column);
  return it != record.end() && it->is_string() ? it->get<std::string>() : "";
}

// The spelling of a set's member as the CRM has it; ids compare ignoring case.
std::string Spelling(const std::string& member, const std::vector<std::string>& spellings) {
  for (const auto& spelling : spellings) {
    if (ToLower(spelling) == member) return spelling;
  }
  return member;
}

Json SetItems(const FieldRule& rule, const Value& value, const Json& referral, const Json& record) {
  const Json::json_pointer at(rule.pointer);
  const Json known = referral.contains(at) ? referral[at] : Json::array();
  const auto spellings = SplitList(ColumnText(record, rule.crm));
  Json items = Json::array();
  for (const auto& member : SetMembers(value)) {
    Json item = {{rule.item_key, Spelling(member, spellings)}, {"type", "Name"}};
    for (const auto& old : known) {
      if (old.is_object() && ToLower(ColumnText(old, rule.item_key)) == member) item = old;
    }
    items.push_back(item);
  }
  return items;
}

Json MemberJson(const Member& member) {
  Json json = {{"firstName", member.first_name},
               {"lastName", member.last_name},
               {"email", member.email},
               {"phoneNumber", member.phone_number}};
  if (!member.title.empty()) json["title"] = member.title;
  return json;
}

bool HasMember(const Json& items, const Member& member) {
  return std::any_of(items.begin(), items.end(), [&](const Json& item) {
    return EqualsIgnoreCase(ColumnText(item, "email"), member.email);
  });
}

// Who stays, stays as the referral has them.
Json MemberItems(const FieldRule& rule, const Value& value, const Json& referral,
                 const Sharing& sharing) {
  const Json::json_pointer at(rule.pointer);
  const std::vector<Member> known = MembersOf(rule, sharing);
  Json items = Json::array();
  for (const auto& email : SetMembers(value)) {
    const auto own = std::find_if(known.begin(), known.end(), [&](const Member& member) {
      return ToLower(member.email) == email;
    });
    Json item = own == known.end() ? Json({{rule.item_key, email}}) : MemberJson(*own);
    for (const auto& old : referral.contains(at) ? referral[at] : Json::array()) {
      if (old.is_object() && ToLower(ColumnText(old, rule.item_key)) == email) item = old;
    }
    items.push_back(std::move(item));
  }
  return items;
}

Json PartnerCenterValue(const FieldRule& rule, const Value& value, const Json& referral,
                        const Json& record) {
  if (rule.type == FieldType::set) return SetItems(rule, value, referral, record);
  if (rule.type == FieldType::boolean) return value == NormalizeBoolean(true);
  if (!value) return "";
  if (rule.type == FieldType::money) return NumberJson(*value);
  if (rule.type == FieldType::date) return *value + "T00:00:00Z";
  return *value;
}

Json Replace(const std::string& path, Json value) {
  return {{"op", "replace"}, {"path", path}, {"value", std::move(value)}};
}

void AddStatusOperations(const std::string& state, const std::string& reason, Json* patch) {
  const ReferralStatus status = ReferralStatusOf(state);
  patch->push_back(Replace("/status", status.status));
  patch->push_back(Replace("/substatus", status.substatus));
  if (!reason.empty()) patch->push_back(Replace("/statusReason", reason));
}

// Ids keep the spelling either side gave them.
Json SpelledSet(const FieldRule& rule, const Value& value, const Json& referral, const Json& crm) {
  const Json::json_pointer at(rule.pointer);
  std::vector<std::string> spellings = SplitList(ColumnText(crm, rule.crm));
  for (const auto& item : referral.contains(at) ? referral[at] : Json::array()) {
    if (item.is_object()) spellings.push_back(ColumnText(item, rule.item_key));
  }
  std::vector<std::string> members;
  for (const auto& member : SetMembers(value)) members.push_back(Spelling(member, spellings));
  return Join(members, rule.separator.empty() ? "; " : rule.separator);
}

// A text in the form the column takes.
Json InForm(const FieldRule& rule, const std::string& text) {
  const bool number = rule.crm_form == CrmForm::number ||
                      (rule.crm_form == CrmForm::by_type && rule.type == FieldType::money);
  if (number) return NumberJson(text);
  const bool boolean = rule.crm_form == CrmForm::boolean ||
                       (rule.crm_form == CrmForm::by_type && rule.type == FieldType::boolean);
  if (boolean) return EqualsIgnoreCase(text, "true");
  return text;
}

Json ColumnValue(const FieldRule& rule, const Value& value, const Json& referral, const Json& crm,
                 std::string_view mark) {
  if (rule.type == FieldType::set) {
    if (!value) return nullptr;
    return SpelledSet(rule, value, referral, crm);
  }
  if (rule.marked && value) return WithMark(mark, *value, rule.length_max);
  const Value text = ToColumnText(rule, value);
  return text ? InForm(rule, *text) : Json(nullptr);
}

void SetCustomer(const Sharing& sharing, Json* body) {
  for (const auto& [pointer, text] : sharing.customer) SetTextAt(body, StepsOf(pointer), text);
  (*body)["customerProfile"]["address"]["country"] = sharing.country();
  (*body)["customerProfile"]["team"] = Json::array();
  if (!sharing.contact.empty())
    (*body)["customerProfile"]["team"].push_back(MemberJson(sharing.contact));
}

Value ValueOf(const Mapping& mapping, const Record& record, std::string_view field) {
  const auto index = mapping.Find(field);
  return index ? record.values[*index] : std::nullopt;
}

void SetFields(const Mapping& mapping, const Record& crm, std::string_view crm_raw, Json* body) {
  const Json record = ParseOrEmpty(crm_raw);
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const FieldRule& rule = mapping.fields[i];
    const bool plain = rule.type != FieldType::status && rule.type != FieldType::members &&
                       !rule.connected_referral && !rule.pointer.empty();
    if (!plain || !rule.CreatesInPartnerCenter() || !crm.values[i]) continue;
    (*body)[Json::json_pointer(rule.pointer)] =
        PartnerCenterValue(rule, crm.values[i], Json::object(), record);
  }
}

Json FirstSolutionTarget(const Json& body) {
  const Json::json_pointer first("/details/requirements/solutions/0/id");
  if (!body.contains(first)) return Json::array();
  return Json::array({{{"type", "SolutionProfile"}, {"id", body[first]}}});
}

Json ReferralBody(const Mapping& mapping, const Record& crm, const Sharing& sharing,
                  std::string_view crm_raw) {
  const bool help = ValueOf(mapping, crm, kFieldHelp).has_value();
  const bool visible = help || ValueOf(mapping, crm, kFieldVisibility) == NormalizeBoolean(true);
  Json body = ParseOrEmpty(mapping.create_referral);
  SetFields(mapping, crm, crm_raw, &body);
  if (Planted(PlantedBug::referral_marker_missing)) body.erase("externalReferenceId");
  SetCustomer(sharing, &body);
  body["type"] = help ? "Shared" : "Independent";
  body["target"] = help ? FirstSolutionTarget(body) : Json::array();
  body["consent"] = {{"consentToToShareInfoWithOthers", true},
                     {"consentToContact", true},
                     {"consentToMicrosoftToContactSpecificPartners", visible},
                     {"consentToShareReferralWithMicrosoftSellers", visible}};
  if (!sharing.owner.empty()) body["team"] = Json::array({MemberJson(sharing.owner)});
  for (const Member& member : sharing.team) {
    if (body.contains("team") && !HasMember(body["team"], member))
      body["team"].push_back(MemberJson(member));
  }
  return body;
}

}  // namespace

std::string RenderPatch(const Mapping& mapping, const std::vector<FieldWrite>& writes,
                        std::string_view referral_raw, std::string_view crm_raw,
                        const std::string& status_reason, const Sharing& sharing) {
  const Json referral = ParseOrEmpty(referral_raw);
  const Json record = ParseOrEmpty(crm_raw);
  Json patch = Json::array();
  for (const FieldWrite& write : writes) {
    const FieldRule& rule = mapping.fields[write.field];
    if (rule.type == FieldType::status) {
      AddStatusOperations(write.value.value(), status_reason, &patch);
    } else if (rule.type == FieldType::members) {
      patch.push_back(Replace(rule.pointer, MemberItems(rule, write.value, referral, sharing)));
    } else {
      patch.push_back(
          Replace(rule.pointer, PartnerCenterValue(rule, write.value, referral, record)));
    }
  }
  return Dump(patch);
}

Columns RenderColumns(const Mapping& mapping, const std::vector<FieldWrite>& writes,
                      std::string_view referral_raw, std::string_view crm_raw,
                      std::string_view mark) {
  const Json referral = ParseOrEmpty(referral_raw);
  const Json record = ParseOrEmpty(crm_raw);
  Columns columns;
  for (const FieldWrite& write : writes) {
    const FieldRule& rule = mapping.fields[write.field];
    if (rule.type == FieldType::status || rule.crm == "#id") continue;
    if (!write.value && Planted(PlantedBug::cleared_value_not_written)) continue;
    columns.emplace_back(rule.crm, Dump(ColumnValue(rule, write.value, referral, record, mark)));
  }
  return columns;
}

std::string RenderReferral(const Mapping& mapping, const Record& crm, const Sharing& sharing,
                           std::string_view crm_raw) {
  return Dump(ReferralBody(mapping, crm, sharing, crm_raw));
}

std::string RenderConnectedReferral(const Mapping& mapping, const Record& crm,
                                    const Sharing& sharing, std::string_view crm_raw,
                                    const std::string& engagement_id) {
  Json body = ReferralBody(mapping, crm, sharing, crm_raw);
  body["engagementId"] = engagement_id;
  body["type"] = "Shared";
  body["target"] = Json::array({{{"type", "BusinessProfileLocation"}, {"id", "msft"}}});
  body["inviteContext"] = {
      {"assistanceRequestCode", ValueOf(mapping, crm, kFieldHelp).value_or("GeneralOrOther")},
      {"notes", ValueOf(mapping, crm, "notes").value_or("")}};
  // The CRM id stays on our own referral alone, or a lookup of it would find two.
  body.erase("externalReferenceId");
  return Dump(body);
}

std::string LossReason(const Mapping& mapping, std::string_view crm_raw) {
  const Json record = ParseOrEmpty(crm_raw);
  const auto it = record.find(mapping.status.reason_column);
  if (it == record.end()) return mapping.status.reason_default;
  const auto reason =
      mapping.status.reasons.find(it->is_string() ? it->get<std::string>() : it->dump());
  return reason == mapping.status.reasons.end() ? mapping.status.reason_default : reason->second;
}

}  // namespace cosell
