#include "crm/salesforce/inspect.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/salesforce/errors.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;
using enum SetupFinding::Kind;

constexpr std::int64_t kCallsMin = 1'000;  // a day's polling is some thousand calls

SetupFinding PrivilegesFinding(const Organization& organization) {
  std::vector<std::string> missing;
  const auto need = [&](const Object& object, bool edit) {
    if (!object.creatable) missing.push_back("create on " + object.name);
    if (edit && !object.updatable) missing.push_back("edit on " + object.name);
  };
  need(organization.opportunity.object, true);
  need(organization.account, false);
  need(organization.contact, false);
  if (organization.lead) need(organization.lead->object, true);
  if (missing.empty()) {
    return {ok, "privileges", "the integration user may create and edit what it has to"};
  }
  return {
      problem, "privileges",
      "the integration user lacks " + Join(missing, ", ") + ": give them to its permission set"};
}

// Says how much of the day's calls is left; needs "View Setup and Configuration".
Result<SetupFinding> LimitsFinding(Rest& rest,
                                   std::optional<std::chrono::milliseconds>& clock_offset) {
  constexpr const char* kSubject = "daily calls";
  Request request;
  request.path = "/limits";
  const auto answer = rest.Send(request);
  if (!answer) return ErrorFromClient(answer.error(), Purpose::read, "limits");
  clock_offset = answer->clock_offset;
  const Json json = Json::parse(answer->response.body, nullptr, false);
  const Json calls = json.is_object() ? json.value("DailyApiRequests", Json()) : Json();
  if (answer->response.status >= 300 || !calls.is_object()) {
    return SetupFinding{hint, kSubject,
                        "the organisation does not tell how many calls a day are left: look at "
                        "Setup, Company Information"};
  }
  const std::int64_t left = calls.value("Remaining", std::int64_t{0});
  const std::string text = std::to_string(left) + " of " +
                           std::to_string(calls.value("Max", std::int64_t{0})) + " are left";
  if (left < kCallsMin) {
    return SetupFinding{problem, kSubject,
                        text +
                            ": raise schedule.poll_interval_s, use outbound messages, or buy "
                            "more calls"};
  }
  return SetupFinding{ok, kSubject, text};
}

SetupFinding SolutionsFinding(const Organization& organization) {
  constexpr const char* kSubject = "solutions";
  if (organization.solutions) {
    return {ok, kSubject, "sellers name them in " + organization.solutions->object.name};
  }
  const std::string products = organization.opportunity.FieldOf("products");
  if (!products.empty()) {
    return {hint, kSubject,
            "sellers name solutions in the older field " + products + ", ids joined by \"; \""};
  }
  return {problem, kSubject,
          "sellers have no place to name a solution, without which no deal is shared: install "
          "Microsoft's package, or let `cosell-sync crm prepare` make the field Products"};
}

SetupFinding TeamFinding(const Organization& organization) {
  const auto& children = organization.opportunity.object.children;
  const bool teams = std::any_of(
      children.begin(), children.end(),
      [](const ChildRelationship& each) { return each.object == "OpportunityTeamMember"; });
  if (teams) return {ok, "team", "opportunity teams are switched on"};
  return {hint, "team",
          "opportunity teams are off: only the owner is put on the referral's team (Setup, "
          "Opportunity Team Settings)"};
}

}  // namespace

Result<Inspection> InspectOrganization(Rest& rest, const Organization& organization) {
  Inspection inspection;
  auto limits = LimitsFinding(rest, inspection.clock_offset);
  if (!limits) return limits.error();
  auto& findings = inspection.findings;
  findings.push_back(PrivilegesFinding(organization));
  findings.push_back(*std::move(limits));
  findings.push_back(SolutionsFinding(organization));
  findings.push_back(TeamFinding(organization));
  findings.push_back({hint, "notes",
                      "the referral's notes are kept in Description; Salesforce Notes are neither "
                      "needed nor read"});
  findings.push_back({hint, "layout",
                      "look whether the opportunity's page layout shows the co-sell fields "
                      "(section \"Microsoft Partner Center\", identifiers and Audit read only) and "
                      "whether sellers may see them; neither can be checked from here"});
  findings.push_back({hint, "sellers",
                      "owners are matched by e-mail: sellers must be active users with the address "
                      "they have in Partner Center"});
  return inspection;
}

}  // namespace cosell::salesforce
