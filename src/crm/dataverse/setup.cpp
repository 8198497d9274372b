#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/dataverse_setup.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/inspect.h"
#include "crm/dataverse/metadata_json.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/organization.h"
#include "crm/dataverse/setup_parts.h"

namespace cosell::dataverse {
namespace {

constexpr const char* kHidden =
    "The table definitions of the CRM cannot be read, so nobody can say what is missing: give the "
    "application user the role System Customizer (or System Administrator) while it prepares the "
    "CRM";
constexpr const char* kRights =
    ". Creating columns needs the role System Customizer (or System Administrator): give it to the "
    "application user for this one step, or let an administrator run it";

// Our publisher, as far as it exists.
struct Publisher {
  std::string id;  // empty: not there yet
  std::string prefix{kPrefix};
};

Result<Publisher> FindPublisher(WebApi& api) {
  Query query;
  query.entity_set = "publishers";
  query.select = "publisherid,customizationprefix";
  query.filter = "uniquename eq " + QuoteLiteral(kPublisher);
  Publisher publisher;
  const auto read = EachRow(api, Print(query), "publisher", [&](const Json& row) {
    publisher.id = TextAt(row, "publisherid");
    publisher.prefix = TextAt(row, "customizationprefix");
  });
  if (!read) return read.error();
  return publisher;
}

Result<bool> HasSolution(WebApi& api) {
  Query query;
  query.entity_set = "solutions";
  query.select = "solutionid";
  query.filter = "uniquename eq " + QuoteLiteral(kSolution);
  bool found = false;
  const auto read = EachRow(api, Print(query), "solution", [&](const Json&) { found = true; });
  if (!read) return read.error();
  return found;
}

// A step and the request that makes it.
struct Planned {
  SetupStep step;
  Operation operation;
  std::string publishes;  // table
};

class Planner {
 public:
  Planner(WebApi& api, const DataverseOptions& options, const Organization& organization,
          const Publisher& publisher)
      : api_(api), options_(options), organization_(organization), publisher_(publisher) {}

  Result<std::vector<Planned>> Run() {
    AddColumns(organization_.opportunity, ColumnsOfDeal(), "");
    if (organization_.lead) AddColumns(*organization_.lead, ColumnsOfLead(), "lead.");
    if (const Status added = AddSolutionTables(); !added) return added.error();
    if (const Status added = AddGround(); !added) return added.error();
    return std::move(planned_);
  }

 private:
  void AddColumns(const RecordTable& record, const std::vector<PartColumn>& columns,
                  const std::string& key) {
    for (const PartColumn& column : columns) {
      if (!record.ColumnOf(column.role).empty()) continue;
      const std::string& table = record.table.logical_name;
      Planned planned;
      planned.step.object = table;
      planned.step.name = LogicalName(publisher_.prefix, column.schema_name);
      planned.step.id = "column " + table + " " + planned.step.name;
      planned.step.text = Describe(column);
      planned.step.obstacle = ObstacleOf(record, column, key + column.role, planned.step.name);
      planned.operation = MakeColumn(publisher_.prefix, table, column);
      planned.publishes = table;
      planned_.push_back(std::move(planned));
    }
  }

  std::string ObstacleOf(const RecordTable& record, const PartColumn& column,
                         const std::string& role, const std::string& name) const {
    const auto named = options_.fields.find(role);
    if (named != options_.fields.end()) {
      return "crm.fields." + role + " names " + named->second +
             ", which is not there or has another type: correct it, or remove the entry and "
             "prepare again";
    }
    if (record.table.Find(name) == nullptr) return "";
    return "the column " + name + " is there, but with another type or label: name it \"" +
           column.label + "\" again, or name yours in crm.fields." + role;
  }

  // Where solutions have a place already, be it only the older Products text, they stay there.
  Status AddSolutionTables() {
    const bool placed = organization_.solutions || options_.fields.contains("products") ||
                        options_.fields.contains("solutions_object") ||
                        !organization_.opportunity.ColumnOf("products").empty();
    if (placed) return Done{};
    const PartTable solutions = SolutionsOfDeal();
    const std::string name = LogicalName(publisher_.prefix, solutions.schema_name);
    if (const Status added = AddTable(solutions); !added) return added;
    if (const Status added = AddTable(SolutionCatalogue()); !added) return added;
    Planned lookup;
    lookup.step = {"lookup " + name, name, LogicalName(publisher_.prefix, "OpportunityId"),
                   "Opportunity: lookup of the opportunity the solution belongs to"};
    lookup.operation = MakeLookup(publisher_.prefix, solutions);
    lookup.publishes = name;
    // Last: solutions are used once the lookup is there, and then the catalogue is wanted too.
    planned_.push_back(std::move(lookup));
    return Done{};
  }

  Status AddTable(const PartTable& table) {
    const std::string name = LogicalName(publisher_.prefix, table.schema_name);
    const auto there =
        GetMetadata(api_, "EntityDefinitions(LogicalName='" + name + "')?$select=LogicalName",
                    "definition of table " + name);
    if (!there) return there.error();
    if (there->has_value()) return Done{};
    Planned planned;
    planned.step = {"table " + name, "", name, table.label_plural + ": table"};
    planned.operation = MakeTable(publisher_.prefix, table);
    planned.publishes = name;
    planned_.push_back(std::move(planned));
    return Done{};
  }

  // Publisher and solution come first, and only where something will belong to them.
  Status AddGround() {
    const bool any = std::any_of(planned_.begin(), planned_.end(),
                                 [](const Planned& each) { return each.step.obstacle.empty(); });
    if (!any) return Done{};
    std::vector<Planned> ground;
    if (publisher_.id.empty()) {
      ground.push_back({{"publisher", "", std::string(kPublisher),
                         "publisher with the prefix \"" + publisher_.prefix + "_\""},
                        MakePublisher(),
                        ""});
    }
    const auto solution = HasSolution(api_);
    if (!solution) return solution.error();
    if (!*solution) {
      ground.push_back({{"solution", "", std::string(kSolution),
                         "unmanaged solution that holds what is created"},
                        {},
                        ""});
    }
    planned_.insert(planned_.begin(), ground.begin(), ground.end());
    return Done{};
  }

  WebApi& api_;
  const DataverseOptions& options_;
  const Organization& organization_;
  const Publisher& publisher_;
  std::vector<Planned> planned_;
};

class DataverseSetup final : public CrmSetup {
 public:
  DataverseSetup(net::ApiClient& api, DataverseOptions options, Clock& clock, Random& random)
      : options_(std::move(options)),
        api_(api, clock, random, options_.url, options_.batch_operations_max),
        tables_(api_) {}

  Result<std::vector<SetupStep>> Plan() override {
    tables_.Forget();
    const auto organization = Discover(api_, tables_, options_.fields, options_.leads);
    if (!organization) return organization.error();
    if (!organization->opportunity.table.from_metadata) {
      return Error{.kind = ErrorKind::forbidden, .message = kHidden};
    }
    const auto publisher = FindPublisher(api_);
    if (!publisher) return publisher.error();
    auto planned = Planner(api_, options_, *organization, *publisher).Run();
    if (!planned) return planned.error();
    planned_.clear();
    std::vector<SetupStep> steps;
    for (Planned& each : *planned) {
      steps.push_back(each.step);
      planned_.emplace(each.step.id, std::move(each));
    }
    return steps;
  }

  Status Make(const SetupStep& step) override {
    const auto found = planned_.find(step.id);
    if (found == planned_.end()) return Refusal("This step is not in the plan: " + step.id);
    Operation operation = found->second.operation;
    if (step.id == "solution") {
      const auto publisher = FindPublisher(api_);
      if (!publisher) return publisher.error();
      operation = MakeSolution(publisher->id);
    }
    if (const Status sent = Send(operation, "creation of " + step.name); !sent) return sent;
    if (!found->second.publishes.empty()) unpublished_.insert(found->second.publishes);
    return Done{};
  }

  Status Publish() override {
    if (unpublished_.empty()) return Done{};
    const std::vector<std::string> tables(unpublished_.begin(), unpublished_.end());
    const Status sent = Send(MakePublish(tables), "publishing of the changed tables");
    if (sent) unpublished_.clear();
    return sent;
  }

  std::vector<std::string> Handwork() const override {
    return {
        "Put the columns on the opportunity's form, in a section \"Microsoft Partner Center\", and "
        "lock Referral Identifier, Referral Link, Referral Program, Microsoft CRM Identifier and "
        "Audit there",
        "Put the table Microsoft Solutions on the opportunity's form as a subgrid, and fill "
        "Microsoft Solution Details with your co-sell ready solutions (Solution Identifier, "
        "Solution Name)",
        "Give sellers' security roles read and write on the new tables"};
  }

  Result<Inspection> Inspect() override {
    const auto organization = Discover(api_, tables_, options_.fields, options_.leads);
    if (!organization) return organization.error();
    return InspectOrganization(api_, *organization, options_.leads);
  }

 private:
  Status Send(const Operation& operation, const std::string& what) {
    const auto answer = api_.Send(operation);
    if (!answer) return ErrorFromClient(answer.error(), Purpose::action, what);
    if (answer->response.status < 300) return Done{};
    Error error = ErrorFromAnswer(*answer, Purpose::action, what);
    if (error.kind == ErrorKind::forbidden) error.message += kRights;
    return error;
  }

  const DataverseOptions options_;
  WebApi api_;
  RelatedTables tables_;
  std::map<std::string, Planned> planned_;
  std::set<std::string> unpublished_;
};

}  // namespace
}  // namespace cosell::dataverse

namespace cosell {

std::unique_ptr<CrmSetup> MakeDataverseSetup(net::ApiClient& api, DataverseOptions options,
                                             Clock& clock, Random& random) {
  return std::make_unique<dataverse::DataverseSetup>(api, std::move(options), clock, random);
}

}  // namespace cosell
