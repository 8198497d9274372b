#include "plan/base.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace cosell {
namespace {

using Json = nlohmann::json;

std::vector<std::optional<Value>> DecodeSide(const Mapping& mapping, const std::string& text) {
  std::vector<std::optional<Value>> side(mapping.fields.size());
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return side;
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    const auto it = json.find(mapping.fields[i].name);
    if (it == json.end()) continue;
    side[i].emplace();
    if (it->is_string()) side[i]->emplace(it->get<std::string>());
  }
  return side;
}

}  // namespace

bool Base::empty() const {
  const auto known = [](const std::optional<Value>& value) { return value.has_value(); };
  return std::none_of(partner_center.begin(), partner_center.end(), known) &&
         std::none_of(crm.begin(), crm.end(), known);
}

Base DecodeBase(const Mapping& mapping, const std::string& partner_center, const std::string& crm) {
  return {DecodeSide(mapping, partner_center), DecodeSide(mapping, crm)};
}

std::string EncodeBaseSide(const Mapping& mapping, const std::vector<std::optional<Value>>& side) {
  Json json = Json::object();
  for (FieldIndex i = 0; i < mapping.fields.size(); ++i) {
    if (!side[i]) continue;
    const Value& value = *side[i];
    json[mapping.fields[i].name] = value ? Json(*value) : Json(nullptr);
  }
  return json.empty() ? "" : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cosell
