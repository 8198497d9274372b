#include "crm/salesforce/organization.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/roles.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;
using Overrides = std::map<std::string, std::string>;

constexpr const char* kNoCurrency =
    "The organisation has one currency and no CurrencyIsoCode field: deals are shared in the "
    "currency that create.referral.details.currency of the mapping names; set it there";
constexpr const char* kPersonAccounts =
    "Person accounts are switched on: accounts of persons are not supported and are neither "
    "matched "
    "nor created; deals need a business account";
constexpr const char* kNoStages =
    "The list of stages (OpportunityStage) cannot be read, so a stage is not checked before it is "
    "written: give the integration user \"View Setup and Configuration\"";

std::string_view TypeName(FieldType type) {
  switch (type) {
    case FieldType::memo:
      return "memo";
    case FieldType::money:
      return "money";
    case FieldType::number:
      return "number";
    case FieldType::date:
      return "date";
    case FieldType::datetime:
      return "datetime";
    case FieldType::boolean:
      return "boolean";
    case FieldType::choice:
    case FieldType::multi_choice:
      return "choice";
    case FieldType::reference:
      return "lookup";
    case FieldType::text:
    case FieldType::link:
    case FieldType::compound:
      return "text";
  }
  return "text";
}

Result<Object> DescribeObject(Rest& rest, const std::string& name) {
  const std::string what = "description of the " + name;
  Request request;
  request.path = "/sobjects/" + name + "/describe";
  const auto answer = rest.Read(request, what);
  if (!answer) return answer.error();
  auto object = ParseDescribe(answer->response.body);
  if (!object) return UnreadableAnswer(*answer, what);
  object->name = name;
  return *std::move(object);
}

// The server said no, as opposed to not answering.
bool IsAnswered(const Error& error) {
  return error.kind == ErrorKind::not_found || error.kind == ErrorKind::forbidden ||
         error.kind == ErrorKind::refused;
}

// An object beside the opportunity. Its absence is a problem to report, not a failure.
Result<Object> DescribeBeside(Rest& rest, const std::string& name,
                              std::vector<std::string>& problems) {
  auto object = DescribeObject(rest, name);
  if (object || !IsAnswered(object.error())) return object;
  problems.push_back("The " + name +
                     " object is hidden from the integration user, so its fields are neither read "
                     "nor written: give its permission set access to the object");
  Object hidden;
  hidden.name = name;
  return hidden;
}

std::string Text(const Json& row, const char* name) {
  return row.contains(name) && row[name].is_string() ? row[name].get<std::string>() : std::string{};
}

// The rows of a small query, as JSON objects.
Result<std::vector<Json>> ReadRows(Rest& rest, const SelectStatement& statement,
                                   std::string_view what) {
  std::vector<Json> rows;
  const Status ran = RunQueries(rest, {Print(statement)}, what, {},
                                [&](const net::ApiAnswer& page) -> Result<std::string> {
                                  const Json json = Json::parse(page.response.body, nullptr, false);
                                  if (!json.is_object() || !json.contains("records"))
                                    return UnreadableAnswer(page, what);
                                  for (const Json& row : json["records"]) rows.push_back(row);
                                  return Text(json, "nextRecordsUrl");
                                });
  if (!ran) return ran.error();
  return rows;
}

bool Flag(const Json& row, const char* name, bool otherwise) {
  return row.contains(name) && row[name].is_boolean() ? row[name].get<bool>() : otherwise;
}

Status ReadStages(Rest& rest, Organization& organization) {
  SelectStatement statement;
  statement.fields = {"ApiName", "MasterLabel", "IsActive", "IsClosed", "IsWon", "SortOrder"};
  statement.from = "OpportunityStage";
  statement.order_by = "SortOrder";
  const auto rows = ReadRows(rest, statement, "list of stages");
  if (!rows && !IsAnswered(rows.error())) return rows.error();
  if (!rows) {
    organization.problems.emplace_back(kNoStages);
    return Done{};
  }
  for (const Json& row : *rows) {
    const std::string api_name = Text(row, "ApiName");
    organization.stages.push_back({api_name.empty() ? Text(row, "MasterLabel") : api_name,
                                   Flag(row, "IsActive", true), Flag(row, "IsClosed", false),
                                   Flag(row, "IsWon", false)});
  }
  return Done{};
}

// CurrencyType exists where CurrencyIsoCode does; where it may not be read, the picklist tells.
Status ReadCurrencies(Rest& rest, Organization& organization) {
  const Field* field = organization.opportunity.Find("CurrencyIsoCode");
  if (field == nullptr) {
    organization.problems.emplace_back(kNoCurrency);
    return Done{};
  }
  SelectStatement statement;
  statement.fields = {"IsoCode"};
  statement.from = "CurrencyType";
  statement.where = EqualsLiteral("IsActive", "true");
  statement.order_by = "IsoCode";
  const auto rows = ReadRows(rest, statement, "list of currencies");
  if (!rows && !IsAnswered(rows.error())) return rows.error();
  if (rows) {
    for (const Json& row : *rows) organization.currencies.push_back(Text(row, "IsoCode"));
  } else {
    for (const PicklistValue& each : field->values) organization.currencies.push_back(each.value);
  }
  return Done{};
}

Status DescribeObjects(Rest& rest, Organization& organization) {
  auto opportunity = DescribeObject(rest, "Opportunity");
  if (!opportunity && IsAnswered(opportunity.error())) {
    Error error = opportunity.error();
    error.kind = ErrorKind::forbidden;
    error.message +=
        ". The integration user may not see opportunities: give its permission set access to the "
        "Opportunity object";
    return error;
  }
  if (!opportunity) return opportunity.error();
  organization.opportunity = *std::move(opportunity);
  const std::pair<const char*, Object*> beside[] = {{"Account", &organization.account},
                                                    {"Contact", &organization.contact},
                                                    {"User", &organization.user}};
  for (const auto& [name, object] : beside) {
    auto described = DescribeBeside(rest, name, organization.problems);
    if (!described) return described.error();
    *object = *std::move(described);
  }
  return Done{};
}

void FindTheRoles(Organization& organization, const Overrides& overrides) {
  RoleSearch search = FindRoles(organization.opportunity, organization.account, overrides);
  organization.roles = std::move(search.roles);
  auto& problems = organization.problems;
  problems.insert(problems.end(), search.problems.begin(), search.problems.end());
  const auto wrong = CheckRoles(organization.opportunity, organization.roles);
  problems.insert(problems.end(), wrong.begin(), wrong.end());
  if (organization.account.Has("IsPersonAccount")) problems.emplace_back(kPersonAccounts);
}

// Where there is a child object for solutions it takes the place of the Products text, unless the
// configuration names a field for it.
Status FindTheSolutions(Rest& rest, const Overrides& overrides, Organization& organization) {
  if (overrides.contains("products")) return Done{};
  const auto named = overrides.find("solutions_object");
  auto found = FindSolutions(rest, organization.opportunity,
                             named == overrides.end() ? "" : std::string(Trim(named->second)),
                             organization.problems);
  if (!found) return found.error();
  organization.solutions = *std::move(found);
  if (!organization.solutions) return Done{};
  organization.solutions->products_text = organization.FieldOf("products");
  organization.roles["products"] = organization.solutions->relationship;
  return Done{};
}

// The stages are the choices of StageName: describe may list inactive and foreign ones.
void TakeStagesAsChoices(Organization& organization) {
  const auto field = organization.opportunity.fields.find("StageName");
  if (field == organization.opportunity.fields.end() || organization.stages.empty()) return;
  field->second.values.clear();
  field->second.restricted = true;
  for (const Stage& stage : organization.stages) {
    if (stage.active) field->second.values.push_back({stage.name, stage.name});
  }
}

}  // namespace

std::string Organization::FieldOf(const std::string& role) const {
  const auto found = roles.find(role);
  return found == roles.end() ? std::string{} : found->second;
}

Result<Organization> Discover(Rest& rest, const Overrides& overrides) {
  Organization organization;
  const auto session = rest.Session();
  if (!session) return session.error();
  organization.user_id = session->user_id;
  organization.organization_id = session->organization_id;
  if (const Status described = DescribeObjects(rest, organization); !described) {
    return described.error();
  }
  if (const Status read = ReadStages(rest, organization); !read) return read.error();
  if (const Status read = ReadCurrencies(rest, organization); !read) return read.error();
  FindTheRoles(organization, overrides);
  TakeStagesAsChoices(organization);
  if (const Status found = FindTheSolutions(rest, overrides, organization); !found) {
    return found.error();
  }
  return organization;
}

CrmSchema ToSchema(const Organization& organization) {
  CrmSchema schema;
  schema.roles = organization.roles;
  schema.problems = organization.problems;
  schema.currencies = organization.currencies;
  schema.user_id = organization.user_id;
  schema.organization_id = organization.organization_id;
  for (const auto& [name, field] : organization.opportunity.fields) {
    CrmColumn column;
    column.name = name;
    column.type = TypeName(field.type);
    column.length_max = field.length_max;
    column.creatable = field.creatable;
    column.updatable = field.updatable;
    for (const PicklistValue& each : field.values) column.choices.emplace(each.value, each.value);
    schema.columns.emplace(name, std::move(column));
  }
  if (organization.solutions) {
    CrmColumn column;
    column.name = organization.solutions->relationship;
    column.type = "text";
    schema.columns.emplace(column.name, column);
  }
  return schema;
}

}  // namespace cosell::salesforce
