#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "app/config.h"
#include "base/clock.h"
#include "ports/log.h"

namespace cosell::app {

// Periods are laid end to end from 1970 on, so a daily one is a calendar day in UTC, and a file's
// name, which carries the end of its period, says whether the report is there already.

// Writes the report of the newest period that is over at `now`, in each of the formats that is not
// there yet, and removes the oldest of its own files beyond `keep_count` of a format. Creates the
// folder. invalid_input with the reason when a file cannot be written; throws std::runtime_error
// when the database fails. Any thread.
Status WriteDueReports(const ReportConfig& config, const std::string& database_path, Instant now);

// Does so on a thread of its own, from construction to destruction. A period that ended while the
// service was off is made up for if it is the newest; for older ones there is `cosell-sync report`.
// A failure is logged once and tried again every minute. All arguments outlive the object.
class ReportSchedule {
 public:
  ReportSchedule(const ReportConfig& config, const std::string& database_path, const Clock& clock,
                 Log& log);
  ~ReportSchedule();
  ReportSchedule(const ReportSchedule&) = delete;
  ReportSchedule& operator=(const ReportSchedule&) = delete;

 private:
  void Run();
  std::string TryOnce() const;  // what went wrong; empty: nothing

  const ReportConfig& config_;
  const std::string& database_path_;
  const Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace cosell::app
