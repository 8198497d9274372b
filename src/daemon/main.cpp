#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/OptionCallback.h>
#include <Poco/Util/ServerApplication.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/config.h"
#include "app/service.h"
#include "app/version.h"
#include "base/clock.h"
#include "platform/folders.h"
#include "platform/json_log.h"
#include "platform/notify.h"
#include "platform/run_loop.h"
#include "platform/secrets.h"
#include "platform/thread_pool.h"

namespace cosell {
namespace {

// EX_CONFIG: a service manager does not restart the daemon for a configuration that cannot work.
constexpr int kWrongConfiguration = 78;
constexpr std::size_t kCallThreads = 8;
// A service manager is promised that stopping takes no more than 10 seconds.
constexpr std::chrono::seconds kStopMax{8};

// Tells the service manager that the engines move; when one hangs the signs stop and the daemon is
// restarted.
class SignsOfLife {
 public:
  SignsOfLife(const platform::Notifier& notifier, app::Service& service) {
    if (const auto interval = notifier.watchdog_interval()) {
      thread_ = std::thread([this, &notifier, &service, interval = *interval] {
        std::unique_lock lock(mutex_);
        while (!ended_.wait_for(lock, interval, [this] { return end_; })) {
          if (service.Alive()) notifier.Watchdog();
        }
      });
    }
  }
  ~SignsOfLife() {
    {
      const std::lock_guard lock(mutex_);
      end_ = true;
    }
    ended_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

// A remote side that leaves a call unanswered would hold up the stop for as long as the call's
// time-out. Nothing is lost by not waiting for it: the write's intent is durable, and its outcome
// is looked up at the next start.
class StopInTime {
 public:
  StopInTime(Log& log, int exit_code)
      : thread_([this, &log, exit_code] {
          std::unique_lock lock(mutex_);
          if (ended_.wait_for(lock, kStopMax, [this] { return end_; })) return;
          log.Warning("stopped without waiting for a remote side that does not answer");
          std::_Exit(exit_code);
        }) {}
  ~StopInTime() {
    {
      const std::lock_guard lock(mutex_);
      end_ = true;
    }
    ended_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

class Daemon final : public Poco::Util::ServerApplication {
 public:
  Daemon() { setUnixOptions(true); }

 protected:
  void defineOptions(Poco::Util::OptionSet& options) override {
    using Poco::Util::Option;
    using Poco::Util::OptionCallback;
    ServerApplication::defineOptions(options);
    options.addOption(Option("help", "h", "show this help")
                          .callback(OptionCallback<Daemon>(this, &Daemon::OnHelp)));
    options.addOption(Option("version", "", "show the version")
                          .callback(OptionCallback<Daemon>(this, &Daemon::OnVersion)));
    options.addOption(
        Option("config", "",
               "the configuration file (default: " + platform::DefaultConfigFile() + ")")
            .argument("FILE")
            .callback(OptionCallback<Daemon>(this, &Daemon::OnConfig)));
    options.addOption(Option("log-file", "", "write the log to this file instead of standard error")
                          .argument("FILE")
                          .callback(OptionCallback<Daemon>(this, &Daemon::OnLogFile)));
    options.addOption(Option("verbose", "", "log every remote call")
                          .callback(OptionCallback<Daemon>(this, &Daemon::OnVerbose)));
  }

  int main(const std::vector<std::string>& arguments) override {
    if (answered_) return 0;
    if (!arguments.empty()) {
      std::cerr << "cosell-syncd: '" << arguments.front()
                << "' is not understood; see cosell-syncd --help\n";
      return kWrongConfiguration;
    }
    return Serve();
  }

 private:
  void OnHelp(const std::string&, const std::string&) {
    Poco::Util::HelpFormatter help(options());
    help.setUnixStyle(true);
    help.setCommand("cosell-syncd");
    help.setUsage("[--config=FILE] [--daemon] [--pidfile=FILE]");
    help.setHeader(
        "Keeps Partner Center co-sell referrals and CRM opportunities in step. HUP reads the "
        "configuration again; TERM stops.");
    help.format(std::cout);
    answered_ = true;
    stopOptionsProcessing();
  }
  void OnVersion(const std::string&, const std::string&) {
    std::cout << "cosell-syncd " << app::kVersion << "\n";
    answered_ = true;
    stopOptionsProcessing();
  }
  void OnConfig(const std::string&, const std::string& file) { config_file_ = file; }
  void OnLogFile(const std::string&, const std::string& file) { log_file_ = file; }
  void OnVerbose(const std::string&, const std::string&) { level_ = LogLevel::debug; }

  int Serve() {
    SystemClock clock;
    const auto log = platform::MakeJsonLog({level_, log_file_, platform::StderrIsJournal()}, clock);
    const auto loaded = LoadConfiguration(*log);
    if (!loaded.ok()) return kWrongConfiguration;
    SystemRandom random;
    const auto secrets = platform::MakeSecrets(*log);
    const auto executor = platform::MakeThreadPool(kCallThreads);
    platform::RunLoop loop([&](int) { log->Error("stopped by force"); });
    std::atomic<int> exit_code{0};
    app::Service service(loaded.config, {clock, random, *secrets, *executor, *log},
                         [&](const app::ServiceFailure& failure) {
                           exit_code = failure.exit_code;
                           loop.RequestStop();
                         });
    if (const auto failure = service.Start()) {
      log->Error("cannot start", {{"reason", failure->message}});
      std::cerr << "cosell-syncd: " << failure->message << "\n";
      return failure->exit_code == 2 ? kWrongConfiguration : failure->exit_code;
    }
    const platform::Notifier notifier;
    notifier.Ready();
    log->Info("ready", {{"version", std::string(app::kVersion)}, {"url", service.url()}});
    {
      const SignsOfLife signs(notifier, service);
      loop.WaitForStop([&] { Reload(service, *log, notifier); });
    }
    notifier.Stopping();
    log->Info("stopping");
    {
      const StopInTime limit(*log, exit_code);
      service.Stop();
    }
    log->Info("stopped");
    return exit_code;
  }

  // Every problem at once, on standard error for a person and in the log.
  app::LoadedConfig LoadConfiguration(Log& log) const {
    auto loaded = app::LoadConfig(config_file_);
    if (loaded.ok()) {
      for (auto& problem : app::FindMissingFiles(loaded.config))
        loaded.problems.push_back(std::move(problem));
    }
    for (const auto& warning : loaded.warnings) {
      log.Warning("configuration", {{"file", config_file_}, {"problem", Describe(warning)}});
    }
    for (const auto& problem : loaded.problems) {
      log.Error("configuration", {{"file", config_file_}, {"problem", Describe(problem)}});
    }
    return loaded;
  }

  void Reload(app::Service& service, platform::JsonLog& log, const platform::Notifier& notifier) {
    notifier.Reloading();
    log.Reopen();
    const auto loaded = LoadConfiguration(log);
    if (!loaded.ok()) {
      log.Error("the configuration was not reloaded; everything goes on as before");
    } else if (const auto failure = service.Reload(loaded.config)) {
      log.Error("the configuration was not reloaded; everything goes on as before",
                {{"reason", failure->message}});
    } else {
      log.Info("reloaded");
    }
    notifier.Ready();
  }

  std::string config_file_ = platform::DefaultConfigFile();
  std::string log_file_;
  LogLevel level_ = LogLevel::info;
  bool answered_ = false;
};

// A daemon's working directory is /, so file names are made absolute while the caller's still
// holds.
std::vector<std::string> WithAbsolutePaths(int argc, char** argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  for (auto& argument : arguments) {
    for (const std::string prefix : {"--config=", "--pidfile=", "--log-file="}) {
      if (!argument.starts_with(prefix)) continue;
      argument = prefix + std::filesystem::absolute(argument.substr(prefix.size())).string();
    }
  }
  return arguments;
}

}  // namespace
}  // namespace cosell

int main(int argc, char** argv) {
  cosell::platform::BlockSignals();
  auto arguments = cosell::WithAbsolutePaths(argc, argv);
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  cosell::Daemon daemon;
  return daemon.run(static_cast<int>(pointers.size()), pointers.data());
}
