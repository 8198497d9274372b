#include "cli/session.h"

#include <iostream>
#include <stdexcept>

#include "platform/json_log.h"
#include "platform/secrets.h"
#include "platform/thread_pool.h"
#include "store/store_factory.h"

namespace cosell::cli {
namespace {

constexpr std::size_t kCallThreads = 8;

app::Config Load(const std::string& file) {
  auto loaded = app::LoadConfig(file);
  if (loaded.ok()) {
    for (auto& problem : app::FindMissingFiles(loaded.config))
      loaded.problems.push_back(std::move(problem));
  }
  for (const auto& warning : loaded.warnings) std::cerr << "warning: " << Describe(warning) << "\n";
  if (loaded.ok()) return std::move(loaded.config);
  std::string text = file + " cannot be used:";
  for (const auto& problem : loaded.problems) text += "\n  " + Describe(problem);
  throw Failure{kUsage, text};
}

}  // namespace

Session::Session(Options options)
    : options_(std::move(options)),
      config_(Load(options_.config_file)),
      log_(platform::MakeJsonLog({LogLevel::error, "", false}, clock_)),
      secrets_(platform::MakeSecrets(*log_)),
      executor_(platform::MakeThreadPool(kCallThreads)) {}

Session::~Session() = default;

const app::ConnectionConfig& Session::Find(const std::string& name) const {
  std::string known;
  for (const auto& connection : config_.connections) {
    if (connection.name.text == name || (name.empty() && config_.connections.size() == 1))
      return connection;
    known += (known.empty() ? "" : ", ") + connection.name.text;
  }
  throw Failure{kUsage, name.empty() ? "name a connection: " + known
                                     : "there is no connection '" + name +
                                           "'; the configuration has " + known};
}

std::vector<app::ConnectionConfig> Session::Select(const std::string& name) const {
  if (name.empty()) return config_.connections;
  return {Find(name)};
}

// Once this program has the lock, nobody else does.
bool Session::DaemonRuns() const { return !lock_ && platform::IsHeld(config_.database_path); }

Store& Session::ReadOnlyStore() {
  if (read_only_) return *read_only_;
  try {
    read_only_ = OpenReadOnlyStore(config_.database_path);
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
  return *read_only_;
}

void Session::TakeLock() {
  if (lock_) return;
  auto lock = platform::InstanceLock::Acquire(config_.database_path);
  if (!lock) throw Failure{kDatabase, lock.error().message};
  lock_ = std::move(*lock);
}

Store& Session::WritableStore(bool rebuild) {
  if (writable_) return writable_->store();
  TakeLock();
  try {
    app::Database::Options options;
    options.path = config_.database_path;
    options.external_checkpoints = config_.external_checkpoints;
    options.clock = &clock_;
    options.log = log_.get();
    options.rebuild = rebuild;
    writable_ = app::Database::Open(options);
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
  if (!rebuild && !writable_->notice().empty()) std::cerr << writable_->notice() << "\n";
  return writable_->store();
}

app::Connection& Session::Connect(const app::ConnectionConfig& config) {
  connections_.push_back(ConnectTo(WritableStore(), config));
  return *connections_.back();
}

std::unique_ptr<app::Connection> Session::ConnectTo(Store& store,
                                                    const app::ConnectionConfig& config) {
  auto made = app::Connection::Make(
      config, {config_, store, *secrets_, clock_, random_, *executor_, *log_}, {});
  if (!made) throw Failure{kUsage, made.error().message};
  return std::move(*made);
}

app::Clients& Session::ConnectClients(const app::ConnectionConfig& config) {
  try {
    const app::ClientGround ground{config_, *secrets_, clock_, random_, *log_};
    clients_.push_back(
        std::make_unique<app::Clients>(config, ground, app::Clients::CallObserver{}));
  } catch (const std::invalid_argument& error) {
    throw Failure{kUsage, error.what()};
  }
  return *clients_.back();
}

}  // namespace cosell::cli
