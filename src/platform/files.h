#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Files and their names. Text, names included, is UTF-8 in a std::string everywhere in the program;
// these helpers are the one place where it becomes a path of the operating system (on Windows a
// narrow path would be read in the ANSI code page). Free functions, safe from any thread.
namespace cosell::platform {

std::filesystem::path ToPath(std::string_view utf8);
std::string ToUtf8(const std::filesystem::path& path);

// `name` if it is absolute, else `folder`/`name`, with "." and ".." resolved by text alone. An
// empty name stays empty.
std::string ResolvePath(const std::string& folder, const std::string& name);

// The folder part of a path, made absolute against the working directory; for resolving names that
// stand in that file.
std::string FolderOf(const std::string& file);

// The whole content. invalid_input when the file is absent, unreadable, a folder, or larger than
// `bytes_max`; the message names the file and the mend.
Result<std::string> ReadFile(const std::string& file, std::size_t bytes_max = 16 * 1024 * 1024);

enum class FileAccess {
  everyone,    // what the process's umask (or the folder's ACL) gives
  owner_only,  // 0600; on Windows an ACL of owner, SYSTEM and Administrators
};

// Replaces the content of `file`, or creates it, so that after a crash the old or the new content
// is there as a whole: a temporary file beside it is written, synced and renamed over it. A
// symbolic link is followed. invalid_input with the reason when the folder is missing, full or
// read-only.
Status WriteFileAtomically(const std::string& file, std::string_view content, FileAccess access);

// Adds a line to the end of `file`, synced, and makes the file if it does not exist. A last line
// that a power cut left without its end gets one first. invalid_input with the reason when that
// fails.
Status AppendLine(const std::string& file, std::string_view line);
// Whether something has this name.
bool FileExists(const std::string& file);

// `file`, or the first of "<file>.2", "<file>.3", ... that does not exist.
std::string FreeName(const std::string& file);

// Gives the file another name in the same folder, durably: its content is synced before and the
// folder after. What had the new name is replaced. invalid_input with the reason.
Status MoveDurably(const std::string& from, const std::string& to);

// Absent is as good as removed. invalid_input with the reason.
Status RemoveFile(const std::string& file);

// 0 when it is absent.
std::uint64_t FileSize(const std::string& file);

// Names of the regular files in a folder, without the folder, in no order; invalid_input when it
// cannot be listed.
Result<std::vector<std::string>> ListFiles(const std::string& folder);

// Whether others than the owner may read the file. False when that cannot be told (Windows).
bool IsReadableByOthers(const std::string& file);

}  // namespace cosell::platform
