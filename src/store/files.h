#pragma once

#include <string>

#include "store/session.h"

namespace cosell::store {

// Whether something has this name. `path` is UTF-8.
bool FileExists(const std::string& path);
// `path`, or the first of "<path>.2", "<path>.3", ... that does not exist.
std::string FreePath(const std::string& path);

// Writes a complete, consistent copy to `copy`, which must not exist. SQLite does not sync it: who
// needs it durable does. Not inside a
// transaction.
void CopyDatabase(Session& session, const std::string& copy);

}  // namespace cosell::store
