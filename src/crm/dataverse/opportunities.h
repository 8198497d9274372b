#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crm/dataverse/currency_cache.h"
#include "crm/dataverse/organization.h"
#include "crm/dataverse/rows.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// Reads opportunities with one set of columns: what a Select, or one related read, asks for. Made
// for a call and used by one thread.
class Opportunities {
 public:
  // `columns` may name columns the CRM lacks: they are left out. The columns every record needs
  // (state, modification time, the gate and the referral's id) are added.
  Opportunities(WebApi& api, CurrencyCache& currencies,
                std::shared_ptr<const Organization> organization,
                const std::vector<std::string>& columns);

  const Organization& organization() const { return *organization_; }
  const std::string& select() const { return reader_.select(); }

  // The body of an answer. A currency not met before is looked up first.
  Result<Page> ReadPage(const net::ApiAnswer& answer);
  Result<FlatRow> ReadRow(const net::ApiAnswer& answer);

  // All rows of a query; `filter` is not yet encoded.
  Result<Page> Query(const std::string& filter, const std::string& orderby, const std::string& top);
  // The GET of one row.
  Operation GetRow(const std::string& id) const;

  CrmRecord ToRecord(const FlatRow& row,
                     const std::optional<std::chrono::milliseconds>& clock_offset,
                     const std::vector<std::pair<std::string, std::string>>& extra = {}) const;

  // statecode and statuscode of a row; nothing when the answer had none.
  std::optional<std::int64_t> StateOf(const FlatRow& row) const;
  std::optional<std::int64_t> StatusOf(const FlatRow& row) const;

 private:
  std::string ValueOf(const FlatRow& row, const std::string& column) const;

  WebApi& api_;
  CurrencyCache& currencies_;
  std::shared_ptr<const Organization> organization_;
  RowReader reader_;
};

}  // namespace cosell::dataverse
