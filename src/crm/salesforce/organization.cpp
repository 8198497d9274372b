#include "crm/salesforce/organization.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/json_rows.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/roles.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

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
constexpr const char* kNoLeads =
    "The Lead object is hidden from the integration user, so leads are not synchronised: give its "
    "permission set access to the object, or take \"lead\" out of crm.records";

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
  const Status ran =
      ForEachRow(rest, {Print(statement)}, what, {}, [&](const Json& row) { rows.push_back(row); });
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
  const Field* field = organization.opportunity.object.Find("CurrencyIsoCode");
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
  organization.opportunity.object = *std::move(opportunity);
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

Status DescribeLead(Rest& rest, Organization& organization) {
  auto object = DescribeObject(rest, "Lead");
  if (!object && !IsAnswered(object.error())) return object.error();
  if (!object) {
    organization.problems.emplace_back(kNoLeads);
    return Done{};
  }
  // Not every organisation restricts the picklist; a status nobody can choose is a mistake anyway.
  const auto status = object->fields.find("Status");
  if (status != object->fields.end() && !status->second.values.empty()) {
    status->second.restricted = true;
  }
  organization.lead = SyncedObject{RecordKind::lead, *std::move(object), {}};
  return Done{};
}

void FindTheRoles(SyncedObject& synced, const Wanted& wanted, Organization& organization) {
  auto& problems = organization.problems;
  FindRoles(synced, organization.account, wanted.overrides, problems);
  const auto wrong = CheckRoles(synced);
  problems.insert(problems.end(), wrong.begin(), wrong.end());
}

// Where there is a child object for solutions it takes the place of the Products text, unless the
// configuration names a field for it.
Status FindTheSolutions(Rest& rest, const Wanted& wanted, Organization& organization) {
  if (wanted.overrides.contains("products")) return Done{};
  const auto named = wanted.overrides.find("solutions_object");
  SyncedObject& opportunity = organization.opportunity;
  auto found =
      FindSolutions(rest, opportunity.object,
                    named == wanted.overrides.end() ? "" : std::string(Trim(named->second)),
                    organization.problems);
  if (!found) return found.error();
  organization.solutions = *std::move(found);
  if (!organization.solutions) return Done{};
  organization.solutions->products_text = opportunity.FieldOf("products");
  opportunity.roles["products"] = organization.solutions->relationship;
  return Done{};
}

// The stages are the choices of StageName: describe may list inactive and foreign ones.
void TakeStagesAsChoices(Organization& organization) {
  auto& fields = organization.opportunity.object.fields;
  const auto field = fields.find("StageName");
  if (field == fields.end() || organization.stages.empty()) return;
  field->second.values.clear();
  field->second.restricted = true;
  for (const Stage& stage : organization.stages) {
    if (stage.active) field->second.values.push_back({stage.name, stage.name});
  }
}

}  // namespace

const SyncedObject* Organization::Find(RecordKind kind) const {
  if (kind == RecordKind::opportunity) return &opportunity;
  return lead ? &*lead : nullptr;
}

Result<Organization> Discover(Rest& rest, const Wanted& wanted) {
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
  FindTheRoles(organization.opportunity, wanted, organization);
  if (organization.account.Has("IsPersonAccount")) {
    organization.problems.emplace_back(kPersonAccounts);
  }
  TakeStagesAsChoices(organization);
  organization.sales_team = FindSalesTeam(organization.opportunity.object, organization.user);
  if (organization.sales_team)
    organization.opportunity.roles["sales_team"] = organization.sales_team->relationship;
  if (const Status found = FindTheSolutions(rest, wanted, organization); !found) {
    return found.error();
  }
  if (!wanted.leads) return organization;
  if (const Status described = DescribeLead(rest, organization); !described) {
    return described.error();
  }
  if (organization.lead) FindTheRoles(*organization.lead, wanted, organization);
  return organization;
}

}  // namespace cosell::salesforce
