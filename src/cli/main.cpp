#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "app/version.h"
#include "cli/commands.h"
#include "platform/folders.h"

namespace cosell::cli {
namespace {

struct NotBuilt {
  const char* name;
  const char* description;
};

// Commands of the design whose turn has not come. They say so; none pretends.
constexpr NotBuilt kNotBuilt[] = {
    {"auth", "interactive sign-in that yields a refresh token"},
    {"crm", "create the custom columns the CRM lacks"},
    {"apply", "carry out a reviewed plan"},
    {"explain", "why a field has its value"},
    {"conflicts", "list and resolve conflicts"},
    {"quarantine", "list and retry what is set aside"},
    {"mapping", "check and preview a mapping"},
    {"rebuild", "rebuild the state after an outage"},
    {"backup", "online backup"},
    {"restore", "restore a backup"},
    {"audit", "verify and export the audit"},
    {"report", "what was synced"},
    {"redact", "erase a person's data"},
};

class Program {
 public:
  Program() : app_("The operator's command line of cosell-sync.", "cosell-sync") {
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
    AddSetup();
    AddState();
    AddSync();
    AddWebhook();
    for (const NotBuilt& command : kNotBuilt) AddNotBuilt(command);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? kDone : kUsage;
    }
    return exit_code_;
  }

 private:
  template <typename Command>
  void OnSession(CLI::App* command, Command run) {
    command->callback([this, run] {
      Session session({std::filesystem::absolute(options_.config_file).string(), options_.json});
      exit_code_ = run(session);
    });
  }

  CLI::App* Add(CLI::App& parent, const char* name, const char* description) {
    return parent.add_subcommand(name, description);
  }

  void AddSetup() {
    CLI::App* init = Add(app_, "init", "write a commented starter configuration and mapping");
    init->add_option("FOLDER", folder_, "where to")->capture_default_str();
    init->callback([this] { exit_code_ = Init(folder_, options_.json); });
    CLI::App* check = Add(
        app_, "check", "validate configuration, credentials, columns and webhook; one line each");
    check->add_option("CONNECTION", connection_, "only this one");
    OnSession(check, [this](Session& session) { return Check(session, connection_); });
    OnSession(Add(app_, "migrate", "bring the database to this program's schema"),
              [](Session& session) { return RunMigrate(session); });
  }

  void AddState() {
    OnSession(Add(app_, "status", "connections, last sweep, lag, open conflicts, quarantine"),
              [](Session& session) { return ShowStatus(session); });
    CLI::App* show =
        Add(app_, "show", "a referral, opportunity or link: both sides, base, history");
    show->add_option("ID", id_, "referral id, CRM id or link number")->required();
    OnSession(show, [this](Session& session) { return Show(session, id_); });
  }

  void AddSync() {
    CLI::App* sync = Add(app_, "sync", "one sweep now");
    sync->add_option("CONNECTION", connection_, "only this one");
    sync->add_option("--confirm", confirm_, "mass-change, empty-side, first-share or fingerprint")
        ->expected(1);
    OnSession(sync, [this](Session& session) { return Sync(session, connection_, confirm_); });
    CLI::App* plan = Add(app_, "plan", "dry run: what a sweep would write");
    plan->add_option("CONNECTION", connection_, "only this one");
    plan->add_option("--out", out_file_, "write it to this file, for review");
    OnSession(plan,
              [this](Session& session) { return MakePlanFile(session, connection_, out_file_); });
  }

  void AddWebhook() {
    CLI::App* webhook = Add(app_, "webhook", "the registration for Partner Center's events");
    webhook->require_subcommand(1);
    webhook->fallthrough();
    const auto add = [&](const char* name, const char* description) {
      CLI::App* command = Add(*webhook, name, description);
      command->add_option("CONNECTION", connection_, "the connection")->required();
      return command;
    };
    OnSession(add("show", "what is registered"),
              [this](Session& session) { return WebhookShow(session, connection_); });
    CLI::App* reg = add("register", "register this service; a foreign address is never displaced");
    reg->add_flag("--overwrite", overwrite_, "displace a foreign address");
    OnSession(reg, [this](Session& session) {
      return WebhookRegister(session, connection_, overwrite_);
    });
    OnSession(add("test", "have a test event sent and wait for its report"),
              [this](Session& session) { return WebhookTest(session, connection_); });
  }

  void AddNotBuilt(const NotBuilt& command) {
    CLI::App* app = Add(app_, command.name, command.description);
    app->description(std::string(command.description) + " (not built yet)");
    app->fallthrough(false)->allow_extras();  // their arguments are nobody's yet
    app->callback([name = std::string(command.name)] {
      throw Failure{kUsage, "`cosell-sync " + name + "` is not built yet"};
    });
  }

  CLI::App app_;
  Options options_{platform::DefaultConfigFile(), false};
  std::string folder_ = ".";
  std::string connection_;
  std::string id_;
  std::string out_file_;
  std::vector<std::string> confirm_;
  bool overwrite_ = false;
  int exit_code_ = kDone;
};

int Main(int argc, char** argv) {
  try {
    return Program().Run(argc, argv);
  } catch (const Failure& failure) {
    std::cerr << "cosell-sync: " << failure.message << "\n";
    return failure.exit_code;
  } catch (const std::runtime_error& error) {
    // The store throws these; everything else is a Result.
    std::cerr << "cosell-sync: " << error.what() << "\n";
    return kDatabase;
  }
}

}  // namespace
}  // namespace cosell::cli

int main(int argc, char** argv) { return cosell::cli::Main(argc, argv); }
