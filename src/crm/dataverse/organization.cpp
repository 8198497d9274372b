#include "crm/dataverse/organization.h"

#include "crm/dataverse/errors.h"
#include "crm/dataverse/metadata.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/roles.h"

namespace cosell::dataverse {
namespace {

constexpr const char* kHiddenMetadata =
    "The table definitions of the CRM cannot be read: columns are taken from crm.fields and the "
    "usual names, choices cannot be written. Give the application user a role that may read "
    "entity and attribute metadata (for example System Customizer, or read on Customizations)";
constexpr const char* kNoTracking =
    "Change tracking is off for the opportunity table: changes are found by modification time, "
    "deletions only by the sweep. Turn on \"Track changes\" in the table's advanced properties";
constexpr const char* kNoConcurrency =
    "Optimistic concurrency is not enabled for the opportunity table: an edit made in the same "
    "second as a write cannot be protected. Enable it in the table's properties "
    "(IsOptimisticConcurrencyEnabled)";
constexpr const char* kNoCurrencies =
    "The organisation lists no currency: deal values cannot be written. Let the application user "
    "read the Currency table, and add the currencies you sell in";

std::string_view TypeName(ColumnType type) {
  switch (type) {
    case ColumnType::memo:
      return "memo";
    case ColumnType::money:
      return "money";
    case ColumnType::number:
      return "number";
    case ColumnType::date:
      return "date";
    case ColumnType::datetime:
      return "datetime";
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::choice:
    case ColumnType::multi_choice:
      return "choice";
    case ColumnType::lookup:
      return "lookup";
    case ColumnType::status:
      return "status";
    case ColumnType::text:
    case ColumnType::guid:
    case ColumnType::unknown:
      return "text";
  }
  return "text";
}

// Without metadata a column is there if a query that selects it is answered.
Result<bool> ColumnAnswers(WebApi& api, const std::string& member) {
  Query query;
  query.entity_set = "opportunities";
  query.select = member;
  query.top = "1";
  const auto answer = api.Get(Print(query), "probe for column " + member);
  if (answer) return true;
  const ErrorKind kind = answer.error().kind;
  if (kind == ErrorKind::refused || kind == ErrorKind::not_found) return false;
  return answer.error();
}

Status ProbeGuessedColumns(WebApi& api, const std::map<std::string, std::string>& overrides,
                           Table& table) {
  for (const auto& [role, name] : GuessedRoles(overrides)) {
    if (table.Find(name) != nullptr) continue;
    const auto there = ColumnAnswers(api, name);
    if (!there) return there.error();
    if (*there) table.columns.emplace(name, GuessedColumn(role, name));
  }
  return Done{};
}

Result<RoleSearch> SearchRoles(RelatedTables& tables, const Table& opportunity,
                               const std::map<std::string, std::string>& overrides) {
  Table account = EmptyTable("account");
  if (overrides.contains("country_code")) {
    const auto read = tables.Get("account");
    if (!read) return read.error();
    account = **read;
  }
  return FindRoles(opportunity, account, overrides);
}

void ReportSwitches(Organization& organization) {
  if (organization.opportunity.change_tracking == false) {
    organization.problems.emplace_back(kNoTracking);
  }
  if (organization.opportunity.optimistic_concurrency == false) {
    organization.problems.emplace_back(kNoConcurrency);
  }
  if (organization.currencies.empty()) organization.problems.emplace_back(kNoCurrencies);
}

}  // namespace

std::string Organization::ColumnOf(const std::string& role) const {
  const auto found = roles.find(role);
  return found == roles.end() ? std::string{} : found->second;
}

Result<std::shared_ptr<const Table>> RelatedTables::Get(const std::string& logical_name) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = tables_.find(logical_name);
    if (found != tables_.end()) return found->second;
  }
  auto table = ReadTable(api_, logical_name, Depth::choices);
  if (!table) return table.error();
  auto shared = std::make_shared<const Table>(*std::move(table));
  const std::scoped_lock lock(mutex_);
  return tables_[logical_name] = std::move(shared);
}

void RelatedTables::Forget() {
  const std::scoped_lock lock(mutex_);
  tables_.clear();
}

Result<Organization> Discover(WebApi& api, RelatedTables& tables,
                              const std::map<std::string, std::string>& overrides) {
  Organization organization;
  auto user = ReadUserId(api);
  if (!user) return user.error();
  organization.user_id = *std::move(user);

  auto table = ReadTable(api, "opportunity", Depth::all);
  if (!table) return table.error();
  organization.opportunity = *std::move(table);
  if (!organization.opportunity.from_metadata) {
    organization.problems.emplace_back(kHiddenMetadata);
    const Status probed = ProbeGuessedColumns(api, overrides, organization.opportunity);
    if (!probed) return probed.error();
  }

  auto roles = SearchRoles(tables, organization.opportunity, overrides);
  if (!roles) return roles.error();
  organization.roles = std::move(roles->roles);
  organization.problems.insert(organization.problems.end(), roles->problems.begin(),
                               roles->problems.end());
  if (const std::string closing = organization.ColumnOf("closing_date"); !closing.empty()) {
    const auto column = organization.opportunity.columns.find(closing);
    if (column != organization.opportunity.columns.end()) column->second.type = ColumnType::date;
  }

  auto currencies = ReadCurrencies(api);
  if (!currencies) return currencies.error();
  organization.currencies = *std::move(currencies);
  ReportSwitches(organization);
  return organization;
}

CrmSchema ToSchema(const Organization& organization) {
  CrmSchema schema;
  schema.roles = organization.roles;
  schema.problems = organization.problems;
  schema.currencies = organization.currencies.Codes();
  schema.user_id = organization.user_id;
  for (const auto& [name, column] : organization.opportunity.columns) {
    CrmColumn out;
    out.name = name;
    out.type = TypeName(column.type);
    out.length_max = column.length_max;
    out.creatable = column.creatable;
    out.updatable = column.updatable;
    for (const auto& [value, label] : column.labels) {
      out.choices.emplace(label, std::to_string(value));
    }
    schema.columns.emplace(name, std::move(out));
  }
  return schema;
}

}  // namespace cosell::dataverse
