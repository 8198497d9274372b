#include "platform/lock.h"

#include <chrono>
#include <thread>
#include <utility>

#include "base/text.h"
#include "platform/files_system.h"
#include "platform/lock_system.h"

namespace cosell::platform {
namespace {

std::string LockName(const std::string& database) { return database + ".lock"; }

// IsHeld takes a shared lock for an instant; that must not look like a second daemon.
bool LockPatiently(LockFile& file) {
  constexpr int kAttempts = 25;
  for (int attempt = 1; !file.TryLock(true); ++attempt) {
    if (attempt == kAttempts) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

class HeldLock final : public InstanceLock {
 public:
  explicit HeldLock(std::unique_ptr<LockFile> file) : file_(std::move(file)) {}
  ~HeldLock() override { file_->WriteContent(""); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  std::unique_ptr<LockFile> file_;
};

Error Taken(const std::string& database, const std::string& process_id) {
  const std::string who =
      process_id.empty() ? "another process" : "the process with id " + process_id;
  return Error{ErrorKind::already_exists,
               "the database " + database + " is in use by " + who +
                   "; stop it first, or give this one a database of its own",
               {},
               0,
               {},
               {}};
}

}  // namespace

Result<std::unique_ptr<InstanceLock>> InstanceLock::Acquire(const std::string& database) {
  std::string why;
  auto file = LockFile::Open(LockName(database), true, why);
  if (!file) {
    return Error{ErrorKind::invalid_input,
                 "cannot open the lock file " + LockName(database) + ": " + why +
                     "; the folder must exist and be writable for this account",
                 {},
                 0,
                 {},
                 {}};
  }
  if (!LockPatiently(*file)) return Taken(database, std::string(Trim(file->ReadContent())));
  file->WriteContent(ProcessId() + "\n");
  return std::unique_ptr<InstanceLock>(std::make_unique<HeldLock>(std::move(file)));
}

std::optional<LockHolder> FindLockHolder(const std::string& database) {
  std::string why;
  const auto file = LockFile::Open(LockName(database), false, why);
  if (!file || file->TryLock(false)) return std::nullopt;
  return LockHolder{std::string(Trim(file->ReadContent()))};
}

}  // namespace cosell::platform
