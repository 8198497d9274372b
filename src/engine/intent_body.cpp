#include "engine/intent_body.h"

#include <nlohmann/json.hpp>

#include "engine/kinds.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

// Also what such a record is called in the body: no CRM has a column of the deal named so.
constexpr const char* kAccount = "account";
constexpr const char* kContact = "contact";
constexpr const char* kMatch = "match";
constexpr const char* kColumns = "columns";

Json ToJson(const std::vector<Attribute>& attributes) {
  Json columns = Json::object();
  for (const Attribute& each : attributes) {
    columns[each.name] = Json::parse(each.json, nullptr, false);
  }
  return columns;
}

Json ToJson(const RelatedRecord& record) {
  return {{kMatch, ToJson(record.match)}, {kColumns, ToJson(record.attributes)}};
}

std::vector<Attribute> ToAttributes(const Json& columns) {
  std::vector<Attribute> attributes;
  for (const auto& [name, value] : columns.items()) attributes.push_back({name, value.dump()});
  return attributes;
}

std::optional<RelatedRecord> RelatedIn(const Json& body, const char* member) {
  const auto record = body.find(member);
  if (record == body.end() || !record->is_object()) return std::nullopt;
  return RelatedRecord{ToAttributes(record->value(kMatch, Json::object())),
                       ToAttributes(record->value(kColumns, Json::object()))};
}

}  // namespace

std::string BodyOf(const CrmWrite& write) {
  Json body = ToJson(write.attributes);
  if (write.account) body[kAccount] = ToJson(*write.account);
  if (write.contact) body[kContact] = ToJson(*write.contact);
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

CreateSearch SearchFor(const Intent& intent, const Link& link) {
  CreateSearch search;
  search.kind = KindOf(intent, link);
  search.marker = link.referral_id;
  search.opened_at = intent.created_at;
  search.newest_seen = intent.lookup_from;
  const Json body = Json::parse(intent.body, nullptr, false);
  if (!body.is_object()) return search;
  search.account = RelatedIn(body, kAccount);
  search.contact = RelatedIn(body, kContact);
  return search;
}

}  // namespace cosell
