#include "tools/sandbox/salesforce/duplicates.h"

#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

Json MatchRecord(const std::string& object, const std::string& id, int version) {
  const Json attributes = {
      {"type", object},
      {"url", "/services/data/v" + std::to_string(version) + ".0/sobjects/" + object + "/" + id}};
  return {{"additionalInformation", Json::array()},
          {"fieldDiffs", Json::array()},
          {"matchConfidence", 100.0},
          {"record", {{"attributes", attributes}, {"Id", id}}}};
}

Json ResultOf(const Database& database, const std::string& object,
              const std::vector<std::string>& ids) {
  Json records = Json::array();
  for (const auto& id : ids) {
    records.push_back(MatchRecord(object, id, database.options().api_version_max));
  }
  const Json match = {{"entityType", object},
                      {"errors", Json::array()},
                      {"matchEngine", "FuzzyMatchEngine"},
                      {"matchRecords", records},
                      {"rule", "Standard_" + object + "_Match_Rule_v1_0"},
                      {"size", ids.size()},
                      {"success", true}};
  return {{"allowSave", database.switches().duplicate_allow_save},
          {"duplicateRule", "Standard_" + object + "_Duplicate_Rule"},
          {"duplicateRuleEntityType", object},
          {"errorMessage", "Use one of these records?"},
          {"matchResults", Json::array({match})}};
}

}  // namespace

void DetectDuplicates(const WriteContext& context, const Table& table, const Row* before,
                      const Row& row) {
  const auto& switches = context.database.switches();
  const std::string& object = table.type().name;
  if (!context.caller.by_api || !switches.duplicate_rules.contains(object)) return;
  if (context.allow_duplicates && switches.duplicate_allow_save) return;
  const auto at = table.type().Find(object == "Account" ? "Name" : "Email");
  if (!at) return;
  const auto* text = std::get_if<std::string>(&row.cells[*at]);
  if (text == nullptr || (before != nullptr && before->cells[*at] == row.cells[*at])) return;
  const std::string wanted = FoldCase(*text);
  std::vector<std::string> matches;
  for (const auto& [id, record] : table.records()) {
    const Row* other = table.Live(id);
    if (other == nullptr || id == row.id) continue;
    const auto* taken = std::get_if<std::string>(&other->cells[*at]);
    if (taken != nullptr && FoldCase(*taken) == wanted) matches.push_back(id);
  }
  if (matches.empty()) return;
  ServiceError error(400, "DUPLICATES_DETECTED", "Use one of these records?");
  error.duplicates = ResultOf(context.database, object, matches);
  error.duplicates_key = switches.duplicate_key;
  throw error;
}

}  // namespace cosell::sandbox::salesforce
