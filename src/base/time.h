#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>

// UTC instants with the resolution of Partner Center's 7-digit timestamps (100 ns), and their text
// forms. No time zones: local time exists only in a reader's user interface. Pure functions, safe
// from any thread.
namespace cosell {

using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
using Instant = std::chrono::time_point<std::chrono::system_clock, Ticks>;

// RFC 3339 with `Z` or a numeric offset and 0 to 9 fractional digits (more than 7 are cut). A
// missing zone is taken as UTC (validation reports carry none). Returns nothing for any other text.
std::optional<Instant> ParseInstant(std::string_view text);

// "2026-03-01T09:12:44.1234567Z"; trailing zeros of the fraction are left out, as live data has it.
std::string FormatInstant(Instant at);
// Whole seconds: "2026-03-01T09:12:44Z".
std::string FormatSeconds(Instant at);
// To the minute, for the CRM's Audit column: "2026-03-01 09:12".
std::string FormatMinute(Instant at);
// RFC 1123, as in HTTP Date and Retry-After: "Sun, 01 Mar 2026 09:12:44 GMT".
std::optional<Instant> ParseHttpDate(std::string_view text);
std::string FormatHttpDate(Instant at);

// The calendar date "YYYY-MM-DD" a text stands for: a bare date, or the UTC date of a timestamp.
// Nothing if neither.
std::optional<std::string> CalendarDate(std::string_view text);

// Milliseconds since 1970, the unit of every time column of the database.
std::int64_t ToUnixMs(Instant at);
Instant FromUnixMs(std::int64_t ms);

}  // namespace cosell
