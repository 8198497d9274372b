#include "base/time.h"
#include "mapping/transform_rules.h"

namespace cosell::transforms {

Value ToCrm(const TimeOfDay& rule, const std::string& value) {
  const auto date = CalendarDate(value);
  const auto midnight = date ? ParseInstant(*date + "T00:00:00Z") : std::nullopt;
  if (!midnight) return std::nullopt;
  return FormatSeconds(*midnight +
                       std::chrono::minutes(rule.minute_of_day - rule.utc_offset_minutes));
}

Value FromCrm(const TimeOfDay& rule, const std::string& value) {
  const auto at = ParseInstant(value);
  if (!at) return CalendarDate(value);
  return CalendarDate(FormatSeconds(*at + std::chrono::minutes(rule.utc_offset_minutes)));
}

}  // namespace cosell::transforms
