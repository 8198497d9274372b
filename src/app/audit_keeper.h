#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/config.h"
#include "base/clock.h"
#include "ports/log.h"
#include "ports/store.h"
#include "store/store_tools.h"

namespace cosell::app {

// Looks after the audit while the service runs, on a thread of its own: writes anchors, and removes
// what is older than the retention time. Trouble is logged and tried again at the next turn; it
// never stops the service.
class AuditKeeper {
 public:
  // All outlive it. Nothing runs before Start.
  AuditKeeper(const AuditConfig& config, std::string database_path, Store& store,
              const Clock& clock, Log& log);
  ~AuditKeeper();
  AuditKeeper(const AuditKeeper&) = delete;
  AuditKeeper& operator=(const AuditKeeper&) = delete;

  void Start();
  // Returns once the turn under way has ended.
  void Stop();

  // Writes the newest entry to the file of anchors unless it stands there already. What a turn
  // does; callable by tests.
  void Anchor();
  // Removes what is older than the retention time, if the chain is intact: a removal must not hide
  // that it was not. Returns how many entries went.
  std::int64_t Prune();

 private:
  void Run();
  void WarnOnce(const std::string& message, const std::string& error);

  const AuditConfig config_;
  const std::string database_path_;
  Store& store_;
  const Clock& clock_;
  Log& log_;
  std::int64_t anchored_ = 0;  // id of the entry last written to the file
  std::string warned_;         // the error last logged
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cosell::app
