#include "platform/files.h"

#include <atomic>
#include <fstream>
#include <system_error>

#include "platform/files_system.h"

namespace cosell::platform {
namespace fs = std::filesystem;
namespace {

Error Unusable(const std::string& what, const std::string& file, const std::string& why) {
  return Error{ErrorKind::invalid_input, what + " " + file + ": " + why, {}, 0, {}, {}};
}

// Two writers of one file must not share a temporary name.
fs::path TemporaryBeside(const fs::path& target) {
  static std::atomic<unsigned> count{0};
  fs::path temporary = target;
  temporary += ToPath("." + ProcessId() + "-" + std::to_string(++count) + ".tmp");
  return temporary;
}

}  // namespace

fs::path ToPath(std::string_view utf8) { return fs::path(std::u8string(utf8.begin(), utf8.end())); }

std::string ToUtf8(const fs::path& path) {
  const std::u8string text = path.u8string();
  return std::string(text.begin(), text.end());
}

std::string ResolvePath(const std::string& folder, const std::string& name) {
  if (name.empty()) return name;
  return ToUtf8((ToPath(folder) / ToPath(name)).lexically_normal());
}

std::string FolderOf(const std::string& file) {
  std::error_code failed;
  const fs::path absolute = fs::absolute(ToPath(file), failed);
  return ToUtf8((failed ? ToPath(file) : absolute).lexically_normal().parent_path());
}

Result<std::string> ReadFile(const std::string& file, std::size_t bytes_max) {
  const fs::path path = ToPath(file);
  std::error_code failed;
  const auto status = fs::status(path, failed);
  if (!fs::exists(status)) {
    return Unusable("cannot read", file, "it does not exist; create it or correct its name");
  }
  if (fs::is_directory(status)) return Unusable("cannot read", file, "it is a folder");
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unusable("cannot read", file, "permission denied; let this account read it");
  std::string content;
  char block[8192];
  while (in.read(block, sizeof block), in.gcount() > 0) {
    content.append(block, static_cast<std::size_t>(in.gcount()));
    if (content.size() > bytes_max) {
      return Unusable("cannot read", file,
                      "it is larger than " + std::to_string(bytes_max) + " bytes");
    }
  }
  if (in.bad()) return Unusable("cannot read", file, "the disk reported an error");
  return content;
}

Status WriteFileAtomically(const std::string& file, std::string_view content, FileAccess access) {
  std::error_code failed;
  fs::path target = ToPath(file);
  if (fs::is_symlink(target, failed)) {
    const fs::path real = fs::canonical(target, failed);
    if (!failed) target = real;
  }
  const fs::path temporary = TemporaryBeside(target);
  std::string why = WriteAndSync(temporary, content, access);
  if (why.empty()) why = RenameOver(temporary, target);
  if (why.empty()) return Done{};
  fs::remove(temporary, failed);
  return Unusable("cannot write", file, why);
}

Status AppendLine(const std::string& file, std::string_view line) {
  const fs::path path = ToPath(file);
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  bool cut = false;
  if (in && in.tellg() > 0) {
    in.seekg(-1, std::ios::end);
    cut = in.get() != '\n';
  }
  in.close();
  const std::string why = AppendAndSync(path, (cut ? "\n" : "") + std::string(line) + "\n");
  if (!why.empty()) return Unusable("cannot write", file, why);
  return Done{};
}

bool FileExists(const std::string& file) {
  std::error_code ignored;
  return fs::exists(ToPath(file), ignored);
}

std::string FreeName(const std::string& file) {
  std::string candidate = file;
  for (int number = 2; FileExists(candidate); ++number) {
    candidate = file + "." + std::to_string(number);
  }
  return candidate;
}

Status MoveDurably(const std::string& from, const std::string& to) {
  std::string why = SyncExisting(ToPath(from));
  if (why.empty()) why = RenameOver(ToPath(from), ToPath(to));
  if (why.empty()) return Done{};
  return Unusable("cannot move", from + " to " + to, why);
}

Status RemoveFile(const std::string& file) {
  std::error_code failed;
  fs::remove(ToPath(file), failed);
  if (!failed) return Done{};
  return Unusable("cannot remove", file, failed.message());
}

std::uint64_t FileSize(const std::string& file) {
  std::error_code failed;
  const auto size = fs::file_size(ToPath(file), failed);
  return failed ? 0 : size;
}

Result<std::vector<std::string>> ListFiles(const std::string& folder) {
  std::error_code failed;
  std::vector<std::string> names;
  for (fs::directory_iterator it(ToPath(folder), failed), end; !failed && it != end;
       it.increment(failed)) {
    std::error_code unreadable;
    if (it->is_regular_file(unreadable)) names.push_back(ToUtf8(it->path().filename()));
  }
  if (failed) return Unusable("cannot list", folder, failed.message());
  return names;
}

}  // namespace cosell::platform
