#include "crm/dataverse/organization.h"

#include "base/text.h"
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
    ": changes are found by modification time, deletions only by the sweep. Turn on \"Track "
    "changes\" in the table's advanced properties";
constexpr const char* kNoConcurrency =
    ": an edit made in the same second as a write cannot be protected. Enable it in the table's "
    "properties (IsOptimisticConcurrencyEnabled)";
constexpr const char* kNoLeads =
    "Leads cannot be read: give the application user read, create, write and append privileges on "
    "the Lead table, or leave \"lead\" out of crm.records";
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
Result<bool> ColumnAnswers(WebApi& api, const Table& table, const std::string& member) {
  Query query;
  query.entity_set = table.entity_set;
  query.select = member;
  query.top = "1";
  const auto answer = api.Get(Print(query), "probe for column " + member);
  if (answer) return true;
  const ErrorKind kind = answer.error().kind;
  if (kind == ErrorKind::refused || kind == ErrorKind::not_found) return false;
  return answer.error();
}

Status ProbeGuessedColumns(WebApi& api, const std::map<std::string, std::string>& guesses,
                           Table& table) {
  for (const auto& [role, name] : guesses) {
    if (table.Find(name) != nullptr) continue;
    const auto there = ColumnAnswers(api, table, name);
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

void ReportSwitches(const Table& table, std::vector<std::string>& problems) {
  if (table.change_tracking == false) {
    problems.push_back("Change tracking is off for the " + table.logical_name + " table" +
                       kNoTracking);
  }
  if (table.optimistic_concurrency == false) {
    problems.push_back("Optimistic concurrency is not enabled for the " + table.logical_name +
                       " table" + kNoConcurrency);
  }
}

void TakeRoles(RoleSearch found, RecordTable& record, std::vector<std::string>& problems) {
  record.roles = std::move(found.roles);
  problems.insert(problems.end(), found.problems.begin(), found.problems.end());
  const auto closing = record.table.columns.find(record.ColumnOf("closing_date"));
  if (closing != record.table.columns.end()) closing->second.type = ColumnType::date;
}

Result<Table> ReadRecordTable(WebApi& api, std::string_view logical_name,
                              const std::map<std::string, std::string>& guesses) {
  auto table = ReadTable(api, logical_name, Depth::all);
  if (!table || table->from_metadata) return table;
  if (const Status probed = ProbeGuessedColumns(api, guesses, *table); !probed) {
    return probed.error();
  }
  return table;
}

// Whether there are leads that our user may see, at the price of one row.
Result<bool> LeadsAnswer(WebApi& api) {
  Query query;
  query.entity_set = "leads";
  query.select = "leadid";
  query.top = "1";
  const auto answer = api.Get(Print(query), "probe for leads");
  if (answer) return true;
  const ErrorKind kind = answer.error().kind;
  const bool hidden =
      kind == ErrorKind::refused || kind == ErrorKind::forbidden || kind == ErrorKind::not_found;
  if (hidden) return false;
  return answer.error();
}

Status DiscoverLeads(WebApi& api, const std::map<std::string, std::string>& overrides,
                     Organization& organization) {
  const auto answers = LeadsAnswer(api);
  if (!answers) return answers.error();
  if (!*answers) {
    organization.problems.emplace_back(kNoLeads);
    return Done{};
  }
  auto table = ReadRecordTable(api, "lead", GuessedLeadRoles(overrides));
  if (!table) return table.error();
  RecordTable& lead = organization.lead.emplace();
  lead.table = *std::move(table);
  TakeRoles(FindLeadRoles(lead.table, overrides), lead, organization.problems);
  ReportSwitches(lead.table, organization.problems);
  return Done{};
}

// Where there is a table for solutions it takes the place of the Products text, unless the
// configuration names that column.
Status DiscoverSolutions(WebApi& api, RelatedTables& tables,
                         const std::map<std::string, std::string>& overrides,
                         Organization& organization) {
  const bool readable = organization.opportunity.table.from_metadata;
  if (!readable || overrides.contains("products")) return Done{};
  const auto named = overrides.find("solutions_object");
  const std::string table = named == overrides.end() ? "" : ToLower(Trim(named->second));
  auto found = FindSolutions(api, tables, table, organization.problems);
  if (!found) return found.error();
  organization.solutions = *std::move(found);
  if (!organization.solutions) return Done{};
  auto& roles = organization.opportunity.roles;
  organization.solutions->products_text = organization.opportunity.ColumnOf("products");
  roles["products"] = organization.solutions->column();
  return Done{};
}

CrmColumn ToSchema(const Column& column) {
  CrmColumn out;
  out.name = column.name;
  out.type = TypeName(column.type);
  out.length_max = column.length_max;
  out.creatable = column.creatable;
  out.updatable = column.updatable;
  out.required = column.required;
  for (const auto& [value, label] : column.labels)
    out.choices.emplace(label, std::to_string(value));
  return out;
}

std::map<std::string, CrmColumn> ToSchema(const Table& table) {
  std::map<std::string, CrmColumn> columns;
  for (const auto& [name, column] : table.columns) columns.emplace(name, ToSchema(column));
  return columns;
}

}  // namespace

std::string RecordTable::ColumnOf(const std::string& role) const {
  const auto found = roles.find(role);
  return found == roles.end() ? std::string{} : found->second;
}

const RecordTable* Organization::Find(RecordKind kind) const {
  if (kind == RecordKind::opportunity) return &opportunity;
  return lead ? &*lead : nullptr;
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
                              const std::map<std::string, std::string>& overrides, bool leads) {
  Organization organization;
  auto user = ReadUserId(api);
  if (!user) return user.error();
  organization.user_id = *std::move(user);

  RecordTable& opportunity = organization.opportunity;
  auto table = ReadRecordTable(api, "opportunity", GuessedRoles(overrides));
  if (!table) return table.error();
  opportunity.table = *std::move(table);
  if (!opportunity.table.from_metadata) organization.problems.emplace_back(kHiddenMetadata);
  auto roles = SearchRoles(tables, opportunity.table, overrides);
  if (!roles) return roles.error();
  TakeRoles(*std::move(roles), opportunity, organization.problems);

  auto currencies = ReadCurrencies(api);
  if (!currencies) return currencies.error();
  organization.currencies = *std::move(currencies);
  ReportSwitches(opportunity.table, organization.problems);
  if (organization.currencies.empty()) organization.problems.emplace_back(kNoCurrencies);
  const Status solutions = DiscoverSolutions(api, tables, overrides, organization);
  if (!solutions) return solutions.error();
  if (!leads) return organization;
  if (const Status read = DiscoverLeads(api, overrides, organization); !read) return read.error();
  return organization;
}

CrmSchema ToSchema(const Organization& organization) {
  CrmSchema schema;
  schema.roles = organization.opportunity.roles;
  schema.columns = ToSchema(organization.opportunity.table);
  schema.problems = organization.problems;
  schema.currencies = organization.currencies.Codes();
  schema.user_id = organization.user_id;
  if (organization.solutions) {
    CrmColumn column;
    column.name = organization.solutions->column();
    column.type = "text";
    schema.columns.emplace(column.name, std::move(column));
  }
  if (organization.lead) {
    schema.lead = RecordSchema{organization.lead->roles, ToSchema(organization.lead->table)};
    schema.can_qualify = true;
  }
  return schema;
}

}  // namespace cosell::dataverse
