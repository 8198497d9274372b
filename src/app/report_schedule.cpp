#include "app/report_schedule.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <vector>

#include "app/report_files.h"
#include "base/text.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

constexpr std::string_view kPrefix = "cosell-sync-report-";
constexpr std::chrono::seconds kLook{60};

ReportScope NewestPeriod(std::chrono::seconds interval, Instant now) {
  const auto since = now.time_since_epoch();
  const Instant to{since - since % Ticks(interval)};
  return {to - interval, to, now, {}};
}

// "cosell-sync-report-20260301T000000Z.html": in order of name is in order of time.
std::string NameOf(Instant to, report::Format format) {
  const std::string at = ReplaceAll(ReplaceAll(FormatSeconds(to), "-", ""), ":", "");
  return std::string(kPrefix) + at + "." + std::string(report::ToString(format));
}

void RemoveOldest(const std::filesystem::path& folder, report::Format format,
                  std::int64_t keep_count) {
  const std::size_t size = NameOf({}, format).size();
  const std::string end = "." + std::string(report::ToString(format));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = platform::ToUtf8(entry.path().filename());
    if (name.size() == size && name.starts_with(kPrefix) && name.ends_with(end))
      names.push_back(name);
  }
  std::sort(names.begin(), names.end(), std::greater<>());
  for (std::size_t i = static_cast<std::size_t>(keep_count); i < names.size(); ++i)
    std::filesystem::remove(folder / platform::ToPath(names[i]));
}

}  // namespace

Status WriteDueReports(const ReportConfig& config, const std::string& database_path, Instant now) {
  const ReportScope scope = NewestPeriod(config.interval, now);
  const auto folder = platform::ToPath(config.folder);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{ErrorKind::invalid_input, "the folder '" + config.folder +
                                               "' for reports cannot be made: " + failed.message() +
                                               "; make it, or change `report.folder`"};
  }
  std::optional<report::Report> made;
  for (const report::Format format : config.formats) {
    const std::string file = platform::ResolvePath(config.folder, NameOf(scope.to, format));
    if (std::filesystem::exists(platform::ToPath(file))) continue;
    if (!made) made = MakeReport(database_path, scope);
    if (const auto written = WriteReport(*made, format, file, /*bom=*/false); !written)
      return written.error();
    RemoveOldest(folder, format, config.keep_count);
  }
  return Done{};
}

ReportSchedule::ReportSchedule(const ReportConfig& config, const std::string& database_path,
                               const Clock& clock, Log& log)
    : config_(config), database_path_(database_path), clock_(clock), log_(log), thread_([this] {
        Run();
      }) {}

ReportSchedule::~ReportSchedule() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void ReportSchedule::Run() {
  std::string known;
  std::unique_lock lock(mutex_);
  while (!end_) {
    lock.unlock();
    const std::string trouble = TryOnce();
    if (!trouble.empty() && trouble != known)
      log_.Warning("a scheduled report was not written; tried again every minute",
                   {{"reason", trouble}});
    known = trouble;
    lock.lock();
    ended_.wait_for(lock, kLook, [this] { return end_; });
  }
}

std::string ReportSchedule::TryOnce() const {
  try {
    const auto written = WriteDueReports(config_, database_path_, clock_.Now());
    return written ? "" : written.error().message;
  } catch (const std::exception& failed) {
    return failed.what();
  }
}

}  // namespace cosell::app
