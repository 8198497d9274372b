#include "plan/base.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace cosell {
namespace {

using Json = nlohmann::json;

std::vector<std::optional<Value>> DecodeSide(const Mapping& mapping, const Json& json) {
  std::vector<std::optional<Value>> side(mapping.fields.size());
  if (!json.is_object()) return side;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const auto it = json.find(mapping.fields[i].name);
    if (it == json.end()) continue;
    side[i].emplace();
    if (it->is_string()) side[i]->emplace(it->get<std::string>());
  }
  return side;
}

std::vector<bool> DecodeApart(const Mapping& mapping, const Json& json) {
  std::vector<bool> apart(mapping.fields.size());
  if (!json.is_object() || !json.contains(kApartMember)) return apart;
  for (const Json& field : json.at(kApartMember)) {
    if (!field.is_string()) continue;
    if (const auto index = mapping.Find(field.get_ref<const std::string&>())) apart[*index] = true;
  }
  return apart;
}

std::set<std::string> DecodeTold(const Json& json) {
  std::set<std::string> told;
  if (!json.is_object() || !json.contains(kToldMember)) return told;
  for (const Json& key : json.at(kToldMember)) {
    if (key.is_string()) told.insert(key.get<std::string>());
  }
  return told;
}

std::string DecodePeople(const Json& json) {
  return json.is_object() ? json.value(kPeopleMember, "") : "";
}

Json EncodeSide(const Mapping& mapping, const std::vector<std::optional<Value>>& side) {
  Json json = Json::object();
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    if (!side[i]) continue;
    const Value& value = *side[i];
    json[mapping.fields[i].name] = value ? Json(*value) : Json(nullptr);
  }
  return json;
}

std::string ToText(const Json& json) {
  return json.empty() ? "" : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void Base::SetApart(FieldIndex field, bool value) {
  if (!value && !Apart(field)) return;
  if (apart.size() < crm.size()) apart.resize(crm.size());
  apart[field] = value;
}

bool Base::empty() const {
  const auto known = [](const std::optional<Value>& value) { return value.has_value(); };
  return std::none_of(partner_center.begin(), partner_center.end(), known) &&
         std::none_of(crm.begin(), crm.end(), known);
}

Base DecodeBase(const Mapping& mapping, const std::string& partner_center, const std::string& crm) {
  const Json crm_json = Json::parse(crm, nullptr, false);
  return {DecodeSide(mapping, Json::parse(partner_center, nullptr, false)),
          DecodeSide(mapping, crm_json),
          DecodeApart(mapping, crm_json),
          crm_json.is_object() && crm_json.contains(kFromLeadMember),
          DecodePeople(crm_json),
          DecodeTold(crm_json)};
}

std::string EncodePartnerCenterBase(const Mapping& mapping, const Base& base) {
  return ToText(EncodeSide(mapping, base.partner_center));
}

std::string EncodeCrmBase(const Mapping& mapping, const Base& base) {
  Json json = EncodeSide(mapping, base.crm);
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    if (base.Apart(i)) json[kApartMember].push_back(mapping.fields[i].name);
  }
  if (base.from_lead) json[kFromLeadMember] = true;
  if (!base.people.empty()) json[kPeopleMember] = base.people;
  if (!base.told.empty()) json[kToldMember] = base.told;
  return ToText(json);
}

}  // namespace cosell
