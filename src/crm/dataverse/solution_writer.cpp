#include "crm/dataverse/solution_writer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;

constexpr const char* kSolution = "solution";

// A row to make or to delete.
struct Change {
  Job* job = nullptr;
  std::string id;          // of the row
  std::string identifier;  // empty: delete
  bool creates() const { return !identifier.empty(); }
};

bool Has(const std::vector<std::string>& identifiers, const std::string& wanted) {
  return std::any_of(identifiers.begin(), identifiers.end(),
                     [&](const std::string& each) { return EqualsIgnoreCase(each, wanted); });
}

// Somebody may have given the row of that id to another solution.
std::string FreeId(const Job& job, const std::string& identifier,
                   const std::vector<SolutionRow>& rows) {
  std::string name = job.id + "|" + ToLower(identifier);
  while (true) {
    const std::string id = DerivedGuid(kSolution, name);
    const bool taken =
        std::any_of(rows.begin(), rows.end(), [&](const SolutionRow& row) { return row.id == id; });
    if (!taken) return id;
    name += "|again";
  }
}

// What the job's opportunity lacks and what it has too much. A row that is there twice is kept
// once.
void Compare(Job& job, const std::vector<SolutionRow>& rows, std::vector<Change>& changes) {
  std::vector<std::string> there;
  for (const SolutionRow& row : rows) {
    if (row.opportunity_id != job.id) continue;
    const bool wanted = Has(*job.solutions, row.identifier) && !Has(there, row.identifier);
    there.push_back(row.identifier);
    if (!wanted) changes.push_back({&job, row.id, ""});
  }
  for (const std::string& each : *job.solutions) {
    if (Has(there, each)) continue;
    changes.push_back({&job, FreeId(job, each, rows), each});
    there.push_back(each);
  }
}

using Catalogue = std::map<std::string, SolutionColumns>;  // by identifier, lower case

Catalogue KnownSolutions(WebApi& api, const SolutionsTable& solutions,
                         const std::vector<Change>& changes) {
  std::vector<std::string> identifiers;
  for (const Change& each : changes) {
    if (each.creates()) identifiers.push_back(each.identifier);
  }
  Catalogue catalogue;
  // A row without its particulars is better than none: they are for people to read.
  const auto known = ReadCatalogue(api, solutions, identifiers);
  if (!known) return catalogue;
  for (const SolutionColumns& each : *known) catalogue.emplace(ToLower(each.identifier), each);
  return catalogue;
}

std::string CutTo(const Table& table, const std::string& column, const std::string& text) {
  const Column* known = table.Find(column);
  const bool limited = known != nullptr && known->length_max;
  return limited ? std::string(TruncateUtf16(text, *known->length_max)) : text;
}

std::string RowBody(const SolutionsTable& solutions, const Change& change,
                    const Catalogue& catalogue) {
  const auto found = catalogue.find(ToLower(change.identifier));
  SolutionColumns values{change.identifier, change.identifier, "", ""};
  if (found != catalogue.end()) values = found->second;
  if (values.name.empty()) values.name = change.identifier;
  const SolutionColumns& columns = solutions.columns;
  Json body = {{columns.identifier, change.identifier}};
  for (const auto& [column, text] :
       {std::pair(columns.name, values.name), std::pair(columns.type, values.type),
        std::pair(columns.publisher, values.publisher)}) {
    if (column.empty() || text.empty() || column == columns.identifier) continue;
    body[column] = CutTo(*solutions.table, column, text);
  }
  body[solutions.navigation + "@odata.bind"] = "/opportunities(" + change.job->id + ")";
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Operation OperationOf(const SolutionsTable& solutions, const Change& change,
                      const Catalogue& catalogue) {
  Operation operation;
  operation.path = RowPath(solutions.table->entity_set, change.id);
  operation.method = change.creates() ? "PATCH" : "DELETE";
  if (change.creates()) {
    operation.headers = {{"If-None-Match", "*"}};
    operation.body = RowBody(solutions, change, catalogue);
  }
  operation.correlation = change.job->write->correlation.text;
  return operation;
}

void Take(const Change& change, const Sent& sent) {
  Job& job = *change.job;
  const std::string operation = change.creates() ? "create" : "delete";
  const Purpose purpose = change.creates() ? Purpose::create : Purpose::update;
  const std::string what = operation + " of solution " + change.id;
  std::optional<Error> error;
  if (!sent.answer) {
    error = ErrorFromClient(sent.answer.error(), purpose, what);
  } else if (sent.answer->response.status >= 300) {
    error = ErrorFromAnswer(*sent.answer, purpose, what);
  }
  // What was wanted is there already, or gone already.
  const bool moot =
      error && error->kind == (change.creates() ? ErrorKind::already_exists : ErrorKind::not_found);
  if (moot) return;
  if (!error || WasAttempted(*error)) {
    job.performed.push_back(Performed(kSolution, change.id, operation, error, sent));
  }
  if (error && job.open()) job.error = error;
}

}  // namespace

std::optional<std::vector<std::string>> TakeSolutions(const SolutionsTable& solutions,
                                                      std::vector<Attribute>& attributes) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& each) {
    return each.name == solutions.column();
  });
  if (found == attributes.end()) return std::nullopt;
  const Json value = Json::parse(found->json, nullptr, false);
  attributes.erase(found);
  std::vector<std::string> members;
  if (!value.is_string()) return members;
  for (const std::string& part : Split(ReplaceAll(value.get<std::string>(), ",", ";"), ';')) {
    if (const auto member = Trim(part); !member.empty()) members.emplace_back(member);
  }
  return members;
}

void RefuseStaleSolutions(WebApi& api, Records& opportunities, std::vector<Job>& jobs) {
  std::vector<Job*> reading;
  const auto operations = Collect(
      jobs,
      [](const Job& job) {
        return job.Is(CrmWrite::Kind::update) && job.solutions && !job.write->etag.empty();
      },
      [](const Job& job) { return job.records->GetRow(job.id); }, reading);
  const auto sent = api.RunAll(operations);
  std::vector<FlatRow*> rows;
  for (std::size_t i = 0; i < reading.size(); ++i) {
    TakeRead(*reading[i], reading[i]->id, sent[i]);
    if (reading[i]->open()) rows.push_back(&*reading[i]->row);
  }
  const Status completed = opportunities.Complete(rows);
  for (Job* job : reading) {
    if (!job->open()) continue;
    if (!completed) {
      job->error = completed.error();
    } else if (opportunities.VersionOf(*job->row) != job->write->etag) {
      Error stale;
      stale.kind = ErrorKind::stale_version;
      stale.message =
          "Opportunity " + job->id + " or its solutions have changed since the write was planned";
      job->error = std::move(stale);
    }
    job->row.reset();
  }
}

void WriteSolutions(WebApi& api, const SolutionsTable& solutions, const std::vector<Job*>& jobs) {
  std::vector<std::string> ids;
  for (const Job* job : jobs) ids.push_back(job->id);
  const auto rows = ReadSolutions(api, solutions, ids);
  std::vector<Change> changes;
  for (Job* job : jobs) {
    if (rows) {
      Compare(*job, *rows, changes);
    } else {
      job->error = job->written ? ReadBackFailed(rows.error(), *job) : rows.error();
    }
  }
  const Catalogue catalogue = KnownSolutions(api, solutions, changes);
  std::vector<Operation> operations;
  for (const Change& each : changes) operations.push_back(OperationOf(solutions, each, catalogue));
  const auto sent = api.RunAll(operations);
  for (std::size_t i = 0; i < changes.size(); ++i) Take(changes[i], sent[i]);
}

}  // namespace cosell::dataverse
