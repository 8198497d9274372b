#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/config.h"
#include "base/clock.h"
#include "ports/log.h"
#include "web/backup_state.h"
#include "web/metrics.h"

namespace cosell::app {

// Makes backups of the running service's database, one after the other, and keeps the newest few.
// The newest file in the folder says when the next one is due, so that restarts neither add nor
// skip any. A failure is logged, counted and tried again soon. Runs a thread of its own from
// construction to destruction; every method may be called from any thread.
class BackupSchedule {
 public:
  struct World {
    Clock& clock;
    Log& log;
    web::Metrics& metrics;
  };
  // Requires config.on().
  BackupSchedule(BackupConfig config, std::string database, World world);
  // Waits for a backup that is being made.
  ~BackupSchedule();
  BackupSchedule(const BackupSchedule&) = delete;
  BackupSchedule& operator=(const BackupSchedule&) = delete;

  web::BackupState state() const;

 private:
  void Run();
  void MakeOne();
  void NoteNewest();
  std::chrono::seconds UntilDue() const;

  const BackupConfig config_;
  const std::string database_;
  World world_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  web::BackupState state_;
  std::optional<Instant> retry_at_;
  std::thread thread_;  // last: it uses all of the above
};

// "<stem of the database>-20261120T210104Z.db"
std::string ScheduledBackupName(const std::string& database, Instant at);
// When the scheduled backup of this database with this name was made; nothing for a file that no
// schedule of this database has made. Names alone.
std::optional<Instant> ScheduledBackupTime(const std::string& database, const std::string& name);
// Deletes what was scheduled in this folder beyond the newest `keep_count`, with what a killed
// service left half made, and nothing else. Returns how many.
Result<int> RotateBackups(const std::string& folder, const std::string& database, int keep_count);

}  // namespace cosell::app
