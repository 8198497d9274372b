#include <iostream>
#include <nlohmann/json.hpp>

#include "app/results.h"
#include "cli/commands.h"
#include "cli/daemon_client.h"
#include "cli/text_table.h"
#include "platform/files.h"
#include "platform/terminal.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

int CodeOf(const Error& error) {
  if (error.kind == ErrorKind::invalid_input) return kUsage;
  return error.kind == ErrorKind::unreachable ? kDatabase : kUnreachable;
}

std::string ConfirmBody(const std::vector<std::string>& confirm) {
  return confirm.empty() ? "" : Json{{"confirm", confirm.front()}}.dump();
}

// One line on a terminal that tells how far a sweep has come; nothing elsewhere.
class ProgressLine {
 public:
  ProgressLine(Engine& engine, const std::string& name) : shown_(platform::StderrIsTerminal()) {
    if (!shown_) return;
    engine.OnProgress([name](const Progress& progress) {
      std::cerr << "\r" << name << ": read " << progress.read << ", written " << progress.written
                << std::flush;
    });
  }
  ~ProgressLine() {
    if (shown_) std::cerr << "\n";
  }

 private:
  bool shown_;
};

// Through the daemon when it has the database, else here.
Json SyncOne(Session& session, const app::ConnectionConfig& config,
             const std::vector<std::string>& confirm) {
  if (session.DaemonRuns()) {
    const auto answer =
        AskDaemon(session.config(), "/api/v1/connections/" + config.name.text + "/sync",
                  ConfirmBody(confirm));
    if (!answer) throw Failure{CodeOf(answer.error()), answer.error().message};
    return Json::parse(*answer);
  }
  const auto confirmed = app::ParseConfirmations(confirm);
  if (!confirmed) throw Failure{kUsage, confirmed.error().message};
  Engine& engine = session.Connect(config).engine();
  const ProgressLine line(engine, config.name.text);
  const auto result = engine.Round({"sweep", IntakeDepth::sweep, *confirmed});
  return Json::parse(app::RoundAsJson(config.name, result));
}

Json PlanOne(Session& session, const app::ConnectionConfig& config) {
  if (session.DaemonRuns()) {
    const auto answer =
        AskDaemon(session.config(), "/api/v1/connections/" + config.name.text + "/plan", "");
    if (!answer) throw Failure{CodeOf(answer.error()), answer.error().message};
    return Json::parse(*answer);
  }
  app::Connection& connection = session.Connect(config);
  const auto links = connection.engine().DryRun();
  if (!links) throw Failure{kUnreachable, config.name.text + ": " + Describe(links.error())};
  return Json::parse(app::PlanAsJson(config.name, connection.engine().mapping(), *links));
}

void PrintRound(const Json& round) {
  std::cout << round["connection"].get<std::string>() << ": " << round["outcome"].get<std::string>()
            << "; read " << round["read"] << ", planned " << round["planned"] << ", written "
            << round["written"] << ", failed " << round["failed"] << ", conflicts "
            << round["conflicts"] << "\n";
  const std::string reason = round["reason"].get<std::string>();
  if (!reason.empty()) std::cerr << reason << "\n";
}

void PrintPlan(const Json& plan) {
  std::cout << plan["connection"].get<std::string>() << ": " << plan["links"].size()
            << " links would change or need a person\n";
  for (const Json& link : plan["links"]) {
    std::cout << "link " << link["link"] << " (referral " << link["referral_id"].get<std::string>()
              << ", CRM " << link["crm_id"].get<std::string>() << ")\n";
    for (const Json& step : link["steps"]) {
      std::cout << "  " << step["operation"].get<std::string>() << ": "
                << step["reason"].get<std::string>() << "\n";
      for (const Json& change : step["changes"]) {
        std::cout << "    " << change["field"].get<std::string>() << ": "
                  << Shorten(change["before"].get<std::string>()) << " -> "
                  << Shorten(change["after"].get<std::string>()) << " ("
                  << change["rule"].get<std::string>() << ")\n";
      }
    }
    for (const Json& conflict : link["conflicts"]) {
      std::cout << "  conflict in " << conflict["field"].get<std::string>() << ": "
                << conflict["reason"].get<std::string>() << "\n";
    }
  }
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

int MakePlanFile(Session& session, const std::string& connection, const std::string& out_file) {
  Json document = {{"made_at", FormatInstant(session.clock().Now())},
                   {"connections", Json::array()}};
  bool conflicts = false;
  for (const auto& config : session.Select(connection)) {
    Json plan = PlanOne(session, config);
    for (const Json& link : plan["links"]) conflicts |= !link["conflicts"].empty();
    if (!session.json()) PrintPlan(plan);
    document["connections"].push_back(std::move(plan));
  }
  if (!out_file.empty()) {
    const auto written = platform::WriteFileAtomically(out_file, document.dump(2) + "\n",
                                                       platform::FileAccess::owner_only);
    if (!written) throw Failure{kUsage, written.error().message};
    std::cerr << "The plan is in " << out_file << "\n";
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return conflicts ? kNeedsPerson : kDone;
}

}  // namespace cosell::cli
