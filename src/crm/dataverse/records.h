#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crm/dataverse/currency_cache.h"
#include "crm/dataverse/organization.h"
#include "crm/dataverse/rows.h"
#include "ports/crm.h"

namespace cosell::dataverse {

// The part of a record's version that is the row's own ETag. Where an opportunity's solutions are
// rows of their own, a digest of them follows it: their change moves no ETag of the opportunity.
std::string RowEtag(const std::string& version);

// Reads records of one kind with one set of columns: what a Select, or one related read, asks for.
// Made for a call and used by one thread.
class Records {
 public:
  // `columns` may name columns the CRM lacks: they are left out. The columns every record needs
  // (state, modification time, the gate, the referral's id, what a lead became) are added. Requires
  // that the organisation looks after this kind.
  Records(WebApi& api, CurrencyCache& currencies, std::shared_ptr<const Organization> organization,
          RecordKind kind, const std::vector<std::string>& columns);

  RecordKind kind() const { return kind_; }
  std::string kind_name() const { return std::string(ToString(kind_)); }
  const Organization& organization() const { return *organization_; }
  const RecordTable& record_table() const { return record_; }
  const Table& table() const { return record_.table; }
  const std::string& select() const { return reader_.select(); }
  // Whether the opportunity's solutions are rows that are to be read too.
  bool reads_solutions() const { return reads_solutions_; }

  // The body of an answer. A currency not met before is looked up first.
  Result<Page> ReadPage(const net::ApiAnswer& answer);
  Result<FlatRow> ReadRow(const net::ApiAnswer& answer);

  // All rows of a query, complete; `filter` is not yet encoded.
  Result<Page> Query(const std::string& filter, const std::string& orderby, const std::string& top);
  // The GET of one row.
  Operation GetRow(const std::string& id) const;

  // Adds what stands in other tables: an opportunity's solutions, and what a lead became where only
  // the opportunity says so. Every row needs it before ToRecord.
  Status Complete(std::span<FlatRow> rows);
  Status Complete(const std::vector<FlatRow*>& rows);

  CrmRecord ToRecord(const FlatRow& row,
                     const std::optional<std::chrono::milliseconds>& clock_offset,
                     const std::vector<std::pair<std::string, std::string>>& extra = {}) const;

  // The version of a complete row: CrmRecord::etag.
  std::string VersionOf(const FlatRow& row) const;
  // statecode and statuscode of a row; nothing when the answer had none.
  std::optional<std::int64_t> StateOf(const FlatRow& row) const;
  std::optional<std::int64_t> StatusOf(const FlatRow& row) const;
  // JSON text of a column's flat value; empty for one that is not read.
  std::string ValueOf(const FlatRow& row, const std::string& column) const;
  // The id a lookup names, empty for none.
  std::string IdAt(const FlatRow& row, const std::string& column) const;

 private:
  Status AddSolutions(const std::vector<FlatRow*>& rows);
  Status AddBecame(const std::vector<FlatRow*>& rows);

  WebApi& api_;
  CurrencyCache& currencies_;
  std::shared_ptr<const Organization> organization_;
  RecordKind kind_;
  const RecordTable& record_;
  bool reads_solutions_;
  RowReader reader_;
};

}  // namespace cosell::dataverse
