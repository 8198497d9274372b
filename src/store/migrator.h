#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/session.h"
#include "store/store_factory.h"

namespace cosell::store {

// One file of migrations/. It changes the schema and sets both numbers in `meta`.
struct Migration {
  int version = 0;
  std::string_view sql;
};

// All of them, in order; the last one's version is the schema this program knows.
std::span<const Migration> Migrations();

struct FileVersion {
  int schema = 0;         // 0: the file is empty
  int oldest_writer = 0;  // lowest schema version a program must know to work with the file
};

// Throws std::runtime_error for a database that is not one of ours.
FileVersion ReadVersion(Session& session);

// Throws std::runtime_error when a program that knows schema `known` may not work with the file.
void RefuseNewer(const std::string& path, const FileVersion& file, int known);

// Applies what is missing, as one transaction, after copying a file that holds data. Throws
// std::runtime_error when the file's oldest_writer is above the last migration's version.
MigrationResult BringUpToDate(Session& session, std::span<const Migration> migrations);

// Throws std::runtime_error, saying what to do, unless a program that knows `migrations` can read
// the file as it is.
void RequireReadable(Session& session, std::span<const Migration> migrations);

}  // namespace cosell::store
