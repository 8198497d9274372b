#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"

// A request taken apart: path, query options, preferences. Pure functions.
namespace cosell::sandbox::dataverse {

// "%20" and, in queries, "+" become blanks; a broken escape stays as it is.
std::string PercentDecode(std::string_view text, bool plus_is_blank);

std::optional<std::string> Header(const net::Headers& headers, std::string_view name);

// What the Prefer header asks for (contract section 2).
struct Preferences {
  bool representation = false;
  bool track_changes = false;
  bool continue_on_error = false;
  std::optional<std::size_t> page_size;
  std::vector<std::string> annotations;  // patterns with '*' at the end, or exact names
  // "return=representation,odata.maxpagesize=2": what was understood, for Preference-Applied.
  std::string applied;

  bool Wants(std::string_view annotation) const;
  bool any_annotation() const { return !annotations.empty(); }
};
Preferences ParsePrefer(const net::Headers& headers);

// One segment of a path: "opportunities", "opportunities(...)",
// "Microsoft.Dynamics.CRM.QualifyLead".
struct Segment {
  std::string name;
  std::optional<std::string> key;  // decoded text between the parentheses
};

struct Target {
  std::vector<Segment> path;                               // below /api/data/v9.2/
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  std::string raw_path;                                    // encoded, "opportunities(...)"
  std::string raw_query;                                   // encoded, without '?'

  std::optional<std::string> Option(std::string_view name) const;
};

inline constexpr std::string_view kApiRoot = "/api/data/v9.2/";

// `url` is absolute or starts with '/'. Nothing when it lies outside `origin` or the API root.
std::optional<Target> ParseTarget(std::string_view url, std::string_view origin);

// The parts of a key: "isocurrencycode='EUR',x=2" as name and literal; a lone literal has an empty
// name. Quotes are kept. Nothing when it is malformed.
std::optional<std::vector<std::pair<std::string, std::string>>> ParseKey(std::string_view key);

// "'O''Hara'" -> "O'Hara"; nothing for anything but a quoted literal.
std::optional<std::string> Unquote(std::string_view literal);

}  // namespace cosell::sandbox::dataverse
