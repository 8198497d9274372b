#include <iostream>
#include <nlohmann/json.hpp>

#include "app/plan_file.h"
#include "app/requests.h"
#include "app/results.h"
#include "cli/commands.h"
#include "cli/daemon_client.h"
#include "cli/print_plan.h"
#include "cli/rounds.h"
#include "platform/files.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPlanBytesMax = 256 * 1024 * 1024;

Json PlanOne(Session& session, const app::ConnectionConfig& config) {
  if (session.DaemonRuns())
    return Json::parse(AskDaemon(session.config(), CommandPath(config.name.text, "plan"), ""));
  app::Connection& connection = session.Connect(config);
  const auto links = connection.engine().DryRun();
  if (!links) throw Failure{kUnreachable, config.name.text + ": " + Describe(links.error())};
  return Json::parse(
      app::PlanAsJson(config.name, connection.engine().mapping(), *links, session.clock().Now()));
}

Json ApplyOne(Session& session, const app::ReviewedConnection& part) {
  const app::ConnectionConfig& config = session.Find(part.connection.text);
  if (session.DaemonRuns()) {
    return Json::parse(AskDaemon(session.config(), CommandPath(config.name.text, "apply"),
                                 app::ApplyRequest(part.reviewed)));
  }
  Engine& engine = session.Connect(config).engine();
  const ProgressLine line(engine, config.name.text);
  return Json::parse(app::RoundAsJson(config.name, engine.Apply(part.reviewed)));
}

std::vector<app::ReviewedConnection> ReadPlanFile(const std::string& file) {
  const auto text = platform::ReadFile(file, kPlanBytesMax);
  if (!text) throw Failure{kUsage, text.error().message};
  auto parts = app::ParsePlanFile(*text, file);
  if (!parts) throw Failure{kUsage, parts.error().message};
  return std::move(*parts);
}

}  // namespace

int MakePlanFile(Session& session, const std::string& connection, const std::string& out_file) {
  Json document = {{"made_at", FormatSeconds(session.clock().Now())},
                   {"connections", Json::array()}};
  bool conflicts = false;
  for (const auto& config : session.Select(connection)) {
    Json plan = PlanOne(session, config);
    for (const Json& link : plan["links"]) conflicts |= !link["conflicts"].empty();
    if (!session.json()) std::cout << PlanAsText(plan);
    if (config.shadow) {
      std::cerr << config.name.text
                << " is in shadow mode: this is carried out once its mode is \"live\"\n";
    }
    document["connections"].push_back(std::move(plan));
  }
  if (!out_file.empty()) {
    const auto written = platform::WriteFileAtomically(out_file, document.dump(2) + "\n",
                                                       platform::FileAccess::owner_only);
    if (!written) throw Failure{kUsage, written.error().message};
    std::cerr << "The plan is in " << out_file << "; once reviewed: cosell-sync apply " << out_file
              << "\n";
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return conflicts ? kNeedsPerson : kDone;
}

int ApplyPlanFile(Session& session, const std::string& file) {
  const auto parts = ReadPlanFile(file);
  for (const auto& part : parts) session.Find(part.connection.text);  // before anything is written
  int code = kDone;
  Json document = Json::array();
  for (const auto& part : parts) {
    const Json round = ApplyOne(session, part);
    code = std::max(code, round.value("exit_code", 0));
    if (!session.json()) PrintRound(round);
    document.push_back(round);
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return code;
}

}  // namespace cosell::cli
