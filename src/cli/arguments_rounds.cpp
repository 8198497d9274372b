#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string connection;
  std::string file;
  std::vector<std::string> confirm;
};

}  // namespace

void AddRounds(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* sync = program.Add("sync", "one sweep now");
  sync->add_option("CONNECTION", arguments->connection, "only this one");
  sync->add_option("--confirm", arguments->confirm,
                   "mass-change, empty-side, first-share or fingerprint")
      ->expected(1);
  program.OnSession(sync, [arguments](Session& session) {
    return Sync(session, arguments->connection, arguments->confirm);
  });
  CLI::App* plan = program.Add("plan", "dry run: what a sweep would write");
  plan->add_option("CONNECTION", arguments->connection, "only this one");
  plan->add_option("--out", arguments->file, "write it to this file, for review and `apply`");
  program.OnSession(plan, [arguments](Session& session) {
    return MakePlanFile(session, arguments->connection, arguments->file);
  });
  CLI::App* apply =
      program.Add("apply", "carry out a reviewed plan: exactly that, or nothing of a connection");
  apply
      ->add_option("FILE", arguments->file, "what `plan --out` wrote; links may be taken out of it")
      ->required();
  program.OnSession(
      apply, [arguments](Session& session) { return ApplyPlanFile(session, arguments->file); });
}

}  // namespace cosell::cli
