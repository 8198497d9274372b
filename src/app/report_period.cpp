#include "app/report_period.h"

#include <chrono>

namespace cosell::app {
namespace {

constexpr std::chrono::days kUsualPeriod{30};

Result<Instant> TimeOf(const std::string& text, const char* name, bool is_end) {
  const auto date = CalendarDate(text);
  const bool bare = date && text.size() == date->size();
  const auto at = ParseInstant(bare ? text + "T00:00:00Z" : text);
  if (!at) {
    return Error{ErrorKind::invalid_input,
                 "`" + std::string(name) + "` '" + text +
                     "' is no time; write 2026-03-01 or 2026-03-01T08:00:00Z"};
  }
  return bare && is_end ? *at + std::chrono::days(1) : *at;
}

}  // namespace

Result<ReportScope> ReportPeriod(const std::string& from, const std::string& to, Instant now) {
  const auto end = to.empty() ? Result<Instant>(now) : TimeOf(to, "to", true);
  if (!end) return end.error();
  const auto begin =
      from.empty() ? Result<Instant>(*end - kUsualPeriod) : TimeOf(from, "from", false);
  if (!begin) return begin.error();
  if (*begin >= *end) return Error{ErrorKind::invalid_input, "`from` must be before `to`"};
  return ReportScope{*begin, *end, now, {}};
}

}  // namespace cosell::app
