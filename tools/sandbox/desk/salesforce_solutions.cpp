#include "tools/sandbox/desk/salesforce_solutions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/desk/words.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr char kOpportunity[] = "Opportunity";
constexpr char kSolution[] = "Microsoft_Solution__c";
constexpr char kProducts[] = "Products__c";

bool Has(const std::vector<std::string>& solutions, const std::string& wanted) {
  return std::any_of(solutions.begin(), solutions.end(),
                     [&](const std::string& each) { return EqualsIgnoreCase(each, wanted); });
}

}  // namespace

Status SalesforceSolutions::Set(const std::string& opportunity,
                                const std::vector<std::string>& solutions) {
  if (!world_.options().solutions_object) {
    const Json body = {{world_.Column(kProducts), Join(solutions, "; ")}};
    return world_.Edit(Seller(), kOpportunity, opportunity, body.dump());
  }
  std::vector<std::string> there;
  for (const auto& [id, solution] : RowsOf(opportunity)) {
    if (Has(solutions, solution)) {
      there.push_back(solution);
    } else if (const Status gone = world_.Delete(Seller(), world_.Column(kSolution), id); !gone) {
      return gone;
    }
  }
  for (const std::string& each : solutions) {
    if (Has(there, each)) continue;
    if (const Status added = Add(opportunity, each); !added) return added;
  }
  return Done{};
}

std::vector<std::string> SalesforceSolutions::Of(const std::string& opportunity) const {
  if (!world_.options().solutions_object) {
    const auto row = world_.Row(kOpportunity, opportunity);
    return ListOf(row ? row->Field(world_.Column(kProducts)).value_or("") : "");
  }
  std::vector<std::string> solutions;
  for (const auto& [id, solution] : RowsOf(opportunity)) solutions.push_back(solution);
  std::sort(solutions.begin(), solutions.end());
  return solutions;
}

std::vector<std::pair<std::string, std::string>> SalesforceSolutions::RowsOf(
    const std::string& opportunity) const {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const SalesforceRow& row : world_.Rows(world_.Column(kSolution))) {
    if (row.Field("IsDeleted") == "true") continue;
    if (row.Field(world_.Column("Opportunity__c")) != opportunity) continue;
    rows.emplace_back(row.id, row.Field(world_.Column("Solution_Identifier__c")).value_or(""));
  }
  return rows;
}

Status SalesforceSolutions::Add(const std::string& opportunity, const std::string& solution) {
  const Json body = {{world_.Column("Opportunity__c"), opportunity},
                     {world_.Column("Solution_Identifier__c"), solution}};
  const auto made = world_.Create(Seller(), world_.Column(kSolution), body.dump());
  if (!made) return made.error();
  return Done{};
}

std::string SalesforceSolutions::Seller() const { return world_.people().front(); }

}  // namespace cosell::sandbox
