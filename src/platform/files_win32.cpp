#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <sddl.h>

#include <algorithm>
#include <system_error>

#include "platform/files_system.h"

namespace cosell::platform {
namespace {

std::string Reason(DWORD error) { return std::system_category().message(static_cast<int>(error)); }

// Full access for the owner, SYSTEM and Administrators, nothing inherited: the folder below
// %ProgramData% would otherwise let every user read.
constexpr wchar_t kOwnerOnly[] = L"D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)";

class OwnerOnlyAcl {
 public:
  OwnerOnlyAcl() {
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(kOwnerOnly, SDDL_REVISION_1,
                                                           &descriptor_, nullptr);
    attributes_.nLength = sizeof attributes_;
    attributes_.lpSecurityDescriptor = descriptor_;
  }
  ~OwnerOnlyAcl() { ::LocalFree(descriptor_); }
  OwnerOnlyAcl(const OwnerOnlyAcl&) = delete;
  OwnerOnlyAcl& operator=(const OwnerOnlyAcl&) = delete;
  bool ok() const { return descriptor_ != nullptr; }
  SECURITY_ATTRIBUTES* get() { return &attributes_; }

 private:
  PSECURITY_DESCRIPTOR descriptor_ = nullptr;
  SECURITY_ATTRIBUTES attributes_{};
};

bool WriteAll(HANDLE file, std::string_view content) {
  while (!content.empty()) {
    const auto size = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1 << 20));
    DWORD written = 0;
    if (!::WriteFile(file, content.data(), size, &written, nullptr)) return false;
    content.remove_prefix(written);
  }
  return true;
}

}  // namespace

std::string WriteAndSync(const std::filesystem::path& path, std::string_view content,
                         FileAccess access) {
  OwnerOnlyAcl acl;
  if (access == FileAccess::owner_only && !acl.ok()) return Reason(::GetLastError());
  SECURITY_ATTRIBUTES* security = access == FileAccess::owner_only ? acl.get() : nullptr;
  const HANDLE file = ::CreateFileW(path.c_str(), GENERIC_WRITE, 0, security, CREATE_NEW,
                                    FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return Reason(::GetLastError());
  const bool written = WriteAll(file, content) && ::FlushFileBuffers(file) != 0;
  const DWORD error = written ? 0 : ::GetLastError();
  ::CloseHandle(file);
  return written ? std::string() : Reason(error);
}

std::string AppendAndSync(const std::filesystem::path& path, std::string_view content) {
  const HANDLE file = ::CreateFileW(path.c_str(), FILE_APPEND_DATA, FILE_SHARE_READ, nullptr,
                                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return Reason(::GetLastError());
  const bool written = WriteAll(file, content) && ::FlushFileBuffers(file) != 0;
  const DWORD error = written ? 0 : ::GetLastError();
  ::CloseHandle(file);
  return written ? std::string() : Reason(error);
}

std::string SyncExisting(const std::filesystem::path& path) {
  const HANDLE file = ::CreateFileW(path.c_str(), GENERIC_WRITE, FILE_SHARE_READ, nullptr,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return Reason(::GetLastError());
  const DWORD error = ::FlushFileBuffers(file) != 0 ? 0 : ::GetLastError();
  ::CloseHandle(file);
  return error == 0 ? std::string() : Reason(error);
}

std::string RenameOver(const std::filesystem::path& from, const std::filesystem::path& to) {
  // A virus scanner or backup agent may hold the target open for a moment.
  constexpr int kAttempts = 10;
  for (int attempt = 1;; ++attempt) {
    if (::MoveFileExW(from.c_str(), to.c_str(),
                      MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
      return {};
    }
    const DWORD error = ::GetLastError();
    const bool busy = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
    if (!busy || attempt == kAttempts) return Reason(error);
    ::Sleep(50);
  }
}

std::string ProcessId() { return std::to_string(::GetCurrentProcessId()); }

bool IsReadableByOthers(const std::string&) { return false; }

}  // namespace cosell::platform
