#include "tools/bench/report.h"

#include <sys/vfs.h>

#include <linux/magic.h>
#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <thread>

namespace cosell::bench {
namespace {

constexpr int kWhatWidth = 60;
constexpr int kFigureWidth = 14;
constexpr int kLimitWidth = 46;

std::string PerSecond(double rate) { return Thousands(std::llround(rate)) + "/s"; }

bool IsInMemory(const std::string& folder) {
  struct statfs system {};
  return statfs(folder.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
}

}  // namespace

void Report::Machine(const std::string& folder) {
  double load[3] = {0, 0, 0};
  getloadavg(load, 3);
  out_ << "machine: " << std::thread::hardware_concurrency() << " cores, load average "
       << Fixed(load[0], 2) << " " << Fixed(load[1], 2) << " " << Fixed(load[2], 2) << "\n";
  if (IsInMemory(folder)) {
    out_ << "note: " << folder
         << " is in memory, where a flush costs nothing; name a folder on a disk with --dir\n";
  }
  out_ << std::flush;
}

void Report::Head() {
  Line("what", "figure", "limit in the same run", "ratio");
  out_ << std::string(kWhatWidth + kFigureWidth + kLimitWidth + 28, '-') << std::endl;
}

void Report::Line(const std::string& what, const std::string& figure, const std::string& limit,
                  const std::string& ratio) {
  out_ << std::left << std::setw(kWhatWidth) << what << " | " << std::right
       << std::setw(kFigureWidth) << figure << " | " << std::left << std::setw(kLimitWidth) << limit
       << " | " << ratio << std::endl;
}

void Report::Rates(const std::string& what, const Samples& figures, const std::string& limit_name,
                   const Samples& limits) {
  Line(what, PerSecond(Median(figures)), PerSecond(Median(limits)) + " " + limit_name,
       Spread(Ratios(figures, limits), 2));
}

void Report::Counts(const std::string& what, std::int64_t figure, const std::string& limit_name,
                    std::int64_t limit) {
  Line(what, Thousands(figure), Thousands(limit) + " " + limit_name,
       Fixed(static_cast<double>(figure) / static_cast<double>(limit), 2));
}

std::string Thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string Fixed(double number, int decimals) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << number;
  return text.str();
}

std::string Spread(const Samples& samples, int decimals) {
  return Fixed(Median(samples), decimals) + " (" + Fixed(Least(samples), decimals) + " to " +
         Fixed(Greatest(samples), decimals) + ")";
}

}  // namespace cosell::bench
