#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/text_table.h"
#include "ports/crm_setup.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// What became of one step.
struct Outcome {
  SetupStep step;
  std::string result = "lacking";  // "made", "failed", "not tried", "obstacle"
  std::string error{};
};

int CodeOf(const Error& error) {
  switch (error.kind) {
    case ErrorKind::unreachable:
    case ErrorKind::unavailable:
    case ErrorKind::throttled:
    case ErrorKind::unknown_outcome:
    case ErrorKind::invalid_response:
      return kUnreachable;
    default:
      return kNeedsPerson;
  }
}

// In order, up to the first that fails: what follows may build on it, and the next run goes on
// there.
int MakeAll(CrmSetup& setup, std::vector<Outcome>* outcomes) {
  int code = kDone;
  for (Outcome& outcome : *outcomes) {
    if (!outcome.step.obstacle.empty()) continue;
    if (code != kDone) {
      outcome.result = "not tried";
      continue;
    }
    const Status made = setup.Make(outcome.step);
    outcome.result = made ? "made" : "failed";
    if (made) continue;
    outcome.error = Describe(made.error());
    code = CodeOf(made.error());
  }
  const Status published = setup.Publish();
  if (!published) {
    std::cerr << Describe(published.error())
              << "\nPublish all customizations in the CRM, or run the command again\n";
    code = std::max(code, CodeOf(published.error()));
  }
  return code;
}

bool AnyOf(const std::vector<Outcome>& outcomes, std::string_view result) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const Outcome& each) { return each.result == result; });
}

void PrintJson(const std::string& connection, bool apply, const std::vector<Outcome>& outcomes,
               const std::vector<std::string>& handwork) {
  Json steps = Json::array();
  for (const Outcome& each : outcomes) {
    steps.push_back({{"id", each.step.id},
                     {"object", each.step.object},
                     {"name", each.step.name},
                     {"text", each.step.text},
                     {"result", each.result},
                     {"obstacle", each.step.obstacle},
                     {"error", each.error}});
  }
  std::cout << Json{{"connection", connection},
                    {"applied", apply},
                    {"steps", steps},
                    {"handwork", handwork}}
                   .dump(2)
            << "\n";
}

void PrintText(const std::string& connection, bool apply, const std::vector<Outcome>& outcomes,
               const std::vector<std::string>& handwork) {
  std::vector<std::vector<std::string>> rows;
  for (const Outcome& each : outcomes) {
    rows.push_back({each.result, each.step.object.empty() ? "(organisation)" : each.step.object,
                    each.step.name, each.step.text});
  }
  std::cout << FormatTable(rows);
  for (const Outcome& each : outcomes) {
    if (!each.step.obstacle.empty())
      std::cout << "  " << each.step.name << ": " << each.step.obstacle << "\n";
    if (!each.error.empty()) std::cout << "  " << each.step.name << ": " << each.error << "\n";
  }
  if (!apply) {
    if (AnyOf(outcomes, "lacking")) {
      std::cout << "Nothing was changed. To create what is lacking: cosell-sync crm prepare "
                << connection << " --apply\n";
    }
    return;
  }
  if (AnyOf(outcomes, "made")) {
    std::cout << "What is left to do by hand:\n";
    for (const std::string& each : handwork) std::cout << "  - " << each << "\n";
  }
  if (AnyOf(outcomes, "not tried")) {
    std::cout << "Run the command again once the failure is mended: it goes on where it ended.\n";
  }
}

}  // namespace

int PrepareCrm(Session& session, const std::string& connection, bool apply) {
  const auto& config = session.Find(connection);
  CrmSetup& setup = session.ConnectClients(config).crm_setup();
  const auto plan = setup.Plan();
  if (!plan) throw Failure{CodeOf(plan.error()), Describe(plan.error())};
  std::vector<Outcome> outcomes;
  for (const SetupStep& step : *plan) outcomes.push_back({step});
  for (Outcome& each : outcomes) {
    if (!each.step.obstacle.empty()) each.result = "obstacle";
  }
  int code = apply ? MakeAll(setup, &outcomes) : kDone;
  if (AnyOf(outcomes, "lacking") || AnyOf(outcomes, "obstacle")) {
    code = std::max<int>(code, kNeedsPerson);
  }
  const std::string& name = config.name.text;
  if (session.json()) {
    PrintJson(name, apply, outcomes, apply ? setup.Handwork() : std::vector<std::string>{});
  } else if (outcomes.empty()) {
    std::cout << name << ": the CRM has everything; nothing to do.\n";
  } else {
    PrintText(name, apply, outcomes, setup.Handwork());
  }
  return code;
}

}  // namespace cosell::cli
