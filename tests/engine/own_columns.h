#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "support/sync_world.h"
#include "tools/sandbox/dataverse/dataverse_world.h"
#include "tools/sandbox/salesforce/salesforce_world.h"

// Columns of the company's own, which the desk has no words for.
namespace cosell::test {

// By the name either CRM has for it.
struct OwnColumn {
  std::string dynamics365;
  std::string salesforce;
};

inline bool IsSalesforce(SyncWorld& sync) {
  return sync.desk().product() == CrmProduct::salesforce;
}

// A seller edits an opportunity.
inline void SetOwn(SyncWorld& sync, const std::string& id, const OwnColumn& column,
                   const Json& value) {
  Status set = Done{};
  if (IsSalesforce(sync)) {
    auto& crm = sync.world().salesforce().world();
    set = crm.Edit(crm.people().front(), "Opportunity", id,
                   Json({{column.salesforce, value}}).dump());
  } else {
    auto& crm = sync.world().dataverse();
    set = crm.Edit(crm.people().front(), "opportunities", id,
                   Json({{column.dynamics365, value}}).dump());
  }
  if (!set) ADD_FAILURE() << Describe(set.error());
}

inline std::string OwnOf(SyncWorld& sync, const std::string& id, const OwnColumn& column) {
  if (IsSalesforce(sync)) {
    const auto row = sync.world().salesforce().world().Row("Opportunity", id);
    return row ? row->Field(column.salesforce).value_or("") : "";
  }
  const auto row = sync.world().dataverse().Row("opportunities", id);
  return row ? row->Cell(column.dynamics365).value_or("") : "";
}

// The column of every account, sorted.
inline std::vector<std::string> OfAccounts(SyncWorld& sync, const OwnColumn& column) {
  std::vector<std::string> values;
  if (IsSalesforce(sync)) {
    for (const auto& row : sync.world().salesforce().world().Rows("Account"))
      values.push_back(row.Field(column.salesforce).value_or(""));
  } else {
    for (const auto& row : sync.world().dataverse().Rows("accounts"))
      values.push_back(row.Cell(column.dynamics365).value_or(""));
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace cosell::test
