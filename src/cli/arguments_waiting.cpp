#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string connection;
  std::string id;
  std::string field;
  std::string take;
  bool all = false;
};

void AddConflicts(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* conflicts = program.AddGroup("conflicts", "fields that wait for a person's decision");
  CLI::App* list =
      conflicts->add_subcommand("list", "the open ones, with the values of both sides");
  list->add_option("CONNECTION", arguments->connection, "only this one");
  program.OnSession(list, [arguments](Session& session) {
    return ListConflicts(session, arguments->connection);
  });
  CLI::App* resolve =
      conflicts->add_subcommand("resolve", "decide one; the next round carries it out");
  resolve->add_option("ID", arguments->id, "referral id, CRM id or link number")->required();
  resolve->add_option("FIELD", arguments->field, "the field, as `conflicts list` names it")
      ->required();
  resolve
      ->add_option("--take", arguments->take,
                   "whose value both sides get; leave: both stay as they are; lost-value: what "
                   "was decided against last comes back, also when nothing is open any more")
      ->required()
      ->check(CLI::IsMember({"partner-center", "crm", "leave", "lost-value"}));
  program.OnSession(resolve, [arguments](Session& session) {
    return ResolveConflict(session, arguments->id, arguments->field, arguments->take);
  });
}

int Retry(Session& session, const Arguments& arguments) {
  if (arguments.all) return RetryAllQuarantined(session, arguments.id);
  if (arguments.id.empty()) throw Failure{kUsage, "name a link, or add --all"};
  return RetryQuarantine(session, arguments.id);
}

void AddQuarantine(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* quarantine = program.AddGroup("quarantine", "links that are set aside");
  CLI::App* list =
      quarantine->add_subcommand("list", "which, why, and when they are looked at again");
  list->add_option("CONNECTION", arguments->connection, "only this one");
  program.OnSession(list, [arguments](Session& session) {
    return ListQuarantine(session, arguments->connection);
  });
  CLI::App* retry =
      quarantine->add_subcommand("retry", "look at one again now, or with --all at all");
  retry->add_option("ID", arguments->id,
                    "referral id, CRM id or link number; with --all a connection");
  retry->add_flag("--all", arguments->all, "all of them, or all of a connection");
  program.OnSession(retry, [arguments](Session& session) { return Retry(session, *arguments); });
}

}  // namespace

void AddWaiting(Program& program) {
  AddConflicts(program);
  AddQuarantine(program);
}

}  // namespace cosell::cli
