#include <algorithm>

#include "mapping/built_in.h"
#include "mapping/mapping.h"
#include "model/digest.h"

namespace cosell {
namespace {

using Roles = std::map<std::string, std::string>;

// "@deal_value" -> "estimatedvalue"; false when the CRM lacks the role.
bool BindColumn(const Roles& roles, std::string* column) {
  if (column->empty() || column->front() != '@') return true;
  const auto it = roles.find(column->substr(1));
  if (it == roles.end()) return false;
  *column = it->second;
  return true;
}

void BindRelated(const Roles& roles, RelatedMap* related) {
  for (std::string& column : related->match) BindColumn(roles, &column);
  std::erase_if(related->columns,
                [&](RelatedColumn& column) { return !BindColumn(roles, &column.column); });
  if (!BindColumn(roles, &related->others)) related->others.clear();
}

bool BindField(const Roles& roles, FieldRule* rule) {
  for (Condition& condition : rule->when) {
    if (condition.of_crm && !BindColumn(roles, &condition.at)) return false;
  }
  if (!BindColumn(roles, &rule->crm)) return false;
  rule->identity = ContentHash(rule->identity + "|" + rule->crm);
  return true;
}

// Returns what binding adds to the mapping's identity.
std::string BindPart(const Roles& roles, const std::string& prefix, Mapping* part,
                     std::vector<std::string>* dropped) {
  part->roles = roles;
  std::erase_if(part->fields, [&](FieldRule& rule) {
    if (rule.IsOff()) return true;
    if (BindField(roles, &rule)) return false;
    dropped->push_back(prefix + rule.name);
    return true;
  });
  part->has_conditions = std::any_of(part->fields.begin(), part->fields.end(),
                                     [](const FieldRule& rule) { return !rule.when.empty(); });
  for (RelatedMap* related : {&part->account, &part->contact, &part->owner})
    BindRelated(roles, related);
  std::string identity;
  for (const auto& [role, column] : roles) identity += "|" + role + "=" + column;
  return identity;
}

}  // namespace

std::optional<FieldIndex> Mapping::Find(std::string_view field) const {
  for (FieldIndex i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return i;
  }
  return std::nullopt;
}

std::string Mapping::Column(std::string_view role) const {
  const auto it = roles.find(std::string(role));
  return it == roles.end() ? "" : it->second;
}

Result<std::string> BuiltInMapping(std::string_view crm_kind) {
  if (crm_kind == "dynamics365") return std::string(kDynamics365Mapping);
  if (crm_kind == "salesforce") return std::string(kSalesforceMapping);
  if (crm_kind == "rest") return std::string(kRestMapping);
  return Error{ErrorKind::invalid_input,
               "there is no built-in mapping for the CRM kind '" + std::string(crm_kind) + "'"};
}

Mapping BindMapping(Mapping mapping, const std::map<std::string, std::string>& roles,
                    MappingOptions options, std::vector<std::string>* dropped,
                    const std::map<std::string, std::string>* lead_roles) {
  mapping.options = std::move(options);
  std::string identity = mapping.fingerprint + mapping.options.referral_link_template;
  identity += BindPart(roles, "", &mapping, dropped);
  if (mapping.lead && lead_roles != nullptr) {
    Mapping lead = *mapping.lead;
    lead.options = mapping.options;
    identity += "|lead" + BindPart(*lead_roles, "lead.", &lead, dropped);
    mapping.lead = std::make_shared<const Mapping>(std::move(lead));
  } else {
    mapping.lead.reset();
  }
  mapping.fingerprint = ContentHash(identity);
  return mapping;
}

std::vector<std::string> ColumnsToRead(const Mapping& mapping) {
  std::vector<std::string> columns;
  const auto add = [&](const std::string& column) {
    if (!column.empty() && column.front() != '#' &&
        std::find(columns.begin(), columns.end(), column) == columns.end()) {
      columns.push_back(column);
    }
  };
  for (const FieldRule& rule : mapping.fields) {
    add(rule.crm);
    for (const Condition& condition : rule.when) {
      if (condition.of_crm) add(condition.at);
    }
  }
  for (const std::string_view role : {"sync", "referral_id", "audit", "became"})
    add(mapping.Column(role));
  for (const StatusReadRule& rule : mapping.status.read) {
    for (const auto& condition : rule.when) add(condition.first);
  }
  add(mapping.status.reason_column);
  for (const RelatedMap* related : {&mapping.account, &mapping.contact, &mapping.owner}) {
    if (related->lookup.empty()) continue;
    add(related->lookup);
    add(related->others);
    for (const auto& column : related->columns) add(related->lookup + "." + column.column);
  }
  return columns;
}

}  // namespace cosell
