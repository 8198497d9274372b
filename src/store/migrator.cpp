#include "store/migrator.h"

#include <array>
#include <stdexcept>

#include "store/files.h"
#include "store/query.h"
#include "store/sql_text.h"

namespace cosell::store {
namespace {

constexpr std::string_view kIsEmpty = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";

constexpr std::string_view kIsOurs = R"(
  SELECT count(*) = 2 FROM sqlite_schema WHERE type = 'table' AND name IN ('meta', 'connection'))";

constexpr std::string_view kVersion = R"(
  SELECT (SELECT value FROM meta WHERE key = 'schema_version'),
         (SELECT value FROM meta WHERE key = 'oldest_writer'))";

bool Ask(Session& session, std::string_view sql) {
  Query query(session, sql);
  return query.Next() && query.Bool(0);
}

FileVersion ReadVersionHere(Session& session) {
  if (Ask(session, kIsEmpty)) return {};
  if (!Ask(session, kIsOurs)) {
    throw std::runtime_error("The file '" + session.path() +
                             "' is a database, but not one of cosell-sync; name another file in "
                             "`database.path`");
  }
  Query query(session, kVersion);
  query.Next();
  return {static_cast<int>(query.Int(0)), static_cast<int>(query.Int(1))};
}

void Apply(Session& session, std::span<const Migration> migrations, MigrationResult* result) {
  session.Write([&] {
    // Asked again: another program may have migrated it while we made the copy.
    result->from = ReadVersionHere(session).schema;
    result->to = result->from;
    for (const Migration& migration : migrations) {
      if (migration.version <= result->from) continue;
      session.Execute(std::string(migration.sql));
      result->to = migration.version;
    }
  });
}

}  // namespace

std::span<const Migration> Migrations() {
  static const std::array<Migration, 5> migrations = {{{1, kMigration0001},
                                                       {2, kMigration0002},
                                                       {3, kMigration0003},
                                                       {4, kMigration0004},
                                                       {5, kMigration0005}}};
  return migrations;
}

void RefuseNewer(const std::string& path, const FileVersion& file, int known) {
  if (file.oldest_writer <= known) return;
  throw std::runtime_error(
      "The database '" + path + "' has schema version " + std::to_string(file.schema) +
      "; this program knows version " + std::to_string(known) +
      ". Install the version of cosell-sync that wrote it, or a later one, or go back to a copy "
      "made before the migration ('" +
      path + ".before-v" + std::to_string(known + 1) + "')");
}

FileVersion ReadVersion(Session& session) {
  return session.Read([&] { return ReadVersionHere(session); });
}

MigrationResult BringUpToDate(Session& session, std::span<const Migration> migrations) {
  const int known = migrations.back().version;
  const FileVersion file = ReadVersion(session);
  RefuseNewer(session.path(), file, known);
  MigrationResult result{file.schema, file.schema, ""};
  if (file.schema >= known) {
    session.UseWal();  // a restored backup is not in that mode
    return result;
  }
  if (file.schema > 0) {
    result.copy = FreePath(session.path() + ".before-v" + std::to_string(known));
    CopyDatabase(session, result.copy);
  }
  session.UseWal();
  Apply(session, migrations, &result);
  return result;
}

void RequireReadable(Session& session, std::span<const Migration> migrations) {
  const int known = migrations.back().version;
  const FileVersion file = ReadVersion(session);
  RefuseNewer(session.path(), file, known);
  if (file.schema >= known) return;
  throw std::runtime_error("The database '" + session.path() + "' has schema version " +
                           std::to_string(file.schema) + "; this program needs version " +
                           std::to_string(known) +
                           ". Run `cosell-sync migrate`, or start the service once");
}

}  // namespace cosell::store
