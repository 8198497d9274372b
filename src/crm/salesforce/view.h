#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crm/salesforce/organization.h"
#include "crm/salesforce/rows.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// The columns of a read, split into own ones and dotted ones ("AccountId.Name").
struct ColumnSplit {
  std::vector<std::string> own;
  RelatedColumns related;
};
ColumnSplit SplitColumns(const std::vector<std::string>& columns);

// What is read of one kind of record, and of which organisation. Immutable; shared between threads.
struct View {
  // Requires the organisation to have the kind. Fields the organisation lacks or hides, and those
  // in `dropped` (by name, "Phone" or "OwnerId.Phone"), are not asked for: one hidden field must
  // not kill a query. Such a column is absent from the flat attributes, never null.
  View(std::shared_ptr<const Organization> organization, RecordKind kind,
       const ColumnSplit& selected, const std::set<std::string>& dropped);

  std::shared_ptr<const Organization> organization;
  const SyncedObject& synced;  // of the organisation
  RowReader own;
  RowReader with_related;

  CrmRecord ToRecord(const RowReader& reader, const Row& row,
                     const std::optional<std::chrono::milliseconds>& clock_offset) const;
  bool HasLineItems(const Row& row) const;
  // Whether the solutions' child object, and the Opportunity Team, are to be read for a row.
  bool reads_solutions() const;
  bool reads_sales_team() const;
};

// The columns of `selected` that a read with `view` does not bring.
std::vector<std::string> MissingColumns(const View& view, const ColumnSplit& selected);

}  // namespace cosell::salesforce
