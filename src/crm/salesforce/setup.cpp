#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/text.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/inspect.h"
#include "crm/salesforce/organization.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/salesforce_setup.h"
#include "crm/salesforce/setup_parts.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

constexpr const char* kRights =
    ". Creating fields needs the permissions Customize Application, View Setup and Configuration, "
    "Manage Profiles and Permission Sets and Assign Permission Sets: give them to the integration "
    "user for this one step, or let an administrator's connection run it";

// One text column of the rows a query finds; `path` is below the version.
Result<std::vector<std::string>> ReadTexts(Rest& rest, const std::string& path,
                                           const SelectStatement& statement,
                                           std::string_view what) {
  Request request;
  request.path = path + "?q=" + UrlEncode(Print(statement));
  const auto answer = rest.Read(request, what);
  if (!answer) {
    Error error = answer.error();
    if (error.kind == ErrorKind::forbidden) error.message += kRights;
    return error;
  }
  const Json json = Json::parse(answer->response.body, nullptr, false);
  if (!json.is_object() || !json.contains("records") || !json["records"].is_array()) {
    return UnreadableAnswer(*answer, what);
  }
  std::vector<std::string> texts;
  for (const Json& row : json["records"]) {
    const auto found = row.find(statement.fields.front());
    if (found != row.end() && found->is_string()) texts.push_back(found->get<std::string>());
  }
  return texts;
}

// Our permission set, as far as it exists.
struct Grants {
  std::string set_id;  // empty: not there yet
  bool assigned = false;
  std::set<std::string> fields;  // "Opportunity.Audit__c"
};

Result<std::string> FindSet(Rest& rest) {
  const auto ids =
      ReadTexts(rest, "/query", {{"Id"}, "PermissionSet", Equals("Name", kPermissionSet), "", 0},
                "permission set");
  if (!ids) return ids.error();
  return ids->empty() ? std::string{} : ids->front();
}

Result<Grants> FindGrants(Rest& rest, const std::string& user_id) {
  Grants grants;
  auto set = FindSet(rest);
  if (!set) return set.error();
  grants.set_id = *std::move(set);
  if (grants.set_id.empty()) return grants;
  const auto assignments =
      ReadTexts(rest, "/query",
                {{"Id"},
                 "PermissionSetAssignment",
                 All({Equals("PermissionSetId", grants.set_id), Equals("AssigneeId", user_id)}),
                 "",
                 0},
                "assignment of the permission set");
  if (!assignments) return assignments.error();
  grants.assigned = !assignments->empty();
  const auto fields = ReadTexts(
      rest, "/query", {{"Field"}, "FieldPermissions", Equals("ParentId", grants.set_id), "", 0},
      "fields of the permission set");
  if (!fields) return fields.error();
  grants.fields.insert(fields->begin(), fields->end());
  return grants;
}

// A step and the request that makes it; one that grants needs the set's id, known by then.
struct Planned {
  SetupStep step;
  Request request;
  std::string grants_object;
  std::string grants_field;
};

class Planner {
 public:
  Planner(Rest& rest, const SalesforceOptions& options, const Organization& organization)
      : rest_(rest), options_(options), organization_(organization) {}

  Result<std::vector<Planned>> Run() {
    const SyncedObject& deal = organization_.opportunity;
    if (const Status added = AddFields(deal, FieldsOfDeal(), ""); !added) return added.error();
    const bool placed = organization_.solutions || options_.fields.contains("solutions_object");
    if (!placed) {
      if (const Status added = AddFields(deal, {ProductsField()}, ""); !added) return added.error();
    }
    if (organization_.lead) {
      const Status added = AddFields(*organization_.lead, FieldsOfLead(), "lead.");
      if (!added) return added.error();
    }
    if (const Status added = AddGrants(); !added) return added.error();
    return std::move(planned_);
  }

 private:
  Status AddFields(const SyncedObject& synced, const std::vector<PartField>& fields,
                   const std::string& key) {
    for (const PartField& field : fields) {
      if (!synced.FieldOf(field.role).empty()) continue;
      const auto exists = Exists(synced.object.name, field.name);
      if (!exists) return exists.error();
      Planned planned;
      planned.step = {"field " + synced.object.name + "." + field.name, synced.object.name,
                      field.name, Describe(field)};
      planned.step.obstacle = ObstacleOf(synced, field, key + field.role);
      planned.request = MakeField(synced.object.name, field);
      if (!*exists || !planned.step.obstacle.empty()) planned_.push_back(planned);
      if (planned.step.obstacle.empty()) wanted_.emplace_back(synced.object.name, field.name);
    }
    return Done{};
  }

  std::string ObstacleOf(const SyncedObject& synced, const PartField& field,
                         const std::string& role) const {
    const auto named = options_.fields.find(role);
    if (named != options_.fields.end()) {
      return "crm.fields." + role + " names " + named->second +
             ", which is not there, is hidden or has another type: correct it, or remove the entry "
             "and prepare again";
    }
    const bool visible = synced.object.FindIgnoringCase(field.name) != nullptr;
    if (!visible) return "";
    return "the field " + field.name +
           " is there, but with another type: rename it, or name yours in crm.fields." + role;
  }

  // Whether the object has such a field, be it hidden from our user.
  Result<bool> Exists(const std::string& object, const std::string& field) {
    auto known = known_.find(object);
    if (known == known_.end()) {
      const auto names =
          ReadTexts(rest_, "/tooling/query",
                    {{"DeveloperName"}, "CustomField", Equals("TableEnumOrId", object), "", 0},
                    "list of custom fields of the " + object);
      if (!names) return names.error();
      known = known_.emplace(object, std::set<std::string>{}).first;
      for (const std::string& name : *names) known->second.insert(ToLower(name + "__c"));
    }
    return known->second.contains(ToLower(field));
  }

  Status AddGrants() {
    if (wanted_.empty()) return Done{};
    const auto grants = FindGrants(rest_, organization_.user_id);
    if (!grants) return grants.error();
    for (const auto& [object, field] : wanted_) {
      if (grants->fields.contains(object + "." + field)) continue;
      Planned planned;
      planned.step = {"access " + object + "." + field, object, field,
                      "read and edit access for the integration user"};
      planned.grants_object = object;
      planned.grants_field = field;
      planned_.push_back(std::move(planned));
    }
    std::vector<Planned> ground;
    const std::string set(kPermissionSet);
    if (grants->set_id.empty()) {
      ground.push_back({{"permission set", "", set, "permission set for the co-sell fields"},
                        MakePermissionSet(),
                        "",
                        ""});
    }
    if (!grants->assigned) {
      ground.push_back({{"assignment", "", set, "assigned to the integration user"}, {}, "", ""});
    }
    planned_.insert(planned_.begin(), ground.begin(), ground.end());
    return Done{};
  }

  Rest& rest_;
  const SalesforceOptions& options_;
  const Organization& organization_;
  std::map<std::string, std::set<std::string>> known_;  // object -> lower-case field names
  std::vector<std::pair<std::string, std::string>> wanted_;
  std::vector<Planned> planned_;
};

class SalesforceSetup final : public CrmSetup {
 public:
  SalesforceSetup(net::ApiClient& api, net::SalesforceTokens& tokens, SalesforceOptions options,
                  Clock& clock, Log& log)
      : options_(std::move(options)), rest_(api, tokens, clock, log, options_.api_version) {}

  Result<std::vector<SetupStep>> Plan() override {
    const auto organization = Discover(rest_, {options_.fields, options_.leads});
    if (!organization) return organization.error();
    user_id_ = organization->user_id;
    auto planned = Planner(rest_, options_, *organization).Run();
    if (!planned) return planned.error();
    planned_.clear();
    std::vector<SetupStep> steps;
    for (Planned& each : *planned) {
      steps.push_back(each.step);
      planned_.emplace(each.step.id, std::move(each));
    }
    return steps;
  }

  Status Make(const SetupStep& step) override {
    const auto found = planned_.find(step.id);
    if (found == planned_.end()) return Refusal("This step is not in the plan: " + step.id);
    const auto request = RequestOf(found->second);
    if (!request) return request.error();
    const std::string what = "creation of " + step.id;
    const auto answer = rest_.Send(*request);
    if (!answer) return ErrorFromClient(answer.error(), Purpose::create, what);
    if (answer->response.status < 300) return Done{};
    Error error = ErrorFromAnswer(*answer, Purpose::create, what);
    if (error.kind == ErrorKind::forbidden) error.message += kRights;
    return error;
  }

  Status Publish() override { return Done{}; }

  std::vector<std::string> Handwork() const override {
    std::vector<std::string> handwork = {
        "Put the fields on the opportunity's page layout, in a section \"Microsoft Partner "
        "Center\", and make Referral Identifier, Referral Link, Referral Program, Microsoft CRM "
        "Identifier and Audit read only there",
        "Let sellers see and edit the fields: assign them the permission set \"cosell-sync\", or "
        "set field-level security on their profiles",
        "Create the stage \"On Hold - Microsoft\" (open, 0 %) for referrals not yet accepted, or "
        "name your own stage in a mapping file"};
    if (options_.leads) {
      handwork.emplace_back(
          "Map the lead's co-sell fields to the opportunity's (Object Manager, Lead, Map Lead "
          "Fields), so that a conversion carries them along");
    }
    return handwork;
  }

  Result<Inspection> Inspect() override {
    const auto organization = Discover(rest_, {options_.fields, options_.leads});
    if (!organization) return organization.error();
    return InspectOrganization(rest_, *organization);
  }

 private:
  Result<Request> RequestOf(const Planned& planned) {
    const bool needs_set = planned.step.id == "assignment" || !planned.grants_field.empty();
    if (!needs_set) return planned.request;
    const auto set = FindSet(rest_);
    if (!set) return set.error();
    if (set->empty()) return Refusal("The permission set is not there: prepare again");
    if (planned.step.id == "assignment") return MakeAssignment(*set, user_id_);
    return MakeGrant(*set, planned.grants_object, planned.grants_field);
  }

  const SalesforceOptions options_;
  Rest rest_;
  std::string user_id_;
  std::map<std::string, Planned> planned_;
};

}  // namespace
}  // namespace cosell::salesforce

namespace cosell {

std::unique_ptr<CrmSetup> MakeSalesforceSetup(net::ApiClient& api, net::SalesforceTokens& tokens,
                                              SalesforceOptions options, Clock& clock, Log& log) {
  return std::make_unique<salesforce::SalesforceSetup>(api, tokens, std::move(options), clock, log);
}

}  // namespace cosell
