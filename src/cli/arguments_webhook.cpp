#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string connection;
  bool overwrite = false;
};

}  // namespace

void AddWebhook(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* webhook = program.AddGroup("webhook", "the registration for Partner Center's events");
  const auto add = [&](const char* name, const char* description) {
    CLI::App* command = webhook->add_subcommand(name, description);
    command->add_option("CONNECTION", arguments->connection, "the connection")->required();
    return command;
  };
  program.OnSession(add("show", "what is registered"), [arguments](Session& session) {
    return WebhookShow(session, arguments->connection);
  });
  CLI::App* reg = add("register", "register this service; a foreign address is never displaced");
  reg->add_flag("--overwrite", arguments->overwrite, "displace a foreign address");
  program.OnSession(reg, [arguments](Session& session) {
    return WebhookRegister(session, arguments->connection, arguments->overwrite);
  });
  program.OnSession(
      add("test", "have a test event sent and wait for its report"),
      [arguments](Session& session) { return WebhookTest(session, arguments->connection); });
}

}  // namespace cosell::cli
