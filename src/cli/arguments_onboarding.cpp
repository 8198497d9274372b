#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string connection;
  bool apply = false;
  LoginChoice login{};
};

}  // namespace

void AddOnboarding(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* crm = program.AddGroup("crm", "the CRM's own side");
  CLI::App* prepare =
      crm->add_subcommand("prepare", "show, and with --apply create, what the CRM lacks");
  prepare->add_option("CONNECTION", arguments->connection, "the connection")->required();
  prepare->add_flag("--apply", arguments->apply, "create it");
  program.OnSession(prepare, [arguments](Session& session) {
    return PrepareCrm(session, arguments->connection, arguments->apply);
  });

  CLI::App* auth = program.AddGroup("auth", "sign-in");
  CLI::App* login = auth->add_subcommand(
      "login", "one interactive sign-in (with MFA) that yields the refresh token");
  login->add_option("CONNECTION", arguments->connection, "the connection")->required();
  login->add_option("--side", arguments->login.side, "whose sign-in, where both have one")
      ->check(CLI::IsMember({"partner-center", "crm"}));
  login->add_flag("--device-code", arguments->login.device_code,
                  "sign in on another device, with a code");
  login
      ->add_option("--port", arguments->login.port,
                   "port of the redirect address on this machine; 0: any free one")
      ->check(CLI::Range(0, 65535));
  login->add_flag("--print", arguments->login.print, "print the token where it cannot be stored");
  program.OnSession(login, [arguments](Session& session) {
    return Login(session, arguments->connection, arguments->login);
  });
}

}  // namespace cosell::cli
