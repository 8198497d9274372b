#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/world/json.h"

// What a referral is on the wire: member names and vocabularies of contract partner-center.md 3.8
// and 3.9. Pure functions.
namespace cosell::sandbox {

// The documented spelling of a member path ("CUSTOMERPROFILE/address/city"); nothing if there is
// no such member. Members of array elements are spelt "team[]/email".
std::optional<std::string> CanonicalPath(std::string_view path);

// `input` with documented spellings; undocumented members are left out, as a server does.
Json Canonical(const Json& input);

// Top-level members only the server writes.
const std::vector<std::string>& ServerMembers();

// The documented spelling of a word of the vocabulary ("status", "substatus", "type",
// "qualification", "target", "solution", "assistance"); nothing if the word is not in it.
std::optional<std::string> CanonicalWord(std::string_view vocabulary, std::string_view word);

bool IsCountryCode(std::string_view text);   // ISO 3166-1 alpha-2, upper case
bool IsCurrencyCode(std::string_view text);  // ISO 4217
bool IsSolutionId(std::string_view text);    // SOL-<alnum>-<3 letters>, or a GUID

}  // namespace cosell::sandbox
