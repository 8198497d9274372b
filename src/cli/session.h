#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "app/connection.h"
#include "app/database.h"
#include "base/clock.h"
#include "platform/lock.h"
#include "ports/log.h"
#include "ports/secrets.h"
#include "ports/store.h"

namespace cosell::cli {

// Exit codes of design section 5.
enum ExitCode {
  kDone = 0,
  kNeedsPerson = 1,
  kUsage = 2,
  kUnreachable = 3,
  kDatabase = 4,
  kRefused = 5
};

// A command ends early: the message goes to standard error.
struct Failure {
  int exit_code = kUsage;
  std::string message;
};

struct Options {
  std::string config_file;
  bool json = false;
};

// What the commands share: configuration, and the parts that are built when a command needs them.
// Used from one thread. Members throw Failure.
class Session {
 public:
  // Loads the configuration; throws Failure with every problem.
  explicit Session(Options options);
  ~Session();

  bool json() const { return options_.json; }
  const app::Config& config() const { return config_; }

  // The named connection's configuration, or the only one when `name` is empty.
  const app::ConnectionConfig& Find(const std::string& name) const;
  // The named one, or all.
  std::vector<app::ConnectionConfig> Select(const std::string& name) const;

  // Whether a daemon (not this command) has the database.
  bool DaemonRuns() const;
  // For reading; works beside the daemon.
  Store& ReadOnlyStore();
  // Keeps daemons and other commands away from the database from here on.
  void TakeLock();
  // For writing; takes the lock. `rebuild`: that the file is new is what the operator wants.
  Store& WritableStore(bool rebuild = false);
  // Built on the writable store.
  app::Connection& Connect(const app::ConnectionConfig& config);
  // Built on another store, which outlives it.
  std::unique_ptr<app::Connection> ConnectTo(Store& store, const app::ConnectionConfig& config);
  // The clients alone, for commands that need no store.
  app::Clients& ConnectClients(const app::ConnectionConfig& config);

  Secrets& secrets() { return *secrets_; }
  Clock& clock() { return clock_; }
  Random& random() { return random_; }

 private:
  Options options_;
  app::Config config_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Secrets> secrets_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<platform::InstanceLock> lock_;
  std::unique_ptr<Store> read_only_;
  std::unique_ptr<app::Database> writable_;
  std::vector<std::unique_ptr<app::Clients>> clients_;
  std::vector<std::unique_ptr<app::Connection>> connections_;
};

}  // namespace cosell::cli
