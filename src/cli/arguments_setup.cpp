#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string folder = ".";
  std::string crm_kind = "dynamics365";
  std::string connection;
};

}  // namespace

void AddSetup(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* init = program.Add("init", "write a commented starter configuration and mapping");
  init->add_option("FOLDER", arguments->folder, "where to")->capture_default_str();
  init->add_option("--crm", arguments->crm_kind, "whose mapping")
      ->check(CLI::IsMember({"dynamics365", "salesforce"}))
      ->capture_default_str();
  program.OnRun(init, [arguments](const Options& options) {
    return Init(arguments->folder, arguments->crm_kind, options.json);
  });
  CLI::App* check = program.Add(
      "check", "validate configuration, credentials, columns and webhook; one line each");
  check->add_option("CONNECTION", arguments->connection, "only this one");
  program.OnSession(
      check, [arguments](Session& session) { return Check(session, arguments->connection); });
  program.OnSession(program.Add("migrate", "bring the database to this program's schema"),
                    [](Session& session) { return RunMigrate(session); });
}

}  // namespace cosell::cli
