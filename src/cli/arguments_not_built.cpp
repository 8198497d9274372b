#include "cli/program.h"

namespace cosell::cli {
namespace {

struct NotBuilt {
  const char* name;
  const char* description;
};

constexpr NotBuilt kNotBuilt[] = {
    {"auth", "interactive sign-in that yields a refresh token"},
    {"crm", "create the custom columns the CRM lacks"},
    {"explain", "why a field has its value"},
    {"mapping", "check and preview a mapping"},
    {"rebuild", "rebuild the state after an outage"},
    {"backup", "online backup"},
    {"restore", "restore a backup"},
    {"audit", "verify and export the audit"},
    {"report", "what was synced"},
    {"redact", "erase a person's data"},
};

}  // namespace

void AddNotBuilt(Program& program) {
  for (const NotBuilt& command : kNotBuilt) {
    CLI::App* app = program.Add(command.name, command.description);
    app->description(std::string(command.description) + " (not built yet)");
    app->fallthrough(false)->allow_extras();  // their arguments are nobody's yet
    program.OnRun(app, [name = std::string(command.name)](const Options&) -> int {
      throw Failure{kUsage, "`cosell-sync " + name + "` is not built yet"};
    });
  }
}

}  // namespace cosell::cli
