#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "ports/store.h"

// Where a Store comes from. Everything here throws std::runtime_error when the file cannot be
// opened, is damaged or locked, is not one of ours, or has the wrong schema; the message names the
// file and says how to mend it. Paths are UTF-8; a relative one is taken from the working
// directory, so pass absolute ones.
namespace cosell {

struct StoreOptions {
  std::string path;        // created when it does not exist; its folder must exist
  Clock* clock = nullptr;  // required; outlives the store
  // Source of the salts of audited values. Null: SQLite's own generator, seeded by the operating
  // system, which is what a real service wants. A simulation passes a seeded one, so that the same
  // seed gives the same file. Outlives the store; used by one thread at a time.
  Random* random = nullptr;
  // Name of the SQLite file system to use, registered beforehand. Empty: the operating system's. A
  // simulation passes one that fails when told.
  std::string vfs{};
  // The write-ahead log is left to somebody else to be checkpointed: a replicator that ships it and
  // must not be overtaken. It grows for as long as nobody does.
  bool external_checkpoints = false;
};

// Opens the database for reading and writing and brings an absent, empty or older one to this
// program's schema first. Refuses a newer one, saying which version the file has and which this
// program knows. Only one process may do this at a time (the caller holds the instance lock); any
// number of readers may work meanwhile. The store runs one thread of its own, the inbox writer,
// which ends with it; destroy the store only after all calls have returned.
std::unique_ptr<Store> OpenStore(const StoreOptions& options);

// Opens an existing database for reading, also while the daemon writes to it. Every read sees the
// last committed state. Calls that write throw std::logic_error. Refuses an absent, older or newer
// database.
std::unique_ptr<Store> OpenReadOnlyStore(const std::string& path);

// What `cosell-sync migrate` did.
struct MigrationResult {
  int from = 0;      // schema version before; 0: the file was absent or empty
  int to = 0;        // schema version now
  std::string copy;  // path of the copy made before; empty when nothing had to be changed or copied
};

// Brings the database to this program's schema. A file that holds data is copied beside itself
// first ("<path>.before-v2"); the migration itself is one transaction. Refuses a newer one.
MigrationResult Migrate(const std::string& path);

}  // namespace cosell
