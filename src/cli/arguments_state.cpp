#include <memory>

#include "cli/commands.h"
#include "cli/program.h"
#include "cli/times.h"

namespace cosell::cli {
namespace {

struct Arguments {
  std::string id;
  std::string at;
  std::string field;
};

}  // namespace

void AddState(Program& program) {
  program.OnSession(
      program.Add("status", "connections, last sweep, lag, open conflicts, quarantine"),
      [](Session& session) { return ShowStatus(session); });
  CLI::App* show =
      program.Add("show", "a referral, opportunity or link: both sides, base, history");
  const auto arguments = std::make_shared<Arguments>();
  show->add_option("ID", arguments->id, "referral id, CRM id or link number")->required();
  show->add_option("--at", arguments->at, std::string("as it was then: ") + kTimeForms);
  program.OnSession(
      show, [arguments](Session& session) { return Show(session, arguments->id, arguments->at); });
  CLI::App* explain =
      program.Add("explain", "why a field has its value: both sides, rule, cause, earlier values");
  explain->add_option("ID", arguments->id, "referral id, CRM id or link number")->required();
  explain->add_option("FIELD", arguments->field, "the mapping's name of the field")->required();
  program.OnSession(explain, [arguments](Session& session) {
    return ExplainField(session, arguments->id, arguments->field);
  });
}

}  // namespace cosell::cli
