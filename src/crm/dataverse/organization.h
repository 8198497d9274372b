#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crm/dataverse/solutions.h"
#include "crm/dataverse/table.h"
#include "crm/dataverse/web_api.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// One kind of record the service looks after. A value.
struct RecordTable {
  Table table;
  std::map<std::string, std::string> roles;

  // The column of a role, empty when the CRM has none.
  std::string ColumnOf(const std::string& role) const;
};

// What is known about one organisation after discovery. A value; shared read-only.
struct Organization {
  RecordTable opportunity;
  std::optional<RecordTable> lead;  // nothing: not asked for, or the CRM has none
  std::optional<SolutionsTable> solutions;
  Currencies currencies;
  std::vector<std::string> problems;
  std::string user_id;

  // Null for leads that are not looked after.
  const RecordTable* Find(RecordKind kind) const;
};

// The tables beside the records themselves, read when first needed and then kept. Safe from any
// thread.
class RelatedTables {
 public:
  explicit RelatedTables(WebApi& api) : api_(api) {}
  Result<std::shared_ptr<const Table>> Get(const std::string& logical_name);
  void Forget();

 private:
  WebApi& api_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Table>> tables_;
};

// Discovery: who we are, metadata, roles, currencies, and where asked for the leads. An error only
// if the CRM cannot be read at all; whatever else is missing becomes a line in `problems`.
Result<Organization> Discover(WebApi& api, RelatedTables& tables,
                              const std::map<std::string, std::string>& overrides, bool leads);

CrmSchema ToSchema(const Organization& organization);

}  // namespace cosell::dataverse
