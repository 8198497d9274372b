#include "crm/salesforce/view.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "crm/salesforce/json_text.h"

namespace cosell::salesforce {
namespace {

// Beside the mapped columns the adapter itself needs these.
constexpr const char* kNeeded[] = {"Id", "SystemModstamp", "LastModifiedDate", "IsDeleted",
                                   "HasOpportunityLineItem"};
constexpr std::string_view kContactRole = "OpportunityContactRole";

RowReader::Columns OwnColumns(const Organization& organization, const ColumnSplit& selected,
                              const std::set<std::string>& dropped) {
  RowReader::Columns columns;
  columns.own = selected.own;
  columns.own.insert(columns.own.end(), std::begin(kNeeded), std::end(kNeeded));
  for (const char* role : {"sync", "referral_id"})
    columns.own.push_back(organization.FieldOf(role));
  if (const auto& solutions = organization.solutions) {
    const bool wanted = std::find(selected.own.begin(), selected.own.end(),
                                  solutions->relationship) != selected.own.end();
    if (wanted) columns.computed = solutions->relationship;
    if (wanted) columns.own.push_back(solutions->products_text);
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

std::string ContactRolesOf(const Object& opportunity) {
  for (const ChildRelationship& child : opportunity.children) {
    if (child.object == kContactRole) return child.name;
  }
  return "";
}

RowReader::Columns AllColumns(const Organization& organization, const ColumnSplit& selected,
                              const std::set<std::string>& dropped) {
  RowReader::Columns columns = OwnColumns(organization, selected, dropped);
  columns.contact_roles = ContactRolesOf(organization.opportunity);
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

View::View(std::shared_ptr<const Organization> known, const ColumnSplit& selected,
           const std::set<std::string>& dropped)
    : organization(std::move(known)),
      own(organization->opportunity, OwnColumns(*organization, selected, dropped)),
      with_related(organization->opportunity, AllColumns(*organization, selected, dropped)) {}

CrmRecord View::ToRecord(const RowReader& reader, const Row& row,
                         const std::optional<std::chrono::milliseconds>& clock_offset) const {
  CrmRecord record;
  record.id.text = row.id;
  record.kind = RecordKind::opportunity;
  record.etag = reader.EtagOf(row);
  const auto modified = ParseInstant(Unquoted(reader.ValueOf(row, "LastModifiedDate")));
  record.changed_at = modified ? *modified : row.stamped_at().value_or(Instant{});
  record.raw = reader.PrintFlat(row);
  record.referral_id =
      std::string(Trim(Unquoted(reader.ValueOf(row, organization->FieldOf("referral_id")))));
  record.sync = IsYes(reader.ValueOf(row, organization->FieldOf("sync")));
  record.clock_offset = clock_offset;
  return record;
}

bool View::HasLineItems(const Row& row) const {
  return own.ValueOf(row, "HasOpportunityLineItem") == "true";
}

bool View::reads_solutions() const {
  return organization->solutions && own.Reads(organization->solutions->relationship);
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
