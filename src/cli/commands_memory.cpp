#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/audit_file.h"
#include "app/backup.h"
#include "app/rebuild.h"
#include "app/requests.h"
#include "app/results.h"
#include "cli/commands.h"
#include "cli/rounds.h"
#include "platform/files.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Absolute(const std::string& file) {
  return platform::ToUtf8(std::filesystem::absolute(platform::ToPath(file)).lexically_normal());
}

Json AsJson(const app::BackupInfo& backup) {
  return {{"file", backup.file},
          {"bytes", backup.bytes},
          {"schema", backup.schema},
          {"links", backup.links},
          {"audit_entries", backup.audit_entries},
          {"generation", backup.generation},
          {"state_of", backup.state_of.empty() ? Json(nullptr) : Json(backup.state_of)}};
}

std::string AsText(const app::BackupInfo& backup) {
  return std::to_string(backup.bytes) + " bytes, " + std::to_string(backup.links) + " links, " +
         std::to_string(backup.audit_entries) + " audit entries, schema " +
         std::to_string(backup.schema) +
         (backup.state_of.empty() ? "" : ", last marked " + backup.state_of);
}

void RefuseBesideDaemon(const Session& session, const std::string& command) {
  if (!session.DaemonRuns()) return;
  throw Failure{kDatabase, "the service is running and has the database '" +
                               session.config().database_path + "'; stop it, then run `" + command +
                               "` again"};
}

// One connection's part of a rebuild.
Json RebuildOne(Session& session, const app::ConnectionConfig& config,
                const Confirmations& confirmed, const RecoveredBases* bases) {
  Engine& engine = session.Connect(config).engine();
  RoundRequest request{"rebuild", IntakeDepth::poll, confirmed, bases};
  RoundResult result;
  {
    const ProgressLine line(engine, config.name.text);
    result = engine.Round(request);
  }
  Json json = Json::parse(app::RoundAsJson(config.name, result));
  json["pairs"] = nullptr;
  if (result.certificate) {
    const PairCensus census =
        session.WritableStore().CountLinks(config.name, result.certificate->audit_from);
    json["pairs"] = Json::parse(app::CensusAsJson(census));
    if (!session.json()) std::cout << config.name.text << ":\n" << app::CensusAsText(census);
  } else if (!result.broken && result.stopped.empty() && !session.json()) {
    std::cerr << config.name.text
              << ": not all is worked off yet; start the service or run `cosell-sync rebuild` "
                 "again, it goes on where it is\n";
  }
  return json;
}

app::RebuildStart Prepare(Session& session) {
  auto start = app::PrepareRebuild(session.config().database_path, session.clock());
  if (!start) throw Failure{kDatabase, start.error().message};
  if (!session.json()) std::cout << app::RebuildStartAsText(*start);
  return std::move(*start);
}

app::AuditFile ReadAudit(const std::string& file) {
  if (file.empty()) return {};
  auto audit = app::ReadAuditFile(Absolute(file));
  if (!audit) throw Failure{kUsage, audit.error().message};
  return std::move(*audit);
}

}  // namespace

int Backup(Session& session, const std::string& file, bool overwrite) {
  const auto made = app::MakeBackup(session.config().database_path, Absolute(file), overwrite);
  if (!made) throw Failure{kUsage, made.error().message};
  if (session.json()) {
    std::cout << AsJson(*made).dump(2) << "\n";
  } else {
    std::cout << "Wrote and checked " << made->file << ": " << AsText(*made) << "\n";
  }
  return kDone;
}

int Restore(Session& session, const std::string& file) {
  RefuseBesideDaemon(session, "cosell-sync restore");
  session.TakeLock();
  const auto restored =
      app::RestoreBackup(Absolute(file), session.config().database_path, session.clock());
  if (!restored) throw Failure{kUsage, restored.error().message};
  if (session.json()) {
    Json json = AsJson(restored->backup);
    json["aside"] = restored->aside;
    std::cout << json.dump(2) << "\n";
    return kDone;
  }
  std::cout << "Restored " << restored->backup.file << ": " << AsText(restored->backup) << "\n";
  if (!restored->aside.empty())
    std::cout << "The database that was there is kept as " << restored->aside << "\n";
  std::cout << "The next round (start the service, or `cosell-sync sync`) reads both sides whole "
               "and says in a gap\ncertificate what has changed since. Where both records of a "
               "pair have changed, no old value is written\nover a newer one: the conflict policy "
               "decides.\n";
  return kDone;
}

int Rebuild(Session& session, const RebuildArguments& arguments) {
  RefuseBesideDaemon(session, "cosell-sync rebuild");
  const auto confirmed = app::ParseConfirmations(arguments.confirm);
  if (!confirmed) throw Failure{kUsage, confirmed.error().message};
  const auto chosen = session.Select(arguments.connection);
  const app::AuditFile audit = ReadAudit(arguments.audit_file);
  session.TakeLock();
  const app::RebuildStart start = Prepare(session);
  session.WritableStore(true);
  int code = start.lost_rows() ? kNeedsPerson : kDone;
  Json document = {{"database", Json::parse(app::RebuildStartAsJson(start))},
                   {"connections", Json::array()}};
  for (const auto& config : chosen) {
    const auto bases = audit.by_connection.find(config.name.text);
    const Json round = RebuildOne(session, config, *confirmed,
                                  bases == audit.by_connection.end() ? nullptr : &bases->second);
    code = std::max(code, round.value("exit_code", 0));
    if (!session.json()) PrintRound(round);
    document["connections"].push_back(round);
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return code;
}

}  // namespace cosell::cli
