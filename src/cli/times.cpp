#include "cli/times.h"

#include "cli/session.h"

namespace cosell::cli {

Instant ParseTime(const std::string& text, const std::string& option) {
  const bool date_alone = text.size() == 10 && CalendarDate(text) == text;
  if (const auto at = ParseInstant(date_alone ? text + "T00:00:00Z" : text)) return *at;
  throw Failure{kUsage, option + " '" + text + "' is not a time; write " + kTimeForms};
}

}  // namespace cosell::cli
