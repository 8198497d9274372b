#include "crm/salesforce/answers.h"

#include <nlohmann/json.hpp>

#include "base/record_id.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

std::string TextAt(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string IdAt(const Json& object, const char* member) {
  return NormalizeSalesforceId(TextAt(object, member)).value_or("");
}

const Json& ArrayAt(const Json& object, const char* member) {
  static const Json kNone = Json::array();
  const auto found = object.find(member);
  return found != object.end() && found->is_array() ? *found : kNone;
}

void AddMatches(const Json& found, std::vector<MatchedRecord>& out) {
  for (const Json& result : ArrayAt(found, "matchResults")) {
    if (!result.is_object()) continue;
    for (const Json& match : ArrayAt(result, "matchRecords")) {
      if (!match.is_object() || !match.contains("record") || !match["record"].is_object()) continue;
      MatchedRecord record{TextAt(result, "entityType"), IdAt(match["record"], "Id")};
      if (!record.id.empty()) out.push_back(std::move(record));
    }
  }
}

Fault ToFault(const Json& object) {
  Fault fault;
  for (const char* member : {"errorCode", "statusCode", "error"}) {
    if (fault.code.empty()) fault.code = TextAt(object, member);
  }
  for (const char* member : {"message", "error_description"}) {
    if (fault.message.empty()) fault.message = TextAt(object, member);
  }
  for (const Json& field : ArrayAt(object, "fields")) {
    if (field.is_string()) fault.fields.push_back(field.get<std::string>());
  }
  // The first spelling is the server's own, section 14.3.
  for (const char* member : {"duplicateResut", "duplicateResult"}) {
    if (object.contains(member) && object[member].is_object()) {
      AddMatches(object[member], fault.matches);
    }
  }
  return fault;
}

std::vector<Fault> ToFaults(const Json& array) {
  std::vector<Fault> faults;
  for (const Json& each : array) {
    if (!each.is_object()) continue;
    Fault fault = ToFault(each);
    if (!fault.code.empty() || !fault.message.empty()) faults.push_back(std::move(fault));
  }
  return faults;
}

std::optional<SaveResult> ToSaveResult(const Json& object) {
  if (!object.is_object() || !object.contains("success") || !object["success"].is_boolean()) {
    return std::nullopt;
  }
  SaveResult result;
  result.id = IdAt(object, "id");
  result.success = object["success"].get<bool>();
  const auto created = object.find("created");
  if (created != object.end() && created->is_boolean()) result.created = created->get<bool>();
  result.faults = ToFaults(ArrayAt(object, "errors"));
  return result;
}

}  // namespace

std::vector<Fault> ParseFaults(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_array()) return ToFaults(json);
  return json.is_object() ? ToFaults(Json::array({json})) : std::vector<Fault>{};
}

std::optional<SaveResult> ParseSaveResult(std::string_view body) {
  return ToSaveResult(Json::parse(body, nullptr, false));
}

std::optional<std::vector<SaveResult>> ParseSaveResults(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_array()) return std::nullopt;
  std::vector<SaveResult> results;
  for (const Json& each : json) {
    auto result = ToSaveResult(each);
    if (!result) return std::nullopt;
    results.push_back(*std::move(result));
  }
  return results;
}

std::size_t CountChoices(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  return json.is_array() ? json.size() : 0;
}

}  // namespace cosell::salesforce
