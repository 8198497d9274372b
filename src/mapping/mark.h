#pragma once

#include <string>
#include <string_view>
#include <vector>

// The check or cross mark in front of an opportunity's name, and the Audit column (contract
// cosell-field-mapping.md section 8). Pure.
namespace cosell {

inline constexpr std::string_view kCheckMark = "\u2713";
inline constexpr std::string_view kCrossMark = "\u2717";

// The name without leading marks of any kind the old connectors used, and the blanks after them.
std::string_view StripMark(std::string_view name);
// mark + blank + name, the name shortened so that the whole fits into `length_max` UTF-16 units (0:
// no limit). An empty mark gives the bare name.
std::string WithMark(std::string_view mark, std::string_view name, std::size_t length_max);

// "2026-03-04 14:20 - CRM to Partner Center Referral sync failure: <reason> [<correlation>]" on top
// of what was there, the oldest lines cut so that the whole stays within `length_max` UTF-16 units.
struct AuditLine {
  std::string minute;     // FormatMinute
  std::string direction;  // "Partner Center Referral to CRM", "CRM to Partner Center Referral"
  bool success = true;
  std::string reason;       // may be empty
  std::string correlation;  // may be empty
};
std::string PrependAudit(const AuditLine& line, std::string_view previous, std::size_t length_max);

// Members of a list kept in one text column: separated by commas, semicolons, blanks or line ends.
std::vector<std::string> SplitList(std::string_view text);

}  // namespace cosell
