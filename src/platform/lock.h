#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

// Keeps two programs from writing one database. The lock is the operating system's (flock,
// LockFileEx) on the file "<database>.lock", so it ends with the process, however that ends; the
// file stays. Its content is the holder's process id.
namespace cosell::platform {

// Held as long as the object lives. One owner; not copied.
class InstanceLock {
 public:
  virtual ~InstanceLock() = default;

  // Takes the lock for the database at this absolute path. `already_exists` when another process
  // has it (the message names its process id); `invalid_input` when the file cannot be made, for
  // instance because the folder is missing or read-only. Waits up to half a second for a holder
  // that is about to go or only looked (IsHeld).
  static Result<std::unique_ptr<InstanceLock>> Acquire(const std::string& database);
};

struct LockHolder {
  std::string process_id;  // as the holder wrote it; may be empty just after it started
};

// Who holds the lock of this database; nothing when nobody does or when it was never taken. A
// snapshot: the answer may be outdated when it is read.
std::optional<LockHolder> FindLockHolder(const std::string& database);

// Whether a daemon (or a writing command) has the database.
inline bool IsHeld(const std::string& database) { return FindLockHolder(database).has_value(); }

}  // namespace cosell::platform
