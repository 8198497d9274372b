#pragma once

#include <optional>

#include "tools/sandbox/salesforce/call.h"

// Conditional requests (contract section 9): dates on every object, tags on Account alone.
namespace cosell::sandbox::salesforce {

// The answer when a condition of the call decides it: 304 or 412. Throws 400 for a date header of a
// write that is no date.
std::optional<Outcome> CheckConditions(const Database& database, const Call& call,
                                       const Table& table, const Row& row);
// For descriptions: 304 if nothing changed since If-Modified-Since.
bool NotModifiedSince(const Call& call, Instant changed_at);
// Last-Modified, and for accounts ETag.
void AddValidators(const Database& database, const Table& table, const Row& row, Outcome& outcome);

}  // namespace cosell::sandbox::salesforce
