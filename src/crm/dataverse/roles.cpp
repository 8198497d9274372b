#include "crm/dataverse/roles.h"

#include <algorithm>
#include <initializer_list>
#include <span>

#include "base/text.h"

namespace cosell::dataverse {
namespace {

using enum ColumnType;

struct Role {
  std::string_view name;
  std::string_view example;
  std::vector<std::string_view> labels;
  std::vector<ColumnType> types;  // the first is what is assumed without metadata
  std::string_view without;       // what does not work without it; empty when that is no problem
};

const std::vector<Role>& Roles() {
  static const std::vector<Role> kRoles = {
      {"sync",
       "msft_syncwithpartnercenter",
       {"Sync with Partner Center"},
       {boolean, choice},
       "nothing can be released for sharing"},
      {"referral_id",
       "msft_referralidentifier",
       {"Referral Identifier"},
       {text},
       "links cannot be found again after an outage"},
      {"referral_link",
       "msft_referrallink",
       {"Referral Link"},
       {text, memo},
       "sellers cannot open the referral from the CRM"},
      {"audit",
       "msft_audit",
       {"Audit"},
       {memo, text},
       "sellers cannot see what was synchronised or why it failed"},
      {"help",
       "msft_howcanmicrosofthelp",
       {"How can Microsoft help?"},
       {choice},
       "sellers cannot ask for Microsoft's help"},
      {"visibility",
       "msft_referralvisibility",
       {"Referral Visibility", "Microsoft Partner Center Referral Visibility",
        "Referral visible to Microsoft sellers?"},
       {boolean, choice},
       "sellers cannot see or set whether Microsoft sees the deal"},
      {"products", "msft_products", {"Products"}, {text, memo}, ""},
      {"microsoft_crm_id", "msft_microsoftcrmidentifier", {"Microsoft CRM Identifier"}, {text}, ""},
      {"program", "msft_referralprogram", {"Referral Program"}, {text}, ""},
  };
  return kRoles;
}

struct StandardRole {
  std::string_view name;
  std::string_view column;
};

constexpr StandardRole kStandardRoles[] = {{"deal_value", "estimatedvalue"},
                                           {"currency", "transactioncurrencyid"},
                                           {"closing_date", "estimatedclosedate"}};
constexpr StandardRole kCountryCode = {"country_code", "address1_country"};

// On a lead the money column is estimatedamount; its estimatedvalue is a deprecated number.
constexpr StandardRole kLeadRoles[] = {{"deal_value", "estimatedamount"},
                                       {"currency", "transactioncurrencyid"},
                                       {"closing_date", "estimatedclosedate"},
                                       {"country_code", "address1_country"},
                                       {"status", "statuscode"},
                                       {"became", "qualifyingopportunityid"}};
// What leads cannot do without; the other co-sell columns matter once there is an opportunity.
constexpr std::string_view kNeededOfLead[] = {"sync", "referral_id", "referral_link", "audit"};
constexpr std::string_view kLead = "lead.";

std::string Lower(const std::map<std::string, std::string>& overrides, std::string_view role) {
  const auto found = overrides.find(std::string(role));
  return found == overrides.end() ? std::string{} : ToLower(Trim(found->second));
}

bool Fits(const Role& role, const Column& column) {
  return column.type == unknown ||
         std::find(role.types.begin(), role.types.end(), column.type) != role.types.end();
}

std::vector<std::string> ByLabel(const Role& role, const Table& table, std::string_view label) {
  std::vector<std::string> names;
  for (const auto& [name, column] : table.columns) {
    if (EqualsIgnoreCase(Trim(column.label), label) && Fits(role, column)) names.push_back(name);
  }
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name.starts_with("msft_"); });
  const auto example = std::find(names.begin(), names.end(), role.example);
  if (example != names.end()) std::rotate(names.begin(), example, example + 1);
  return names;
}

// How the configuration names a role of this table.
std::string KeyOf(const Table& table, std::string_view role) {
  return "crm.fields." + std::string(table.logical_name == "lead" ? kLead : "") + std::string(role);
}

std::string Missing(const Role& role, const Table& table) {
  return "The " + table.logical_name + " table has no column labelled \"" +
         std::string(role.labels.front()) + "\": without it " + std::string(role.without) +
         ". Install Microsoft's co-sell solution, create the column with `cosell-sync crm prepare`,"
         " or name yours in " +
         KeyOf(table, role.name);
}

std::string OverrideMissing(std::string_view role, const std::string& column, const Table& table) {
  return KeyOf(table, role) + " names the column \"" + column + "\", which the " +
         table.logical_name +
         " table does not have (or which cannot be read): correct the name (the logical name, "
         "lower case) or leave the entry out to search by label";
}

std::string OverrideUnfit(std::string_view role, const std::string& column, const Table& table) {
  return KeyOf(table, role) + " names the column \"" + column +
         "\", whose type does not fit this role: name another column";
}

std::string Ambiguous(const Role& role, const std::vector<std::string>& names, const Table& table) {
  return "Several columns of the " + table.logical_name + " table are labelled like \"" +
         std::string(role.labels.front()) + "\" (" + Join(names, ", ") + "); " + names.front() +
         " is used. Name the right one in " + KeyOf(table, role.name);
}

void TakeOverride(const Role& role, const std::string& name, const Table& table, RoleSearch& out) {
  const Column* column = table.Find(name);
  if (column == nullptr) {
    out.problems.push_back(OverrideMissing(role.name, name, table));
  } else if (!Fits(role, *column)) {
    out.problems.push_back(OverrideUnfit(role.name, name, table));
  } else {
    out.roles.emplace(role.name, name);
  }
}

void Search(const Role& role, const Table& table, bool needed, RoleSearch& out) {
  for (const std::string_view label : role.labels) {
    const auto names = ByLabel(role, table, label);
    if (names.empty()) continue;
    if (names.size() > 1) out.problems.push_back(Ambiguous(role, names, table));
    out.roles.emplace(role.name, names.front());
    return;
  }
  const Column* example = table.Find(role.example);
  if (example != nullptr && Fits(role, *example)) {
    out.roles.emplace(role.name, role.example);
  } else if (needed) {
    out.problems.push_back(Missing(role, table));
  }
}

// Those meant for leads alone, without their prefix.
std::map<std::string, std::string> OverridesOfLead(
    const std::map<std::string, std::string>& overrides) {
  std::map<std::string, std::string> own;
  for (const auto& [role, column] : overrides) {
    if (role.starts_with(kLead)) own.emplace(role.substr(kLead.size()), column);
  }
  return own;
}

void TakeStandard(const StandardRole& role, const Table& table,
                  const std::map<std::string, std::string>& overrides, RoleSearch& out) {
  const std::string name = Lower(overrides, role.name);
  if (name.empty()) {
    out.roles.emplace(role.name, role.column);
  } else if (table.Find(name) != nullptr) {
    out.roles.emplace(role.name, name);
  } else {
    out.problems.push_back(OverrideMissing(role.name, name, table));
  }
}

}  // namespace

RoleSearch FindRoles(const Table& opportunity, const Table& account,
                     const std::map<std::string, std::string>& overrides) {
  RoleSearch out;
  for (const Role& role : Roles()) {
    const std::string name = Lower(overrides, role.name);
    if (name.empty()) {
      Search(role, opportunity, !role.without.empty(), out);
    } else {
      TakeOverride(role, name, opportunity, out);
    }
  }
  for (const StandardRole& role : kStandardRoles) TakeStandard(role, opportunity, overrides, out);
  TakeStandard(kCountryCode, account, overrides, out);
  return out;
}

RoleSearch FindLeadRoles(const Table& lead, const std::map<std::string, std::string>& overrides) {
  RoleSearch out;
  const auto own = OverridesOfLead(overrides);
  for (const Role& role : Roles()) {
    if (role.name == "products") continue;  // a lead has none
    const std::string shared = Lower(overrides, role.name);
    const Column* same = shared.empty() ? nullptr : lead.Find(shared);
    const bool needed = std::find(std::begin(kNeededOfLead), std::end(kNeededOfLead), role.name) !=
                        std::end(kNeededOfLead);
    if (const std::string name = Lower(own, role.name); !name.empty()) {
      TakeOverride(role, name, lead, out);
    } else if (same != nullptr && Fits(role, *same)) {
      out.roles.emplace(role.name, shared);
    } else {
      Search(role, lead, needed, out);
    }
  }
  for (const StandardRole& role : kLeadRoles) TakeStandard(role, lead, own, out);
  return out;
}

std::map<std::string, std::string> GuessedLeadRoles(
    const std::map<std::string, std::string>& overrides) {
  return GuessedRoles(OverridesOfLead(overrides));
}

std::map<std::string, std::string> GuessedRoles(
    const std::map<std::string, std::string>& overrides) {
  std::map<std::string, std::string> guesses;
  for (const Role& role : Roles()) {
    const std::string name = Lower(overrides, role.name);
    guesses.emplace(role.name, name.empty() ? std::string(role.example) : name);
  }
  for (const StandardRole& role : kStandardRoles) {
    if (const std::string name = Lower(overrides, role.name); !name.empty()) {
      guesses.emplace(role.name, name);
    }
  }
  return guesses;
}

Column GuessedColumn(std::string_view role, std::string_view name) {
  Column column;
  column.name = name;
  if (role == "deal_value") column.type = money;
  if (role == "closing_date") column.type = date;
  for (const Role& each : Roles()) {
    // A choice whose labels are hidden can only pass as it is.
    if (each.name == role && each.types.front() != choice) column.type = each.types.front();
  }
  return column;
}

}  // namespace cosell::dataverse
