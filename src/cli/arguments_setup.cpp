#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/program.h"
#include "platform/terminal.h"

namespace cosell::cli {
namespace {

struct Arguments {
  InitChoice init{};
  bool yes = false;
  std::string connection;
};

void AddInit(Program& program, const std::shared_ptr<Arguments>& arguments) {
  InitChoice& choice = arguments->init;
  CLI::App* init = program.Add(
      "init", "write a configuration and mapping; asks on a terminal, else takes these options");
  init->add_option("FOLDER", choice.folder, "where to")->capture_default_str();
  init->add_option("--crm", choice.crm_kind, "dynamics365, salesforce, or rest (any other)")
      ->check(CLI::IsMember({"dynamics365", "salesforce", "rest"}));
  init->add_option("--name", choice.name, "of the connection");
  init->add_option("--crm-url", choice.crm_url, "the CRM's address");
  init->add_option("--tenant", choice.tenant_id, "Entra tenant, GUID or domain");
  init->add_option("--client-id", choice.client_id, "the app that signs in to Partner Center");
  init->add_option("--crm-client-id", choice.crm_client_id,
                   "the app or consumer key that signs in to the CRM");
  init->add_option("--secrets", choice.secrets_folder, "folder of the secrets");
  init->add_option("--public-url", choice.public_url, "public https address for events");
  init->add_flag("--no-leads", choice.without_leads, "opportunities alone");
  init->add_flag("--yes", arguments->yes, "ask nothing");
  program.OnRun(init, [arguments](const Options& options) {
    const bool asks = platform::StdinIsTerminal() && !arguments->yes && !options.json;
    return Init(arguments->init, asks ? &std::cin : nullptr, options.json);
  });
}

}  // namespace

void AddSetup(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  AddInit(program, arguments);
  CLI::App* check =
      program.Add("check", "every prerequisite, one line each: ok, what is wrong, how to mend it");
  check->add_option("CONNECTION", arguments->connection, "only this one");
  program.OnSession(
      check, [arguments](Session& session) { return Check(session, arguments->connection); });
  program.OnSession(program.Add("migrate", "bring the database to this program's schema"),
                    [](Session& session) { return RunMigrate(session); });
}

}  // namespace cosell::cli
