#include <iostream>
#include <nlohmann/json.hpp>

#include "app/requests.h"
#include "app/results.h"
#include "cli/commands.h"
#include "cli/daemon_client.h"
#include "cli/rounds.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// Through the daemon when it has the database, else here.
Json SyncOne(Session& session, const app::ConnectionConfig& config,
             const std::vector<std::string>& confirm) {
  if (session.DaemonRuns()) {
    return Json::parse(AskDaemon(session.config(), CommandPath(config.name.text, "sync"),
                                 app::SyncRequest(confirm)));
  }
  const auto confirmed = app::ParseConfirmations(confirm);
  if (!confirmed) throw Failure{kUsage, confirmed.error().message};
  Engine& engine = session.Connect(config).engine();
  const ProgressLine line(engine, config.name.text);
  const auto result = engine.Round({"sweep", IntakeDepth::sweep, *confirmed});
  return Json::parse(app::RoundAsJson(config.name, result));
}

}  // namespace

int Sync(Session& session, const std::string& connection, const std::vector<std::string>& confirm) {
  int code = kDone;
  Json document = Json::array();
  for (const auto& config : session.Select(connection)) {
    const Json round = SyncOne(session, config, confirm);
    code = std::max(code, round.value("exit_code", 0));
    if (!session.json()) PrintRound(round);
    document.push_back(round);
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return code;
}

}  // namespace cosell::cli
