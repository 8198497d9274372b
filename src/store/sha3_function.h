#pragma once

#include <SQLiteCpp/Database.h>

namespace cosell::store {

// Gives a connection the function sha3(X, 256) as the stock sqlite3 shell has it: the 32 bytes of
// SHA3-256 over a text or blob, NULL for NULL. So our own SQL and the operator's shell run the same
// text.
void RegisterSha3(SQLite::Database& db);

}  // namespace cosell::store
