#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <system_error>

#include "platform/files.h"
#include "platform/lock_system.h"

namespace cosell::platform {
namespace {

// The locked byte lies far behind the content, because a locked range cannot be read by others
// here.
OVERLAPPED LockedRange() {
  OVERLAPPED range{};
  range.Offset = 0x40000000;
  return range;
}

class WindowsLockFile final : public LockFile {
 public:
  explicit WindowsLockFile(HANDLE file) : file_(file) {}
  ~WindowsLockFile() override { ::CloseHandle(file_); }
  WindowsLockFile(const WindowsLockFile&) = delete;
  WindowsLockFile& operator=(const WindowsLockFile&) = delete;

  bool TryLock(bool exclusive) override {
    OVERLAPPED range = LockedRange();
    const DWORD flags =
        LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? static_cast<DWORD>(LOCKFILE_EXCLUSIVE_LOCK) : 0u);
    return ::LockFileEx(file_, flags, 0, 1, 0, &range) != 0;
  }

  void WriteContent(const std::string& content) override {
    DWORD written = 0;
    ::SetFilePointer(file_, 0, nullptr, FILE_BEGIN);
    ::WriteFile(file_, content.data(), static_cast<DWORD>(content.size()), &written, nullptr);
    ::SetEndOfFile(file_);
  }

  std::string ReadContent() override {
    char text[64];
    DWORD size = 0;
    ::SetFilePointer(file_, 0, nullptr, FILE_BEGIN);
    if (!::ReadFile(file_, text, sizeof text, &size, nullptr)) return {};
    return std::string(text, size);
  }

 private:
  HANDLE file_;
};

}  // namespace

std::unique_ptr<LockFile> LockFile::Open(const std::string& file, bool create, std::string& why) {
  const DWORD access = create ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
  const HANDLE handle =
      ::CreateFileW(ToPath(file).c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                    create ? OPEN_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle != INVALID_HANDLE_VALUE) return std::make_unique<WindowsLockFile>(handle);
  why = std::system_category().message(static_cast<int>(::GetLastError()));
  return nullptr;
}

}  // namespace cosell::platform
