#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "platform/files_system.h"

namespace cosell::platform {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

// Everything in `content`, through short writes and interruptions.
bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string WriteAndSync(const std::filesystem::path& path, std::string_view content,
                         FileAccess access) {
  const mode_t mode = access == FileAccess::owner_only ? 0600 : 0666;
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (descriptor < 0) return Reason(errno);
  const bool written = WriteAll(descriptor, content) && ::fsync(descriptor) == 0;
  const int error = written ? 0 : errno;
  ::close(descriptor);
  return written ? std::string() : Reason(error);
}

std::string AppendAndSync(const std::filesystem::path& path, std::string_view content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return Reason(errno);
  const bool written = WriteAll(descriptor, content) && ::fsync(descriptor) == 0;
  const int error = written ? 0 : errno;
  ::close(descriptor);
  return written ? std::string() : Reason(error);
}

std::string SyncExisting(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Reason(errno);
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error == 0 ? std::string() : Reason(error);
}

std::string RenameOver(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code failed;
  std::filesystem::rename(from, to, failed);
  if (failed) return failed.message();
  // The rename itself is durable only once the folder is synced.
  const std::filesystem::path parent = to.has_parent_path() ? to.parent_path() : ".";
  const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return {};
}

std::string ProcessId() { return std::to_string(::getpid()); }

bool IsReadableByOthers(const std::string& file) {
  struct stat found {};
  return ::stat(file.c_str(), &found) == 0 && (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

}  // namespace cosell::platform
