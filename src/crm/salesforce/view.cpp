#include "crm/salesforce/view.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "crm/salesforce/json_text.h"

namespace cosell::salesforce {
namespace {

// Beside the mapped columns the adapter itself needs these, as far as the object has them.
constexpr const char* kNeeded[] = {"Id",        "SystemModstamp",         "LastModifiedDate",
                                   "IsDeleted", "HasOpportunityLineItem", "IsConverted"};
constexpr const char* kRolesNeeded[] = {"sync", "referral_id", "became"};
constexpr std::string_view kContactRole = "OpportunityContactRole";

bool Wants(const ColumnSplit& selected, const std::string& column) {
  return std::find(selected.own.begin(), selected.own.end(), column) != selected.own.end();
}

// The solutions' child object, where there is one and it is wanted.
const SolutionsObject* WantedSolutions(const Organization& organization, const SyncedObject& synced,
                                       const ColumnSplit& selected) {
  if (synced.kind != RecordKind::opportunity || !organization.solutions) return nullptr;
  return Wants(selected, organization.solutions->relationship) ? &*organization.solutions : nullptr;
}

RowReader::Columns OwnColumns(const Organization& organization, const SyncedObject& synced,
                              const ColumnSplit& selected, const std::set<std::string>& dropped) {
  RowReader::Columns columns;
  columns.own = selected.own;
  columns.own.insert(columns.own.end(), std::begin(kNeeded), std::end(kNeeded));
  for (const char* role : kRolesNeeded) columns.own.push_back(synced.FieldOf(role));
  if (const auto* solutions = WantedSolutions(organization, synced, selected)) {
    columns.computed.insert(solutions->relationship);
    columns.own.push_back(solutions->products_text);
  }
  if (synced.kind == RecordKind::opportunity && organization.sales_team &&
      Wants(selected, organization.sales_team->relationship)) {
    columns.computed.insert(organization.sales_team->relationship);
  }
  std::erase_if(columns.own, [&](const std::string& name) { return dropped.contains(name); });
  return columns;
}

const Object* ObjectBehind(const Organization& organization, const std::string& lookup) {
  if (lookup == "AccountId") return &organization.account;
  if (lookup == "ContactId") return &organization.contact;
  if (lookup == "OwnerId") return &organization.user;
  return nullptr;
}

std::string ContactRolesOf(const Object& object) {
  for (const ChildRelationship& child : object.children) {
    if (child.object == kContactRole) return child.name;
  }
  return "";
}

RowReader::Columns AllColumns(const Organization& organization, const SyncedObject& synced,
                              const ColumnSplit& selected, const std::set<std::string>& dropped) {
  RowReader::Columns columns = OwnColumns(organization, synced, selected, dropped);
  columns.contact_roles = ContactRolesOf(synced.object);
  for (const auto& [lookup, names] : selected.related) {
    const Object* object = ObjectBehind(organization, lookup);
    if (object == nullptr) continue;
    for (const std::string& name : names) {
      if (object->Has(name) && !dropped.contains(lookup + "." + name)) {
        columns.related[lookup].push_back(name);
      }
    }
  }
  return columns;
}

// The role may be kept as a checkbox or as a picklist of the two.
bool IsYes(const std::string& json) { return json == "true" || EqualsIgnoreCase(json, "\"yes\""); }

}  // namespace

ColumnSplit SplitColumns(const std::vector<std::string>& columns) {
  ColumnSplit split;
  for (const std::string& name : columns) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) {
      split.own.push_back(name);
    } else {
      split.related[name.substr(0, dot)].push_back(name.substr(dot + 1));
    }
  }
  return split;
}

View::View(std::shared_ptr<const Organization> known, RecordKind kind, const ColumnSplit& selected,
           const std::set<std::string>& dropped)
    : organization(std::move(known)),
      synced(*organization->Find(kind)),
      own(synced.object, OwnColumns(*organization, synced, selected, dropped)),
      with_related(synced.object, AllColumns(*organization, synced, selected, dropped)) {}

CrmRecord View::ToRecord(const RowReader& reader, const Row& row,
                         const std::optional<std::chrono::milliseconds>& clock_offset) const {
  CrmRecord record;
  record.id.text = row.id;
  record.kind = synced.kind;
  record.etag = reader.EtagOf(row);
  const auto modified = ParseInstant(Unquoted(reader.ValueOf(row, "LastModifiedDate")));
  record.changed_at = modified ? *modified : row.stamped_at().value_or(Instant{});
  record.raw = reader.PrintFlat(row);
  record.referral_id =
      std::string(Trim(Unquoted(reader.ValueOf(row, synced.FieldOf("referral_id")))));
  record.sync = IsYes(reader.ValueOf(row, synced.FieldOf("sync")));
  record.clock_offset = clock_offset;
  return record;
}

bool View::HasLineItems(const Row& row) const {
  return own.ValueOf(row, "HasOpportunityLineItem") == "true";
}

bool View::reads_solutions() const {
  return synced.kind == RecordKind::opportunity && organization->solutions &&
         own.Reads(organization->solutions->relationship);
}

bool View::reads_sales_team() const {
  return synced.kind == RecordKind::opportunity && organization->sales_team &&
         own.Reads(organization->sales_team->relationship);
}

std::vector<std::string> MissingColumns(const View& view, const ColumnSplit& selected) {
  std::vector<std::string> missing;
  for (const std::string& name : selected.own) {
    if (!view.own.Reads(name)) missing.push_back(name);
  }
  for (const auto& [lookup, names] : selected.related) {
    for (const std::string& name : names) {
      if (!view.with_related.ReadsRelated(lookup, name)) missing.push_back(lookup + "." + name);
    }
  }
  return missing;
}

}  // namespace cosell::salesforce
