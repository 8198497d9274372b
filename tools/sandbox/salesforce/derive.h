#pragma once

#include <set>

#include "tools/sandbox/salesforce/database.h"

// What follows from a record's own fields (contract section 17): stages, names, fiscal periods,
// countries.
namespace cosell::sandbox::salesforce {

// Values a new record starts with, before the body is applied.
void FillDefaults(const Database& database, const Caller& caller, const Table& table, Row& row);

// `before` is null for a create; `written` are the fields the save names. Throws
// FIELD_INTEGRITY_EXCEPTION for a country that is not in the list.
void Derive(const Database& database, const Table& table, const Row* before,
            const std::set<std::size_t>& written, Row& row);

// "BestCase" -> "Best Case": API value and label of a forecast category.
std::string ForecastLabel(const std::string& category);

}  // namespace cosell::sandbox::salesforce
