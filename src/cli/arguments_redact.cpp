#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string id;
  bool allow = false;
};

}  // namespace

void AddRedact(Program& program) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* redact =
      program.Add("redact", "erase a person's data and keep it out; the audit chain stays valid");
  redact
      ->add_option("ID", arguments->id,
                   "the person's e-mail address; or a referral id, CRM id or link number, whose "
                   "customer contacts are erased")
      ->required();
  redact->add_flag("--allow", arguments->allow, "take the person's data in again from now on");
  program.OnSession(redact, [arguments](Session& session) {
    return Redact(session, arguments->id, arguments->allow);
  });
}

}  // namespace cosell::cli
