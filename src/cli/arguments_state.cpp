#include <memory>

#include "cli/commands.h"
#include "cli/program.h"

namespace cosell::cli {

void AddState(Program& program) {
  program.OnSession(
      program.Add("status", "connections, last sweep, lag, open conflicts, quarantine"),
      [](Session& session) { return ShowStatus(session); });
  CLI::App* show =
      program.Add("show", "a referral, opportunity or link: both sides, base, history");
  const auto id = std::make_shared<std::string>();
  show->add_option("ID", *id, "referral id, CRM id or link number")->required();
  program.OnSession(show, [id](Session& session) { return Show(session, *id); });
}

}  // namespace cosell::cli
