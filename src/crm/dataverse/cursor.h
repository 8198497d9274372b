#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "crm/dataverse/solution_changes.h"

namespace cosell::dataverse {

// How far the changes have been read. What the engine keeps is its printed form, opaque to it. A
// value.
struct Cursor {
  // tracked: the server's change tracking. modified: by modification time, where tracking is not
  // to be had.
  enum class Mode { tracked, modified };
  Mode mode = Mode::tracked;
  bool full = false;    // within a full read
  bool paging = false;  // `link` leads to the next page of the same read
  std::string link;     // the server's nextLink or deltaLink, unchanged; empty to start a query
  std::optional<Instant> since;   // modified: where the present query began
  std::optional<Instant> newest;  // modified: the newest modifiedon met so far
  // Which columns the link delivers. The server bakes them in, so a link made for others is of no
  // use: a column that is merely absent would look cleared.
  std::string columns;
  SolutionsPosition solutions;  // where solutions are rows of their own
  bool operator==(const Cursor&) const = default;
};

std::string Print(const Cursor& cursor);
// Nothing for a text this version did not print.
std::optional<Cursor> ParseCursor(const std::string& text);

}  // namespace cosell::dataverse
