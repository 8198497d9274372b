#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store_tools.h"

// The file of anchors: one JSON object a line, {"at","id","hash"}, oldest first.
namespace cosell::app {

// Decades of hourly lines.
inline constexpr std::size_t kAnchorFileBytesMax = 64 * 1024 * 1024;

// Without its line end.
std::string AnchorLine(const AuditAnchor& anchor);

// Blank lines count for nothing, nor do lines that a power cut left half written. invalid_input
// names the first other line that is no anchor.
Result<std::vector<AuditAnchor>> ParseAnchors(std::string_view text);

// Adds a line to the file, synced; makes the file if it does not exist. invalid_input with the
// reason when that fails.
Status AppendAnchor(const std::string& file, const AuditAnchor& anchor);

}  // namespace cosell::app
