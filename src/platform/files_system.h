#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "platform/files.h"

// What files.cpp needs from the operating system. Internal to this room.
namespace cosell::platform {

// Creates or empties `path`, writes and syncs it. The reason on failure, empty when done.
std::string WriteAndSync(const std::filesystem::path& path, std::string_view content,
                         FileAccess access);
// Adds to the end of `path`, which is made if it does not exist, and syncs. The reason on failure,
// empty when done.
std::string AppendAndSync(const std::filesystem::path& path, std::string_view content);
// Waits until the content of an existing file is on the disk. The reason on failure.
std::string SyncExisting(const std::filesystem::path& path);
// Renames `from` over `to` durably. The reason on failure, empty when done.
std::string RenameOver(const std::filesystem::path& from, const std::filesystem::path& to);
// A number that no other running process has; for names of temporary files.
std::string ProcessId();

}  // namespace cosell::platform
