#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"

// Backups of the database, and the way back. Failures of a database throw std::runtime_error as in
// store/store_factory.h; what the operator can mend by other words is invalid_input.
namespace cosell::app {

// What a backup holds. A value.
struct BackupInfo {
  std::string file;
  std::uint64_t bytes = 0;
  int schema = 0;
  std::int64_t links = 0;
  std::int64_t audit_entries = 0;
  std::string generation;
  std::string state_of;  // RFC 3339: when the copied database was last marked; may be empty
};

// Copies the database at one moment of it, also while a daemon writes to it. The copy is checked
// (every page, every reference, the audit chain) and synced before it gets its name. invalid_input
// when the name is taken and `overwrite` is false, or is the database's own.
Result<BackupInfo> MakeBackup(const std::string& database, const std::string& file, bool overwrite);

struct RestoreResult {
  BackupInfo backup;
  std::string aside;  // where the present database went; empty when there was none
};

// Puts a backup in the place of the database, after checking it as above and bringing it to this
// program's schema. The present database is kept under a dated name, and the restored one begins a
// generation of its own. Interrupted anywhere, it can be run again. The caller holds the instance
// lock. invalid_input for a file that is absent or no usable backup.
Result<RestoreResult> RestoreBackup(const std::string& file, const std::string& database,
                                    Clock& clock);

}  // namespace cosell::app
