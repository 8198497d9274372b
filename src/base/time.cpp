#include "base/time.h"

#include <array>
#include <cstdio>

namespace cosell {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// Reads fixed-width numbers and separators from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool Number(std::size_t digits, int* out) {
    if (rest_.size() < digits) return false;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    *out = value;
    return true;
  }
  bool Literal(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool OneOf(std::string_view chars) {
    if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // The fraction in ticks of 100 ns; more digits than seven are cut.
  bool Fraction(std::int64_t* ticks) {
    std::int64_t scale = 1'000'000;
    bool any = false;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      *ticks += (rest_.front() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
      any = true;
    }
    return any;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<Instant> MakeInstant(int year, int month, int day, int hour, int minute, int second,
                                   std::int64_t ticks) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Instant{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} + Ticks{ticks};
}

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<Ticks> time;
};

Parts Split(Instant at) {
  const auto days = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day{days}, std::chrono::hh_mm_ss<Ticks>{at - days}};
}

std::string Print(const char* format, const Parts& p) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, static_cast<int>(p.date.year()),
                static_cast<unsigned>(p.date.month()), static_cast<unsigned>(p.date.day()),
                static_cast<int>(p.time.hours().count()),
                static_cast<int>(p.time.minutes().count()),
                static_cast<int>(p.time.seconds().count()));
  return buffer;
}

}  // namespace

std::optional<Instant> ParseInstant(std::string_view text) {
  Reader in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!in.Number(4, &year) || !in.Literal('-') || !in.Number(2, &month) || !in.Literal('-') ||
      !in.Number(2, &day) || !in.OneOf("Tt ") || !in.Number(2, &hour) || !in.Literal(':') ||
      !in.Number(2, &minute) || !in.Literal(':') || !in.Number(2, &second)) {
    return std::nullopt;
  }
  std::int64_t ticks = 0;
  if (in.Literal('.') && !in.Fraction(&ticks)) return std::nullopt;
  const auto local = MakeInstant(year, month, day, hour, minute, second, ticks);
  if (!local) return std::nullopt;
  if (in.rest().empty() || in.rest() == "Z" || in.rest() == "z") return local;
  const bool negative = in.rest().front() == '-';
  int offset_hours = 0, offset_minutes = 0;
  if (!in.OneOf("+-") || !in.Number(2, &offset_hours)) return std::nullopt;
  in.Literal(':');  // Salesforce prints +0000
  if (!in.Number(2, &offset_minutes) || !in.rest().empty()) return std::nullopt;
  const auto offset = std::chrono::hours{offset_hours} + std::chrono::minutes{offset_minutes};
  return negative ? *local + offset : *local - offset;
}

std::string FormatInstant(Instant at) {
  const Parts parts = Split(at);
  std::string text = Print("%04d-%02u-%02uT%02d:%02d:%02d", parts);
  if (const auto ticks = parts.time.subseconds().count(); ticks != 0) {
    char fraction[16];
    std::snprintf(fraction, sizeof fraction, ".%07d", static_cast<int>(ticks));
    text += fraction;
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

std::string FormatSeconds(Instant at) { return Print("%04d-%02u-%02uT%02d:%02d:%02dZ", Split(at)); }

std::string FormatMinute(Instant at) {
  return Print("%04d-%02u-%02u %02d:%02d:%02d", Split(at)).substr(0, 16);
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
  if (text.size() < 26) return std::nullopt;
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  Reader in(text.substr(comma + 2));
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  if (!in.Number(2, &day) || !in.Literal(' ') || in.rest().size() < 4) return std::nullopt;
  const std::string_view name = in.rest().substr(0, 3);
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) month = static_cast<int>(i) + 1;
  }
  Reader rest(in.rest().substr(4));
  if (month == 0 || !rest.Number(4, &year) || !rest.Literal(' ') || !rest.Number(2, &hour) ||
      !rest.Literal(':') || !rest.Number(2, &minute) || !rest.Literal(':') ||
      !rest.Number(2, &second)) {
    return std::nullopt;
  }
  return MakeInstant(year, month, day, hour, minute, second, 0);
}

std::string FormatHttpDate(Instant at) {
  const Parts p = Split(at);
  const std::chrono::weekday weekday{std::chrono::sys_days{p.date}};
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[weekday.c_encoding()].data(), static_cast<unsigned>(p.date.day()),
                kMonths[static_cast<unsigned>(p.date.month()) - 1].data(),
                static_cast<int>(p.date.year()), static_cast<int>(p.time.hours().count()),
                static_cast<int>(p.time.minutes().count()),
                static_cast<int>(p.time.seconds().count()));
  return buffer;
}

std::optional<std::string> CalendarDate(std::string_view text) {
  if (text.size() == 10) {
    const std::string midnight = std::string(text) + "T00:00:00Z";
    if (!ParseInstant(midnight)) return std::nullopt;
    return std::string(text);
  }
  const auto at = ParseInstant(text);
  if (!at) return std::nullopt;
  return FormatSeconds(*at).substr(0, 10);
}

std::int64_t ToUnixMs(Instant at) {
  return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

Instant FromUnixMs(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

}  // namespace cosell
