#pragma once

#include <string>
#include <string_view>
#include <vector>

// Small text helpers. All text is UTF-8. Case folding here is ASCII only, which is what enumeration
// members, header names and e-mail domains need. Pure functions.
namespace cosell {

std::string ToLower(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix);

// Without blanks, tabs, CR and LF at both ends, or at the end only.
std::string_view Trim(std::string_view text);
std::string_view TrimEnd(std::string_view text);

std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);

// Number of UTF-16 code units, the unit in which Dataverse and Salesforce limit the length of a
// column.
std::size_t Utf16Length(std::string_view utf8);
// The longest prefix of whole characters that fits into `units` UTF-16 code units.
std::string_view TruncateUtf16(std::string_view utf8, std::size_t units);
// Whether every byte belongs to a well-formed UTF-8 character.
bool IsUtf8(std::string_view text);

// Percent-encodes everything but RFC 3986 unreserved characters.
std::string UrlEncode(std::string_view text);

}  // namespace cosell
