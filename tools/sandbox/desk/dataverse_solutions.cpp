#include "tools/sandbox/desk/dataverse_solutions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/desk/words.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kOpportunities[] = "opportunities";

std::string RowSet(const DataverseWorld& world) { return world.Column("microsoftsolutions"); }

std::vector<RowView> RowsOf(const DataverseWorld& world, const std::string& opportunity) {
  std::vector<RowView> rows = world.Rows(RowSet(world));
  const std::string parent = "_" + world.Column("opportunityid") + "_value";
  std::erase_if(rows, [&](const RowView& row) { return row.Cell(parent) != opportunity; });
  return rows;
}

bool Has(const std::vector<std::string>& solutions, const std::string& wanted) {
  return std::any_of(solutions.begin(), solutions.end(),
                     [&](const std::string& each) { return EqualsIgnoreCase(each, wanted); });
}

}  // namespace

Status DataverseSolutions::Set(const std::string& opportunity,
                               const std::vector<std::string>& solutions) {
  if (!world_.switches().solutions_table) {
    const Json body = {{world_.Column("products"), Join(solutions, "; ")}};
    return world_.Edit(Seller(), kOpportunities, opportunity, body.dump());
  }
  std::vector<std::string> there;
  for (const RowView& row : RowsOf(world_, opportunity)) {
    const std::string id = row.Cell(world_.Column("solutionidentifier")).value_or("");
    if (Has(solutions, id)) {
      there.push_back(id);
    } else if (const Status gone = world_.Delete(Seller(), RowSet(world_), row.id); !gone) {
      return gone;
    }
  }
  for (const std::string& each : solutions) {
    if (Has(there, each)) continue;
    if (const Status added = Add(opportunity, each); !added) return added;
  }
  return Done{};
}

std::vector<std::string> DataverseSolutions::Of(const std::string& opportunity) const {
  if (!world_.switches().solutions_table) {
    const auto row = world_.Row(kOpportunities, opportunity);
    return ListOf(row ? row->Cell(world_.Column("products")).value_or("") : "");
  }
  std::vector<std::string> solutions;
  for (const RowView& row : RowsOf(world_, opportunity)) {
    solutions.push_back(row.Cell(world_.Column("solutionidentifier")).value_or(""));
  }
  std::sort(solutions.begin(), solutions.end());
  return solutions;
}

// The seller picks it from the catalogue, which fills the other columns.
Status DataverseSolutions::Add(const std::string& opportunity, const std::string& solution) {
  Json body = {{world_.Column("solutionidentifier"), solution}, {world_.Column("name"), solution}};
  for (const RowView& row : world_.Rows(world_.Column("microsoftsolutiondetails"))) {
    if (row.Cell(world_.Column("solutionidentifier")) != solution) continue;
    for (const char* name : {"name", "type", "publishername"}) {
      if (const auto text = row.Cell(world_.Column(name))) body[world_.Column(name)] = *text;
    }
  }
  body[world_.Column("OpportunityId") + "@odata.bind"] = "/opportunities(" + opportunity + ")";
  const auto made = world_.Create(Seller(), RowSet(world_), body.dump());
  if (!made) return made.error();
  return Done{};
}

std::string DataverseSolutions::Seller() const { return world_.people().front(); }

}  // namespace cosell::sandbox
