#include "crm/salesforce/sales_team.h"

#include <algorithm>
#include <set>

#include "base/record_id.h"
#include "crm/salesforce/json_rows.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kWhat = "read of the opportunities' teams";
constexpr std::string_view kObject = "OpportunityTeamMember";
constexpr const char* kEmail = "Email";
constexpr std::pair<const char*, const char*> kFields[] = {{"FirstName", "firstName"},
                                                           {"LastName", "lastName"},
                                                           {kEmail, "email"},
                                                           {"Phone", "phoneNumber"},
                                                           {"Title", "title"}};

Json Person(const SalesTeam& team, const Json& row) {
  Json person = Json::object();
  const auto user = row.find("User");
  if (user == row.end() || !user->is_object()) return person;
  for (const auto& [field, member] : team.fields) {
    if (const std::string text = TextAt(*user, field); !text.empty()) person[member] = text;
  }
  return person;
}

// In one order, so that equal teams have equal text.
std::string Value(std::vector<std::string> people) {
  std::sort(people.begin(), people.end());
  std::string text;
  for (const std::string& person : people) text += (text.empty() ? "" : ",") + person;
  return "[" + text + "]";
}

}  // namespace

std::optional<SalesTeam> FindSalesTeam(const Object& opportunity, const Object& user) {
  if (!user.Has(kEmail)) return std::nullopt;
  for (const ChildRelationship& child : opportunity.children) {
    if (child.object != kObject || child.name.empty()) continue;
    SalesTeam team{child.object, child.field, child.name, {}};
    for (const auto& [field, member] : kFields) {
      if (user.Has(field)) team.fields.emplace(field, member);
    }
    return team;
  }
  return std::nullopt;
}

Result<std::map<std::string, std::string>> ReadSalesTeams(
    Rest& rest, const SalesTeam& team, const std::vector<std::string>& opportunity_ids,
    bool finishes) {
  std::vector<std::string> queries;
  for (const auto& chunk : InListChunks(opportunity_ids)) {
    SelectStatement statement;
    statement.fields = {team.parent_field};
    for (const auto& field : team.fields) statement.fields.push_back("User." + field.first);
    statement.from = team.object;
    statement.where = In(team.parent_field, chunk);
    queries.push_back(Print(statement));
  }
  std::map<std::string, std::vector<std::string>> people;
  std::map<std::string, std::string> values;
  if (queries.empty()) return values;
  const Status read =
      ForEachRow(rest, queries, kWhat, {.finishes = finishes}, [&](const Json& row) {
        const Json person = Person(team, row);
        const auto id = NormalizeSalesforceId(TextAt(row, team.parent_field));
        if (id && !person.empty()) people[*id].push_back(person.dump());
      });
  if (!read) return read.error();
  for (auto& [id, members] : people) values.emplace(id, Value(std::move(members)));
  return values;
}

Result<std::vector<std::string>> OpportunitiesOfChangedTeams(Rest& rest, const SalesTeam& team,
                                                             Instant since) {
  SelectStatement statement;
  statement.fields = {"Id", team.parent_field};
  statement.from = team.object;
  statement.where = AtLeast("SystemModstamp", since);
  std::set<std::string> ids;
  const Status read =
      ForEachRow(rest, {Print(statement)}, kWhat, {.deleted_too = true}, [&](const Json& row) {
        if (auto id = NormalizeSalesforceId(TextAt(row, team.parent_field))) {
          ids.insert(*std::move(id));
        }
      });
  if (!read) return read.error();
  return std::vector<std::string>(ids.begin(), ids.end());
}

}  // namespace cosell::salesforce
