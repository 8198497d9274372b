#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "platform/lock_system.h"

namespace cosell::platform {
namespace {

class PosixLockFile final : public LockFile {
 public:
  explicit PosixLockFile(int descriptor) : descriptor_(descriptor) {}
  ~PosixLockFile() override { ::close(descriptor_); }
  PosixLockFile(const PosixLockFile&) = delete;
  PosixLockFile& operator=(const PosixLockFile&) = delete;

  bool TryLock(bool exclusive) override {
    return ::flock(descriptor_, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0;
  }

  // The content only helps people; a full disk must not keep the service from starting.
  void WriteContent(const std::string& content) override {
    const bool written = ::ftruncate(descriptor_, 0) == 0 &&
                         ::pwrite(descriptor_, content.data(), content.size(), 0) >= 0;
    static_cast<void>(written);
  }

  std::string ReadContent() override {
    char text[64];
    const ssize_t size = ::pread(descriptor_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
  }

 private:
  int descriptor_;
};

}  // namespace

std::unique_ptr<LockFile> LockFile::Open(const std::string& file, bool create, std::string& why) {
  const int flags = create ? O_RDWR | O_CREAT : O_RDONLY;
  const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor >= 0) return std::make_unique<PosixLockFile>(descriptor);
  why = std::generic_category().message(errno);
  return nullptr;
}

}  // namespace cosell::platform
