#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string file;
  std::string connection;
  std::string out_file;
};

}  // namespace

void AddMapping(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* group = program.AddGroup("mapping", "which column belongs to which member, and how");
  CLI::App* show = group->add_subcommand("show", "the whole mapping, each line with its origin");
  show->add_option("CONNECTION", arguments->connection, "only this one");
  program.OnSession(
      show, [arguments](Session& session) { return ShowMapping(session, arguments->connection); });
  CLI::App* check = group->add_subcommand(
      "check", "every mistake in a mapping; values that are lost; columns the CRM lacks");
  check->add_option("FILE", arguments->file, "left out: the connection's own");
  check->add_option("CONNECTION", arguments->connection, "whose CRM");
  program.OnSession(check, [arguments](Session& session) {
    return CheckMapping(session, arguments->file, arguments->connection);
  });
  CLI::App* preview =
      group->add_subcommand("preview", "every write a mapping would cause; writes nothing");
  preview->add_option("FILE", arguments->file, "the new mapping")->required();
  preview->add_option("CONNECTION", arguments->connection, "whose links");
  preview->add_option("--out", arguments->out_file, "a plan for `cosell-sync apply`");
  program.OnSession(preview, [arguments](Session& session) {
    return PreviewMapping(session, arguments->file, arguments->connection, arguments->out_file);
  });
}

}  // namespace cosell::cli
