#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "tools/sandbox/salesforce/error.h"
#include "tools/sandbox/salesforce/schema.h"

// The forms a value takes: stored, in JSON, as plain text (contract section 3.4). Pure functions.
namespace cosell::sandbox::salesforce {

// "2026-10-19T08:15:42.000+0000"; whole seconds.
std::string StampText(Instant at);
Instant ParseStamp(std::string_view stamp);  // requires a text made by StampText

// A datetime somebody sent: ISO 8601 with a zone; fractions and "+0000" only if `lenient`.
std::optional<Instant> ParseDatetime(std::string_view text, bool lenient);
bool IsDate(std::string_view text);  // "2026-11-30", a day that exists

// As answers print it: 42 for an int, 125000.0 for other numbers.
Json ToJson(const Field& field, const Value& value);
// The JSON form without quotes; nothing for null.
std::optional<std::string> PlainText(const Field& field, const Value& value);
// Its inverse. Throws std::invalid_argument for a text that does not fit the field.
Value FromPlainText(const Field& field, const std::string& text);

// For comparisons that ignore case: ASCII, Latin-1, Greek and Cyrillic letters lowered.
std::string FoldCase(std::string_view text);
// SOQL's LIKE, on folded texts: '%' any run, '_' one byte; "\\%" and "\\_" stand for themselves.
bool MatchesLike(std::string_view text, std::string_view pattern);

double RoundTo(double number, int decimals);

}  // namespace cosell::sandbox::salesforce
