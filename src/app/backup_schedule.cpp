#include "app/backup_schedule.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/backup.h"
#include "app/database.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

constexpr std::chrono::seconds kRetryAfter{600};
constexpr std::string_view kEnding = ".db";
constexpr std::string_view kHalfMade = ".partial";  // app/backup.cpp

std::string StemOf(const std::string& database) {
  return platform::ToUtf8(platform::ToPath(database).stem());
}

// The times of all scheduled backups in the folder, with their names, newest first.
Result<std::vector<std::pair<Instant, std::string>>> Scheduled(const std::string& folder,
                                                               const std::string& database) {
  const auto names = platform::ListFiles(folder);
  if (!names) return names.error();
  std::vector<std::pair<Instant, std::string>> found;
  for (const std::string& name : *names) {
    if (const auto at = ScheduledBackupTime(database, name)) found.emplace_back(*at, name);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

Result<int> RemoveHalfMade(const std::string& folder, const std::string& database) {
  const auto names = platform::ListFiles(folder);
  if (!names) return names.error();
  int removed = 0;
  for (const std::string& name : *names) {
    const auto end = name.rfind(kHalfMade);
    const bool ours = end != std::string::npos && end + kHalfMade.size() == name.size() &&
                      ScheduledBackupTime(database, name.substr(0, end));
    if (!ours) continue;
    if (const auto done = platform::RemoveFile(platform::ResolvePath(folder, name)); !done)
      return done.error();
    ++removed;
  }
  return removed;
}

}  // namespace

std::string ScheduledBackupName(const std::string& database, Instant at) {
  return StemOf(database) + "-" + DateForNames(at) + std::string(kEnding);
}

std::optional<Instant> ScheduledBackupTime(const std::string& database, const std::string& name) {
  const std::string begin = StemOf(database) + "-";
  constexpr std::size_t kDateLength = 16;  // 20261120T210104Z
  if (name.size() != begin.size() + kDateLength + kEnding.size() || !name.starts_with(begin) ||
      !name.ends_with(kEnding))
    return std::nullopt;
  const std::string d = name.substr(begin.size(), kDateLength);
  const auto at = ParseInstant(d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6, 5) + ":" +
                               d.substr(11, 2) + ":" + d.substr(13));
  return at && ScheduledBackupName(database, *at) == name ? at : std::nullopt;
}

Result<int> RotateBackups(const std::string& folder, const std::string& database, int keep_count) {
  const auto found = Scheduled(folder, database);
  if (!found) return found.error();
  const auto half_made = RemoveHalfMade(folder, database);
  if (!half_made) return half_made.error();
  int removed = *half_made;
  for (std::size_t i = static_cast<std::size_t>(keep_count); i < found->size(); ++i) {
    const auto done = platform::RemoveFile(platform::ResolvePath(folder, (*found)[i].second));
    if (!done) return done.error();
    ++removed;
  }
  return removed;
}

BackupSchedule::BackupSchedule(BackupConfig config, std::string database, World world)
    : config_(std::move(config)), database_(std::move(database)), world_(world) {
  state_.scheduled = true;
  NoteNewest();
  thread_ = std::thread([this] { Run(); });
}

BackupSchedule::~BackupSchedule() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

web::BackupState BackupSchedule::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

// Requires the mutex.
std::chrono::seconds BackupSchedule::UntilDue() const {
  const Instant now = world_.clock.Now();
  Instant due = state_.last_at && *state_.last_at <= now ? *state_.last_at + config_.interval : now;
  if (retry_at_) due = std::max(due, *retry_at_);
  return std::chrono::ceil<std::chrono::seconds>(std::max<Ticks>(due - now, Ticks{0}));
}

void BackupSchedule::Run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      // The wall clock may be set meanwhile, so that it is looked at again now and then.
      ended_.wait_for(lock, std::min<std::chrono::seconds>(UntilDue(), std::chrono::seconds(60)),
                      [this] { return end_; });
      if (end_) return;
      if (UntilDue().count() > 0) continue;
    }
    MakeOne();
  }
}

void BackupSchedule::MakeOne() {
  std::string problem;
  const std::string file =
      platform::ResolvePath(config_.folder, ScheduledBackupName(database_, world_.clock.Now()));
  try {
    const auto made = MakeBackup(database_, file, false);
    if (!made) problem = made.error().message;
    const auto rotated =
        made ? RotateBackups(config_.folder, database_, config_.keep_count) : Result<int>(0);
    if (!rotated) problem = rotated.error().message;
    if (made) world_.log.Info("backup", {{"file", file}, {"bytes", std::to_string(made->bytes)}});
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty()) {
    world_.log.Error("the scheduled backup failed; it is tried again in ten minutes",
                     {{"file", file}, {"reason", problem}});
  }
  world_.metrics.CountBackup(problem.empty() ? "done" : "failed");
  NoteNewest();
  const std::lock_guard lock(mutex_);
  state_.problem = problem;
  retry_at_ = problem.empty()
                  ? std::nullopt
                  : std::optional(world_.clock.Now() + std::min(kRetryAfter, config_.interval));
}

void BackupSchedule::NoteNewest() {
  const auto found = Scheduled(config_.folder, database_);
  if (!found || found->empty()) return;
  world_.metrics.NoteLastBackup(found->front().first);
  const std::lock_guard lock(mutex_);
  state_.last_at = found->front().first;
}

}  // namespace cosell::app
