#include "crm/salesforce/roles.h"

#include <algorithm>

#include "base/text.h"
#include "crm/salesforce/role_table.h"

namespace cosell::salesforce {
namespace {

using Overrides = std::map<std::string, std::string>;

constexpr std::string_view kCurrency = "CurrencyIsoCode";
constexpr std::string_view kHelpValues[] = {"Workload Specific Value Proposition",
                                            "Customer Technical Architecture",
                                            "Proof Of Concept or Demo",
                                            "Quotes or Licensing",
                                            "Post Sales Customer Success",
                                            "General or Other"};

// Of an override, below crm.fields.
std::string KeyOf(RecordKind kind, std::string_view role) {
  return (kind == RecordKind::lead ? "lead." : "") + std::string(role);
}

bool Fits(const CosellRole& role, const Field& field) {
  return std::find(role.types.begin(), role.types.end(), field.type) != role.types.end();
}

template <typename Matches>
std::vector<std::string> Candidates(const CosellRole& role, const Object& object, Matches matches) {
  std::vector<std::string> names;
  for (const auto& [name, field] : object.fields) {
    if (Fits(role, field) && matches(field)) names.push_back(name);
  }
  return names;
}

// Of the ways to find a field the first that finds any.
std::vector<std::string> Search(const CosellRole& role, const Object& object) {
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

// The search for the roles of one object.
class RoleSearch {
 public:
  RoleSearch(SyncedObject& synced, const Overrides& overrides, std::vector<std::string>& problems)
      : synced_(synced), overrides_(overrides), problems_(problems) {}

  void Take(const CosellRole& role) {
    const std::string name = OverrideOf(role.name);
    if (!name.empty()) return TakeOverride(role, name);
    const auto names = Search(role, synced_.object);
    if (names.empty()) {
      if (!role.without.empty()) problems_.push_back(Missing(role));
      return;
    }
    if (names.size() > 1) problems_.push_back(Ambiguous(role, names));
    synced_.roles.emplace(role.name, names.front());
  }

  // `object`: where the field is.
  void Take(const StandardRole& role, const Object& object) {
    const std::string name = OverrideOf(role.name);
    if (!name.empty()) {
      const Field* field = object.FindIgnoringCase(name);
      if (field == nullptr) return problems_.push_back(OverrideMissing(role.name, name, object));
      synced_.roles.emplace(role.name, field->name);
      return;
    }
    for (const std::string_view field : role.fields) {
      if (!object.Has(field)) continue;
      synced_.roles.emplace(role.name, field);
      return;
    }
    if (!role.without.empty()) problems_.push_back(Hidden(role, object));
  }

 private:
  std::string Key(std::string_view role) const { return KeyOf(synced_.kind, role); }
  std::string OverrideOf(std::string_view role) const {
    const auto found = overrides_.find(Key(role));
    return found == overrides_.end() ? std::string{} : std::string(Trim(found->second));
  }

  void TakeOverride(const CosellRole& role, const std::string& name) {
    const Field* field = synced_.object.FindIgnoringCase(name);
    if (field == nullptr) {
      problems_.push_back(OverrideMissing(role.name, name, synced_.object));
    } else if (!Fits(role, *field)) {
      problems_.push_back("crm.fields." + Key(role.name) + " names the field \"" + name +
                          "\", whose type does not fit this role: name another field");
    } else {
      synced_.roles.emplace(role.name, field->name);
    }
  }

  std::string Consequence(std::string_view without) const {
    return ReplaceAll(std::string(without), "{record}", synced_.noun());
  }
  std::string Missing(const CosellRole& role) const {
    return "The " + synced_.object.name + " has no field named " + std::string(role.field) +
           " or labelled \"" + std::string(role.labels.front()) +
           "\", or it is hidden from the integration user: without it " +
           Consequence(role.without) +
           ". Install Microsoft's co-sell package, let `cosell-sync crm prepare` create the field "
           "and give access to it, or name yours in crm.fields." +
           Key(role.name);
  }
  std::string Hidden(const StandardRole& role, const Object& object) const {
    return "The field " + std::string(role.fields.front()) + " of the " + object.name +
           " is hidden from the integration user: without it " + Consequence(role.without) +
           ". Give the user's permission set access to the field";
  }
  std::string OverrideMissing(std::string_view role, const std::string& field,
                              const Object& object) const {
    return "crm.fields." + Key(role) + " names the field \"" + field + "\", which the " +
           object.name +
           " does not have or field-level security hides: correct the API name, or give the "
           "integration user's permission set access to the field";
  }
  std::string Ambiguous(const CosellRole& role, const std::vector<std::string>& names) const {
    return "Several fields of the " + synced_.object.name + " may be \"" +
           std::string(role.labels.front()) + "\" (" + Join(names, ", ") + "); " + names.front() +
           " is used. Name the right one in crm.fields." + Key(role.name);
  }

  SyncedObject& synced_;
  const Overrides& overrides_;
  std::vector<std::string>& problems_;
};

void CheckWritable(const std::string& role, const Field& field, std::vector<std::string>& out) {
  if (field.calculated || (field.creatable && field.updatable)) return;
  out.push_back("The field " + field.name + " (" + role +
                ") may not be written by the integration user: give its permission set edit access "
                "to the field");
}

void CheckIdentifier(const SyncedObject& synced, const Field& field,
                     std::vector<std::string>& out) {
  const std::string name = field.name + " of the " + synced.object.name;
  if (!field.external_id) {
    out.push_back("The field " + name + " is no External ID, so " + synced.nouns() +
                  " are created less safely: tick \"External ID\" in the field's definition");
  }
  if (!field.unique) {
    out.push_back("The field " + name + " is not unique, so one referral can end up on two " +
                  synced.nouns() +
                  ": tick \"Do not allow duplicate values\" in the field's definition");
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

void FindRoles(SyncedObject& synced, const Object& account, const Overrides& overrides,
               std::vector<std::string>& problems) {
  RoleSearch search(synced, overrides, problems);
  for (const CosellRole& role : CosellRolesOf(synced.kind)) search.Take(role);
  for (const StandardRole& role : StandardRolesOf(synced.kind)) {
    search.Take(role, role.of_account ? account : synced.object);
  }
  // An amount means nothing without its currency, which Salesforce keeps in this field alone.
  const bool unnamed = !overrides.contains(KeyOf(synced.kind, "currency"));
  if (unnamed && synced.roles.contains("deal_value") && synced.object.Has(kCurrency)) {
    synced.roles.emplace("currency", kCurrency);
  }
}

std::vector<std::string> CheckRoles(const SyncedObject& synced) {
  std::vector<std::string> out;
  for (const auto& [role, name] : synced.roles) {
    // Of another object, or Salesforce's own business.
    if (role == "country_code" || role == "became") continue;
    const Field* field = synced.object.Find(name);
    if (field == nullptr) continue;
    CheckWritable(role, *field, out);
    if (role == "referral_id") CheckIdentifier(synced, *field, out);
    if (role == "help") CheckHelp(*field, out);
    if (role == "deal_value" && field->calculated) {
      out.push_back("The deal value " + name +
                    " is a formula: it can be shared but not written, and its changes are only "
                    "seen when the " +
                    synced.noun() + " itself changes. Name a currency field in crm.fields." +
                    KeyOf(synced.kind, role) + " to have it both ways");
    }
  }
  return out;
}

}  // namespace cosell::salesforce
