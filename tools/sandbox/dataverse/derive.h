#pragma once

#include <vector>

#include "tools/sandbox/dataverse/database.h"

// What the platform computes by itself when a row is written (contract 3.4, 5.1, 6).
namespace cosell::sandbox::dataverse {

// A row as it is born: initial values, owner, creator, currency of the organisation.
Row NewRow(Database& database, const Table& table, const std::string& id, const Caller& caller);

// Brings state and reason into a consistent pair after `state`, `reason` were written (nothing:
// not written). Throws 0x80048408 when they do not belong together.
void SetState(const Table& table, Row& row, std::optional<std::int64_t> state,
              std::optional<std::int64_t> reason);

// Currency, rounding, base amounts, customer, full name, owning user. Call after the written cells
// are in place.
void Derive(const Database& database, const Table& table, Row& row);

// New version, modifiedon and modifiedby; call last.
void StampModified(Database& database, const Table& table, Row& row, const Caller& caller);

}  // namespace cosell::sandbox::dataverse
