#include "crm/salesforce/roles.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"

namespace cosell::salesforce {
namespace {

using enum FieldType;
using Overrides = std::map<std::string, std::string>;

struct Role {
  std::string_view name;
  std::string_view field;  // the usual API name
  std::vector<std::string_view> labels;
  std::vector<FieldType> types;
  std::string_view without;  // what does not work without it; empty when that is no problem
};

const std::vector<Role>& Roles() {
  static const std::vector<Role> kRoles = {
      {"sync",
       "Sync_with_Partner_Center__c",
       {"Sync with Partner Center"},
       {boolean, choice},
       "no opportunity can be released for sharing"},
      {"referral_id",
       "Referral_Identifier__c",
       {"Referral Identifier", "Referral"},
       {text},
       "no opportunity can be created from a referral, and links cannot be found again after an "
       "outage"},
      {"referral_link",
       "Referral_Link__c",
       {"Referral Link"},
       {link, text, memo},
       "sellers cannot open the referral from the opportunity"},
      {"audit",
       "Audit__c",
       {"Audit"},
       {memo, text},
       "sellers cannot see what was synchronised or why it failed"},
      {"help",
       "How_can_Microsoft_help__c",
       {"How can Microsoft help?"},
       {choice},
       "sellers cannot ask for Microsoft's help"},
      {"visibility",
       "Referral_Visibility__c",
       {"Referral visible to Microsoft sellers?", "Microsoft Partner Center Referral Visibility",
        "Referral Visibility"},
       {boolean, choice},
       "sellers cannot see or set whether Microsoft sees the deal"},
      {"products", "Products__c", {"Products"}, {text, memo}, ""},
      {"microsoft_crm_id",
       "Microsoft_CRM_Identifier__c",
       {"Microsoft CRM Identifier"},
       {text, memo},
       ""},
      {"program", "Referral_Program__c", {"Referral Program"}, {text, memo, choice}, ""},
  };
  return kRoles;
}

struct StandardRole {
  std::string_view name;
  std::vector<std::string_view> fields;  // the first the organisation has
};

const std::vector<StandardRole>& StandardRoles() {
  static const std::vector<StandardRole> kRoles = {{"deal_value", {"Amount"}},
                                                   {"currency", {"CurrencyIsoCode"}},
                                                   {"closing_date", {"CloseDate"}}};
  return kRoles;
}

const StandardRole& CountryCode() {
  static const StandardRole kRole = {"country_code", {"BillingCountryCode", "BillingCountry"}};
  return kRole;
}

constexpr std::string_view kHelpValues[] = {"Workload Specific Value Proposition",
                                            "Customer Technical Architecture",
                                            "Proof Of Concept or Demo",
                                            "Quotes or Licensing",
                                            "Post Sales Customer Success",
                                            "General or Other"};

std::string OverrideOf(const Overrides& overrides, std::string_view role) {
  const auto found = overrides.find(std::string(role));
  return found == overrides.end() ? std::string{} : std::string(Trim(found->second));
}

bool Fits(const Role& role, const Field& field) {
  return std::find(role.types.begin(), role.types.end(), field.type) != role.types.end();
}

template <typename Matches>
std::vector<std::string> Candidates(const Role& role, const Object& object, Matches matches) {
  std::vector<std::string> names;
  for (const auto& [name, field] : object.fields) {
    if (Fits(role, field) && matches(field)) names.push_back(name);
  }
  return names;
}

// Of the ways to find a field the first that finds any.
std::vector<std::string> Search(const Role& role, const Object& object) {
  auto names = Candidates(role, object, [&](const Field& f) { return f.name == role.field; });
  if (!names.empty()) return names;
  names = Candidates(role, object,
                     [&](const Field& f) { return WithoutNamespace(f.name) == role.field; });
  if (!names.empty()) return names;
  for (const std::string_view label : role.labels) {
    names = Candidates(role, object,
                       [&](const Field& f) { return EqualsIgnoreCase(Trim(f.label), label); });
    if (!names.empty()) return names;
  }
  return {};
}

std::string Missing(const Role& role) {
  return "The Opportunity has no field named " + std::string(role.field) + " or labelled \"" +
         std::string(role.labels.front()) +
         "\", or it is hidden from the integration user: without it " + std::string(role.without) +
         ". Install Microsoft's co-sell package or create the field, give the integration user's "
         "permission set read and edit access to it, or name yours in crm.fields." +
         std::string(role.name);
}

std::string OverrideMissing(std::string_view role, const std::string& field,
                            std::string_view object) {
  return "crm.fields." + std::string(role) + " names the field \"" + field + "\", which the " +
         std::string(object) +
         " does not have or field-level security hides: correct the API name, or give the "
         "integration user's permission set access to the field";
}

std::string OverrideUnfit(std::string_view role, const std::string& field) {
  return "crm.fields." + std::string(role) + " names the field \"" + field +
         "\", whose type does not fit this role: name another field";
}

std::string Ambiguous(const Role& role, const std::vector<std::string>& names) {
  return "Several fields of the Opportunity may be \"" + std::string(role.labels.front()) + "\" (" +
         Join(names, ", ") + "); " + names.front() + " is used. Name the right one in crm.fields." +
         std::string(role.name);
}

void TakeOverride(const Role& role, const std::string& name, const Object& object,
                  RoleSearch& out) {
  const Field* field = object.FindIgnoringCase(name);
  if (field == nullptr) {
    out.problems.push_back(OverrideMissing(role.name, name, object.name));
  } else if (!Fits(role, *field)) {
    out.problems.push_back(OverrideUnfit(role.name, name));
  } else {
    out.roles.emplace(role.name, field->name);
  }
}

void TakeFound(const Role& role, const Object& object, RoleSearch& out) {
  const auto names = Search(role, object);
  if (names.empty()) {
    if (!role.without.empty()) out.problems.push_back(Missing(role));
    return;
  }
  if (names.size() > 1) out.problems.push_back(Ambiguous(role, names));
  out.roles.emplace(role.name, names.front());
}

void TakeStandard(const StandardRole& role, const Object& object, const Overrides& overrides,
                  RoleSearch& out) {
  const std::string name = OverrideOf(overrides, role.name);
  if (!name.empty()) {
    if (const Field* field = object.FindIgnoringCase(name)) {
      out.roles.emplace(role.name, field->name);
    } else {
      out.problems.push_back(OverrideMissing(role.name, name, object.name));
    }
    return;
  }
  for (const std::string_view field : role.fields) {
    if (object.Has(field)) {
      out.roles.emplace(role.name, field);
      return;
    }
  }
}

void CheckWritable(const std::string& role, const Field& field, std::vector<std::string>& out) {
  if (field.calculated || (field.creatable && field.updatable)) return;
  out.push_back("The field " + field.name + " (" + role +
                ") may not be written by the integration user: give its permission set edit access "
                "to the field");
}

void CheckIdentifier(const Field& field, std::vector<std::string>& out) {
  if (!field.external_id) {
    out.push_back("The field " + field.name +
                  " is no External ID, so opportunities are created less safely: tick \"External "
                  "ID\" in the field's definition");
  }
  if (!field.unique) {
    out.push_back("The field " + field.name +
                  " is not unique, so one referral can end up on two opportunities: tick \"Do not "
                  "allow duplicate values\" in the field's definition");
  }
}

void CheckHelp(const Field& field, std::vector<std::string>& out) {
  std::vector<std::string> missing;
  for (const std::string_view value : kHelpValues) {
    if (field.FindValue(value) == nullptr) missing.emplace_back(value);
  }
  if (missing.empty()) return;
  out.push_back("The picklist " + field.name + " lacks the values " + Join(missing, "; ") +
                ": add them, or map your own values in the mapping's help field");
}

}  // namespace

RoleSearch FindRoles(const Object& opportunity, const Object& account, const Overrides& overrides) {
  RoleSearch out;
  for (const Role& role : Roles()) {
    const std::string name = OverrideOf(overrides, role.name);
    if (name.empty()) {
      TakeFound(role, opportunity, out);
    } else {
      TakeOverride(role, name, opportunity, out);
    }
  }
  for (const StandardRole& role : StandardRoles()) TakeStandard(role, opportunity, overrides, out);
  TakeStandard(CountryCode(), account, overrides, out);
  return out;
}

std::vector<std::string> CheckRoles(const Object& opportunity,
                                    const std::map<std::string, std::string>& roles) {
  std::vector<std::string> out;
  for (const auto& [role, name] : roles) {
    const Field* field = role == "country_code" ? nullptr : opportunity.Find(name);
    if (field == nullptr) continue;
    CheckWritable(role, *field, out);
    if (role == "referral_id") CheckIdentifier(*field, out);
    if (role == "help") CheckHelp(*field, out);
    if (role == "deal_value" && field->calculated) {
      out.push_back("The deal value " + name +
                    " is a formula: it can be shared but not written, and its changes are only "
                    "seen when the opportunity itself changes. Name a currency field in "
                    "crm.fields.deal_value to have it both ways");
    }
  }
  return out;
}

}  // namespace cosell::salesforce
