#include "mapping/mark.h"

#include <array>

#include "base/text.h"

namespace cosell {
namespace {

constexpr std::array<std::string_view, 7> kMarks = {"\u2713", "\u2714", "\u221A", "\u2717",
                                                    "\u2718", "\u274C", "\u00D7"};
constexpr std::string_view kVariationSelector = "\uFE0F";

}  // namespace

std::string_view StripMark(std::string_view name) {
  bool found = true;
  while (found) {
    found = false;
    for (const std::string_view mark : kMarks) {
      if (!name.starts_with(mark)) continue;
      name.remove_prefix(mark.size());
      if (name.starts_with(kVariationSelector)) name.remove_prefix(kVariationSelector.size());
      name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
      found = true;
    }
  }
  return name;
}

std::string WithMark(std::string_view mark, std::string_view name, std::size_t length_max) {
  const std::string prefix = mark.empty() ? "" : std::string(mark) + " ";
  const std::size_t used = Utf16Length(prefix);
  if (length_max > used) name = TruncateUtf16(name, length_max - used);
  return prefix + std::string(TrimEnd(name));
}

std::string PrependAudit(const AuditLine& line, std::string_view previous, std::size_t length_max) {
  std::string text =
      line.minute + " - " + line.direction + (line.success ? " sync success" : " sync failure");
  text += line.reason.empty() ? "." : ": " + line.reason;
  if (!line.correlation.empty()) text += " [" + line.correlation + "]";
  std::vector<std::string> lines = {text};
  for (const auto& old : Split(ReplaceAll(std::string(TrimEnd(previous)), "\r\n", "\n"), '\n')) {
    if (!old.empty()) lines.push_back(old);
  }
  std::string whole = Join(lines, "\n");
  while (length_max > 0 && lines.size() > 1 && Utf16Length(whole) > length_max) {
    lines.pop_back();
    whole = Join(lines, "\n");
  }
  return length_max > 0 ? std::string(TruncateUtf16(whole, length_max)) : whole;
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> members;
  std::string member;
  for (const char c : text) {
    if (std::string_view(",; \t\r\n").find(c) == std::string_view::npos) {
      member += c;
    } else if (!member.empty()) {
      members.push_back(std::move(member));
      member.clear();
    }
  }
  if (!member.empty()) members.push_back(std::move(member));
  return members;
}

}  // namespace cosell
