#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace cosell::rest {

// How far the changes have been read. Everything stands in the text the engine keeps, so that a
// cursor that was never stored brings everything again, and a restart forgets nothing.
struct Cursor {
  bool full = false;             // in the middle of a full read
  std::optional<Instant> since;  // by the service's own clock
  std::optional<Instant> newest;
  std::string page;  // token of the page to read; empty: the first
  // What the overlap would bring once more: deal id -> its etag, or "<instant>#deleted".
  std::map<std::string, std::string> told;
};

// cursor_expired for a text that is none.
Result<Cursor> ParseCursor(const std::string& text);
std::string PrintCursor(const Cursor& cursor);

}  // namespace cosell::rest
