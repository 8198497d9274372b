#pragma once

#include <memory>
#include <string>

// What lock.cpp needs from the operating system. Internal to this room.
namespace cosell::platform {

// An open lock file; closing it gives the lock up.
class LockFile {
 public:
  virtual ~LockFile() = default;
  // Null with the reason in `why` when it cannot be opened. With `create` it is made if absent.
  static std::unique_ptr<LockFile> Open(const std::string& file, bool create, std::string& why);
  // Never waits. `exclusive`: against everybody; else only against an exclusive holder.
  virtual bool TryLock(bool exclusive) = 0;
  virtual void WriteContent(const std::string& content) = 0;
  virtual std::string ReadContent() = 0;
};

}  // namespace cosell::platform
