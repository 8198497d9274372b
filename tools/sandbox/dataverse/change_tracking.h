#pragma once

#include <optional>
#include <string>

#include "tools/sandbox/dataverse/reads.h"

// Change tracking: tracked full reads and delta pages (contract section 7).
namespace cosell::sandbox::dataverse {

// Refuses the options that do not go with tracking, and tables without it.
void RequireTrackable(const ReadContext& context, const Table& table, const Query& query);

// A page of the tracked full read. The delta link comes with the last one and covers everything
// since the first page was answered.
std::string ReadTracked(const ReadContext& context, const Query& query,
                        const std::optional<Cookie>& cookie);
// A page of changes: rows by version, then deletions.
std::string ReadDelta(const ReadContext& context, const Query& query,
                      const std::optional<Cookie>& cookie);
std::string CountDelta(const ReadContext& context, const Query& query);

}  // namespace cosell::sandbox::dataverse
