#pragma once

#include <cstdint>
#include <string>

#include <SQLiteCpp/Database.h>

#include "store/salvage.h"

namespace cosell::store {

// Copies the readable rows of one table from a damaged database to the table of the same name in a
// sound one, in the columns both have. `with_row_ids`: the rows have numbers, so that what lies
// behind an unreadable page can be reached from the other end, and rows between by their number.
// `whole_schema`: a table that is not there is none of an older version, not one that was lost.
SalvagedTable SalvageTable(SQLite::Database& from, SQLite::Database& to, const std::string& table,
                           bool with_row_ids, bool whole_schema);

}  // namespace cosell::store
