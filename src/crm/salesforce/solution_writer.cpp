#include "crm/salesforce/solution_writer.h"

#include <algorithm>

#include "base/text.h"
#include "crm/salesforce/collections.h"
#include "crm/salesforce/json_text.h"

namespace cosell::salesforce {
namespace {

constexpr const char* kSolution = "solution";

// A row to make or to delete.
struct Change {
  Job* job = nullptr;
  std::string text;  // the identifier to make, or the id to delete
};

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> members;
  for (const std::string& part : Split(ReplaceAll(text, ",", ";"), ';')) {
    if (const auto member = Trim(part); !member.empty()) members.emplace_back(member);
  }
  return members;
}

bool Has(const std::vector<std::string>& identifiers, const std::string& wanted) {
  return std::any_of(identifiers.begin(), identifiers.end(),
                     [&](const std::string& each) { return EqualsIgnoreCase(each, wanted); });
}

Body RowOf(const SolutionsObject& solutions, const Change& change) {
  Body body;
  body.Set(solutions.parent_field, Quoted(change.job->id));
  body.Set(solutions.identifier, Quoted(change.text));
  // A name that is no number of its own is required.
  const Field* name = solutions.object.Find("Name");
  if (name != nullptr && name->creatable) body.Set("Name", Quoted(change.text));
  return body;
}

void Take(const Change& change, const std::string& operation, const RowOutcome& outcome,
          const std::string& id) {
  Job& job = *change.job;
  if (!outcome.error || WasAttempted(*outcome.error)) {
    job.performed.push_back(Performed(kSolution, id, operation, outcome));
  }
  if (outcome.error && job.open()) job.error = outcome.error;
}

void Create(Rest& rest, const SolutionsObject& solutions, const std::vector<Change>& changes) {
  CollectionCall call;
  call.method = "POST";
  call.path = kCollections;
  call.purpose = Purpose::create;
  call.what = "create of solutions";
  std::vector<std::string> records;
  for (const Change& each : changes) {
    records.push_back(PrintRecord(RowOf(solutions, each), solutions.object.name, ""));
  }
  const auto outcomes = RunCollection(rest, call, records);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Take(changes[i], "create", outcomes[i], outcomes[i].id);
  }
}

void Delete(Rest& rest, const std::vector<Change>& changes) {
  std::vector<std::string> ids;
  for (const Change& each : changes) ids.push_back(each.text);
  const auto outcomes = RunDeletes(rest, ids, "delete of solutions");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    // Gone is what was wanted.
    const bool gone = outcomes[i].error && outcomes[i].error->kind == ErrorKind::not_found;
    if (!gone) Take(changes[i], "delete", outcomes[i], changes[i].text);
  }
}

}  // namespace

std::optional<std::vector<std::string>> TakeSolutions(const SolutionsObject& solutions,
                                                      std::vector<Attribute>& attributes) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& each) {
    return each.name == solutions.relationship;
  });
  if (found == attributes.end()) return std::nullopt;
  const std::string text = Unquoted(found->json);
  attributes.erase(found);
  return SplitList(text);
}

void WriteSolutions(Rest& rest, const SolutionsObject& solutions, std::span<Job* const> jobs) {
  std::vector<std::string> ids;
  for (const Job* job : jobs) ids.push_back(job->id);
  const auto rows = ReadSolutions(rest, solutions, ids, true);
  std::vector<Change> missing, unwanted;
  for (Job* job : jobs) {
    if (!rows) {
      job->error = rows.error();
      continue;
    }
    std::vector<std::string> there;
    for (const SolutionRow& row : *rows) {
      if (row.opportunity_id != job->id) continue;
      const bool wanted = Has(*job->solutions, row.identifier) && !Has(there, row.identifier);
      there.push_back(row.identifier);
      if (!wanted) unwanted.push_back({job, row.id});
    }
    for (const std::string& each : *job->solutions) {
      if (Has(there, each)) continue;
      missing.push_back({job, each});
      there.push_back(each);
    }
  }
  Create(rest, solutions, missing);
  Delete(rest, unwanted);
}

}  // namespace cosell::salesforce
