#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The rules of docs/ARCHITECTURE.md, "Rooms and arrows", applied to the includes of a source tree.
namespace cosell::architecture {

// Room -> the rooms it may include. "crm/dataverse" is one room.
using Rooms = std::map<std::string, std::set<std::string>>;

// The table under the heading "## Rooms and arrows" of an ARCHITECTURE.md. Throws
// std::runtime_error when it is not there, when a row names a room without a row of its own, or
// when the arrows run in a circle.
Rooms ReadRooms(std::string_view markdown);

// What is wrong with the includes of one file, one line each, beginning with "file:line: ". `path`
// is relative to src, with slashes ("plan/plan.h").
std::vector<std::string> CheckFile(const Rooms& rooms, const std::string& path,
                                   std::string_view content);

// Path relative to src -> content.
using Files = std::map<std::string, std::string>;
// Headers that say "Internal to this room." and are included by another one.
std::vector<std::string> CheckInternal(const Rooms& rooms, const Files& files);

// What is wrong in a whole tree, ordered by file.
struct TreeReport {
  std::size_t files = 0;  // .h and .cpp files looked at
  std::vector<std::string> wrong;
};
TreeReport CheckTree(const Rooms& rooms, const std::filesystem::path& src);

}  // namespace cosell::architecture
