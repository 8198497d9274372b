#include "app/backup.h"

#include <optional>
#include <stdexcept>

#include "app/database.h"
#include "platform/files.h"
#include "store/salvage.h"
#include "store/store_factory.h"
#include "store/store_tools.h"

namespace cosell::app {
namespace {

Error Unusable(const std::string& message) { return {ErrorKind::invalid_input, message}; }

// Why a copy must not be relied on; nothing when it may.
std::optional<std::string> WhatIsWrong(const std::string& file) {
  const StoreExamination examined = ExamineStore(file);
  if (examined.condition != StoreCondition::sound)
    return examined.problem.empty() ? "it holds nothing" : examined.problem;
  if (const auto bad = VerifyAudit(file))
    return "audit entry " + std::to_string(bad->entry_id) + ": " + bad->what;
  return std::nullopt;
}

BackupInfo InfoOf(const std::string& file) {
  const StoreSummary summary = SummarizeStore(file);
  return {file,
          platform::FileSize(file),
          summary.schema,
          summary.links,
          summary.audit_entries,
          summary.generation,
          summary.marked_at};
}

// The file, and what SQLite may have left beside it.
void Discard(const std::string& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    if (const auto removed = platform::RemoveFile(file + suffix); !removed)
      throw std::runtime_error(removed.error().message);
  }
}

// In the schema of this program, beginning a generation of its own, closed again.
void MakeReady(const std::string& copy, const std::string& file, Clock& clock) {
  const std::string before = Migrate(copy).copy;
  if (!before.empty()) Discard(before);
  StoreOptions options;
  options.path = copy;
  options.clock = &clock;
  const auto store = OpenStore(options);
  const auto current = store->CurrentGeneration();
  store->BeginGeneration(
      GenerationOrigin::restored,
      "restored from the backup '" + file + "'" +
          (current ? ", the state of " + FormatSeconds(current->marked_at) : ""));
}

Result<std::string> PutInPlace(const std::string& copy, const std::string& database, Clock& clock) {
  auto aside = MoveDatabaseAside(database, "replaced", clock.Now());
  if (!aside) return aside.error();
  if (const auto moved = platform::MoveDurably(copy, database); !moved) return moved.error();
  StoreOptions options;
  options.path = database;
  options.clock = &clock;
  const Generation generation = OpenStore(options)->MarkGeneration();
  if (const auto marked = WriteMarker(database, generation); !marked) return marked.error();
  return aside;
}

}  // namespace

Result<BackupInfo> MakeBackup(const std::string& database, const std::string& file,
                              bool overwrite) {
  for (const char* suffix : {"", "-wal", "-shm", ".lock", ".generation"}) {
    if (file == database + suffix)
      return Unusable("'" + file + "' belongs to the database itself; name another file");
  }
  if (platform::FileExists(file) && !overwrite)
    return Unusable("'" + file + "' is there already; name another file, or add --overwrite");
  if (!platform::FileExists(platform::FolderOf(file)))
    return Unusable("the folder of '" + file + "' does not exist; create it first");
  const std::string copy = file + ".partial";
  Discard(copy);
  try {
    BackupStore(database, copy);
    if (const auto wrong = WhatIsWrong(copy)) {
      throw std::runtime_error("The backup of '" + database +
                               "' was not kept, because it is not sound: " + *wrong +
                               ". Check the database with `cosell-sync rebuild`");
    }
  } catch (const std::exception&) {
    Discard(copy);
    throw;
  }
  if (const auto moved = platform::MoveDurably(copy, file); !moved) return moved.error();
  return InfoOf(file);
}

Result<RestoreResult> RestoreBackup(const std::string& file, const std::string& database,
                                    Clock& clock) {
  const std::string copy = RestoringName(database);
  const bool in_between = platform::FileExists(copy) && !platform::FileExists(database);
  if (!platform::FileExists(file)) return Unusable("there is no file '" + file + "'");
  if (file == database) return Unusable("'" + file + "' is the database itself; name a backup");
  if (const StoreExamination examined = ExamineStore(file);
      examined.condition != StoreCondition::sound) {
    return Unusable("'" + file + "' cannot be restored, because it is not sound: " +
                    (examined.problem.empty() ? "it holds nothing" : examined.problem));
  }
  // Whatever is there may be of another file; its database, if any, was put aside already.
  if (in_between || platform::FileExists(copy)) Discard(copy);
  CopyStore(file, copy);
  RestoreResult result;
  result.backup = InfoOf(copy);
  MakeReady(copy, file, clock);
  if (const auto wrong = WhatIsWrong(copy)) {
    Discard(copy);
    return Unusable("'" + file + "' cannot be restored, because it is not sound: " + *wrong);
  }
  // A look at a database in WAL mode leaves these behind, empty.
  for (const char* suffix : {"-wal", "-shm"}) {
    if (const auto removed = platform::RemoveFile(copy + suffix); !removed) return removed.error();
  }
  const auto aside = PutInPlace(copy, database, clock);
  if (!aside) return aside.error();
  result.aside = *aside;
  result.backup.file = file;
  return result;
}

}  // namespace cosell::app
