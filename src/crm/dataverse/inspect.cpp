#include "crm/dataverse/inspect.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/metadata_json.h"
#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

using enum SetupFinding::Kind;

// What the adapter does with each table.
struct Needed {
  const char* table;
  std::vector<const char*> verbs;
};

std::vector<Needed> NeededOf(bool leads) {
  std::vector<Needed> needed = {{"Opportunity", {"Read", "Create", "Write", "Append", "AppendTo"}},
                                {"Account", {"Read", "Create", "Append", "AppendTo"}},
                                {"Contact", {"Read", "Create", "Append", "AppendTo"}},
                                {"TransactionCurrency", {"Read", "AppendTo"}}};
  if (leads) needed.push_back({"Lead", {"Read", "Create", "Write", "Append", "AppendTo"}});
  return needed;
}

// Nothing where the environment does not tell.
Result<std::optional<std::set<std::string>>> ReadPrivileges(WebApi& api, const std::string& user) {
  const auto json =
      GetMetadata(api, "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
                  "privileges of our user");
  if (!json) return json.error();
  std::optional<std::set<std::string>> names;
  if (!json->has_value()) return names;
  const auto rows = (*json)->find("RolePrivileges");
  if (rows == (*json)->end() || !rows->is_array()) return names;
  for (const Json& row : *rows) {
    const std::string name = TextAt(row, "PrivilegeName");
    if (name.empty()) continue;
    if (!names) names.emplace();
    names->insert(ToLower(name));
  }
  return names;
}

SetupFinding PrivilegesFinding(const std::optional<std::set<std::string>>& has, bool leads) {
  if (!has) {
    return {
        hint, "privileges",
        "the CRM does not tell what our user may do; its role needs read, create, write, append "
        "and append to on opportunity, account and contact, and read on currency"};
  }
  std::vector<std::string> missing;
  for (const Needed& each : NeededOf(leads)) {
    for (const char* verb : each.verbs) {
      const std::string name = std::string("prv") + verb + each.table;
      if (!has->contains(ToLower(name))) missing.push_back(name);
    }
  }
  if (missing.empty()) return {ok, "privileges", "the application user may do all it has to"};
  return {problem, "privileges",
          "the application user lacks " + Join(missing, ", ") +
              ": give them to its security role, at the level Organization"};
}

Result<SetupFinding> CatalogueFinding(WebApi& api, const Organization& organization) {
  constexpr const char* kSubject = "solutions";
  const auto& solutions = organization.solutions;
  if (!solutions && organization.opportunity.ColumnOf("products").empty()) {
    return SetupFinding{problem, kSubject,
                        "sellers have no place to name a solution, without which no deal is "
                        "shared: `cosell-sync crm prepare` makes one"};
  }
  if (!solutions) {
    return SetupFinding{hint, kSubject,
                        "sellers name solutions in the older Products text (" +
                            organization.opportunity.ColumnOf("products") +
                            "), ids joined by \"; \"; no catalogue of solutions was found"};
  }
  if (solutions->catalogue == nullptr) {
    return SetupFinding{hint, kSubject,
                        "the table " + solutions->column() +
                            " lists a deal's solutions; no table of Microsoft Solution Details "
                            "was found to choose them from"};
  }
  Query query;
  query.entity_set = solutions->catalogue->entity_set;
  query.select = solutions->catalogue_columns.identifier;
  query.top = "1";
  bool any = false;
  const auto read =
      EachRow(api, Print(query), "catalogue of solutions", [&](const Json&) { any = true; });
  if (!read) return read.error();
  if (any) {
    return SetupFinding{ok, kSubject, "the catalogue of solutions has entries"};
  }
  return SetupFinding{problem, kSubject,
                      "the table " + solutions->catalogue->logical_name +
                          " is empty, so sellers have no solution to choose: add your co-sell "
                          "ready solutions with Solution Identifier and Solution Name"};
}

}  // namespace

Result<Inspection> InspectOrganization(WebApi& api, const Organization& organization, bool leads) {
  Inspection inspection;
  const auto who = api.Get("WhoAmI", "question who we are (WhoAmI)");
  if (!who) return who.error();
  inspection.clock_offset = who->clock_offset;
  const auto privileges = ReadPrivileges(api, organization.user_id);
  if (!privileges) return privileges.error();
  auto& findings = inspection.findings;
  findings.push_back(PrivilegesFinding(*privileges, leads));
  auto catalogue = CatalogueFinding(api, organization);
  if (!catalogue) return catalogue.error();
  findings.push_back(*std::move(catalogue));
  findings.push_back({hint, "form",
                      "look whether the opportunity's form shows the co-sell columns (section "
                      "\"Microsoft Partner Center\", the identifiers and Audit locked) and the "
                      "solutions; a form cannot be checked from here"});
  findings.push_back({hint, "sellers",
                      "owners and sales teams are matched by e-mail: sellers must be users of the "
                      "CRM with the address they have in Partner Center"});
  return inspection;
}

}  // namespace cosell::dataverse
