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
    {"explain", "why a field has its value"},
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
    AddPlan();
    AddConflicts();
    AddQuarantine();
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
    init->add_option("--crm", crm_kind_, "whose mapping")
        ->check(CLI::IsMember({"dynamics365", "salesforce"}))
        ->capture_default_str();
    init->callback([this] { exit_code_ = Init(folder_, crm_kind_, options_.json); });
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
  }

  void AddPlan() {
    CLI::App* plan = Add(app_, "plan", "dry run: what a sweep would write");
    plan->add_option("CONNECTION", connection_, "only this one");
    plan->add_option("--out", file_, "write it to this file, for review and `apply`");
    OnSession(plan, [this](Session& session) { return MakePlanFile(session, connection_, file_); });
    CLI::App* apply =
        Add(app_, "apply", "carry out a reviewed plan: exactly that, or nothing of a connection");
    apply->add_option("FILE", file_, "what `plan --out` wrote; links may be taken out of it")
        ->required();
    OnSession(apply, [this](Session& session) { return ApplyPlanFile(session, file_); });
  }

  CLI::App* AddGroup(const char* name, const char* description) {
    CLI::App* group = Add(app_, name, description);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
  }

  void AddConflicts() {
    CLI::App* conflicts = AddGroup("conflicts", "fields that wait for a person's decision");
    CLI::App* list = Add(*conflicts, "list", "the open ones, with the values of both sides");
    list->add_option("CONNECTION", connection_, "only this one");
    OnSession(list, [this](Session& session) { return ListConflicts(session, connection_); });
    CLI::App* resolve = Add(*conflicts, "resolve", "decide one; the next round carries it out");
    resolve->add_option("ID", id_, "referral id, CRM id or link number")->required();
    resolve->add_option("FIELD", field_, "the field, as `conflicts list` names it")->required();
    resolve
        ->add_option("--take", take_,
                     "whose value both sides get; leave: both stay as they are; lost-value: what "
                     "was decided against last comes back, also when nothing is open any more")
        ->required()
        ->check(CLI::IsMember({"partner-center", "crm", "leave", "lost-value"}));
    OnSession(resolve,
              [this](Session& session) { return ResolveConflict(session, id_, field_, take_); });
  }

  void AddQuarantine() {
    CLI::App* quarantine = AddGroup("quarantine", "links that are set aside");
    CLI::App* list = Add(*quarantine, "list", "which, why, and when they are looked at again");
    list->add_option("CONNECTION", connection_, "only this one");
    OnSession(list, [this](Session& session) { return ListQuarantine(session, connection_); });
    CLI::App* retry = Add(*quarantine, "retry", "look at one again now, or with --all at all");
    retry->add_option("ID", id_, "referral id, CRM id or link number; with --all a connection");
    retry->add_flag("--all", all_, "all of them, or all of a connection");
    OnSession(retry, [this](Session& session) {
      if (all_) return RetryAllQuarantined(session, id_);
      if (id_.empty()) throw Failure{kUsage, "name a link, or add --all"};
      return RetryQuarantine(session, id_);
    });
  }

  void AddWebhook() {
    CLI::App* webhook = AddGroup("webhook", "the registration for Partner Center's events");
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
  std::string crm_kind_ = "dynamics365";
  std::string connection_;
  std::string id_;
  std::string file_;
  std::string field_;
  std::string take_;
  std::vector<std::string> confirm_;
  bool overwrite_ = false;
  bool all_ = false;
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
