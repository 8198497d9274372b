#include "cli/program.h"

#include "app/version.h"
#include "platform/folders.h"

namespace cosell::cli {

Program::Program()
    : app_("The operator's command line of cosell-sync.", "cosell-sync"),
      options_{platform::DefaultConfigFile(), false} {
  app_.set_version_flag("--version", "cosell-sync " + std::string(app::kVersion));
  app_.add_option("--config", options_.config_file, "the configuration file")
      ->capture_default_str();
  app_.add_flag("--json", options_.json, "print one JSON document to standard output");
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(
      "Exit codes: 0 done; 1 something needs a person; 2 wrong usage or configuration; 3 a "
      "remote side could not be\n"
      "reached; 4 the local database failed; 5 refused by a safety rail.");
}

CLI::App* Program::Add(const char* name, const char* description) {
  return app_.add_subcommand(name, description);
}

CLI::App* Program::AddGroup(const char* name, const char* description) {
  CLI::App* group = Add(name, description);
  group->require_subcommand(1);
  group->fallthrough();
  return group;
}

void Program::OnRun(CLI::App* command, std::function<int(const Options&)> run) {
  command->callback([this, run = std::move(run)] { exit_code_ = run(options_); });
}

void Program::OnSession(CLI::App* command, std::function<int(Session&)> run) {
  OnRun(command, [run = std::move(run)](const Options& options) {
    Session session({std::filesystem::absolute(options.config_file).string(), options.json});
    return run(session);
  });
}

int Program::Run(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_.exit(error) == 0 ? kDone : kUsage;
  }
  return exit_code_;
}

}  // namespace cosell::cli
