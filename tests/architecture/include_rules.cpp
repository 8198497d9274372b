#include "architecture/include_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace cosell::architecture {
namespace {

// Rooms whose headers show no library type: what they promise must outlive a change of library. A
// header that says it is internal promises nothing, and no other room may include it.
constexpr std::array kLibraryFreeHeaders = {"base", "model", "ports", "mapping", "plan", "engine"};
constexpr std::array kLibraries = {"Poco/",    "openssl/", "SQLiteCpp/", "sqlite3.h",   "nlohmann/",
                                   "simdjson", "CLI/",     "valijson/",  "prometheus/", "zlib.h"};
// The only room that knows the operating system.
constexpr const char* kPlatform = "platform";
constexpr std::array kSystemHeaders = {
    "arpa/",   "direct.h",   "dirent.h", "dlfcn.h",  "fcntl.h",   "grp.h",     "io.h",
    "net/if",  "netdb.h",    "netinet/", "poll.h",   "process.h", "pthread.h", "pwd.h",
    "sched.h", "shlobj.h",   "signal.h", "spawn.h",  "sys/",      "syslog.h",  "termios.h",
    "tchar.h", "ucontext.h", "unistd.h", "wincrypt", "wincred.h", "windows.h", "Windows.h",
    "winsock", "ws2tcpip.h", "winsvc.h", "winhttp",  "systemd/",  "linux/"};

struct Include {
  std::string target;
  bool quoted = false;
};

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> SplitTrimmed(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.emplace_back(Trim(part));
  return parts;
}

std::optional<Include> ParseInclude(std::string_view line) {
  line = Trim(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = Trim(line.substr(1));
  if (!line.starts_with("include")) return std::nullopt;
  line = Trim(line.substr(std::string_view("include").size()));
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const bool quoted = line.front() == '"';
  const auto end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), quoted};
}

// The room a path below src belongs to; the longest name wins.
std::optional<std::string> RoomOf(const Rooms& rooms, std::string_view path) {
  std::optional<std::string> found;
  for (const auto& [room, allowed] : rooms) {
    if (path.starts_with(room + "/") && (!found || room.size() > found->size())) found = room;
  }
  return found;
}

template <typename List>
bool StartsWithAny(std::string_view text, const List& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

std::string Listed(const std::set<std::string>& rooms) {
  std::string text;
  for (const std::string& room : rooms) text += (text.empty() ? "" : ", ") + room;
  return text.empty() ? "nothing" : text;
}

bool IsInternal(std::string_view content) {
  std::string text;  // comments run over lines
  for (const std::string& line : SplitTrimmed(content, '\n'))
    text += (line.starts_with("//") ? line.substr(2) : line) + " ";
  const auto first = text.find("Internal to this");
  return first != std::string::npos &&
         Trim(std::string_view(text).substr(first + 16)).starts_with("room.");
}

// What is wrong with `include` in a file of `room`; empty when nothing is.
std::string Judge(const Rooms& rooms, const std::string& room, bool shown_to_others,
                  const Include& include) {
  const std::string& target = include.target;
  if (const auto other = RoomOf(rooms, target)) {
    const auto& allowed = rooms.at(room);
    if (*other == room || allowed.contains(*other)) return {};
    return "forbidden arrow " + room + " -> " + *other + " (\"" + target + "\"); " + room +
           " may include " + Listed(allowed);
  }
  if (include.quoted) return "\"" + target + "\" is in no room; write <...> for a library's header";
  if (shown_to_others &&
      std::find(kLibraryFreeHeaders.begin(), kLibraryFreeHeaders.end(), room) !=
          kLibraryFreeHeaders.end() &&
      StartsWithAny(target, kLibraries)) {
    return "forbidden arrow " + room + " -> library (<" + target + ">): headers of " + room +
           " show no library type";
  }
  if (room != kPlatform && StartsWithAny(target, kSystemHeaders)) {
    return "forbidden arrow " + room + " -> operating system (<" + target + ">): only " +
           kPlatform + " knows it";
  }
  return {};
}

void RequireKnownRooms(const Rooms& rooms) {
  for (const auto& [room, allowed] : rooms) {
    for (const std::string& other : allowed) {
      if (!rooms.contains(other)) {
        throw std::runtime_error("Rooms and arrows: " + room + " may include " + other +
                                 ", which has no row of its own");
      }
    }
  }
}

// Takes away, again and again, the rooms whose arrows all end in rooms taken away before.
void RequireNoCircle(const Rooms& rooms) {
  std::set<std::string> settled;
  while (true) {
    const std::size_t before = settled.size();
    for (const auto& [room, allowed] : rooms) {
      if (std::includes(settled.begin(), settled.end(), allowed.begin(), allowed.end())) {
        settled.insert(room);
      }
    }
    if (settled.size() == rooms.size()) return;
    if (settled.size() == before) throw std::runtime_error("Rooms and arrows: a circle");
  }
}

}  // namespace

Rooms ReadRooms(std::string_view markdown) {
  Rooms rooms;
  bool in_section = false;
  for (const std::string& line : SplitTrimmed(markdown, '\n')) {
    if (line.starts_with("## ")) in_section = line == "## Rooms and arrows";
    if (!in_section || !line.starts_with("| `")) continue;
    const auto cells = SplitTrimmed(line, '|');  // the first is what stands before the first bar
    if (cells.size() < 3 || cells[1].size() < 3) throw std::runtime_error("bad row: " + line);
    auto& allowed = rooms[cells[1].substr(1, cells[1].size() - 2)];
    for (const std::string& other : SplitTrimmed(cells[2], ',')) {
      if (!other.empty()) allowed.insert(other);
    }
  }
  if (rooms.empty()) throw std::runtime_error("no table under \"## Rooms and arrows\"");
  RequireKnownRooms(rooms);
  RequireNoCircle(rooms);
  return rooms;
}

std::vector<std::string> CheckFile(const Rooms& rooms, const std::string& path,
                                   std::string_view content) {
  const auto room = RoomOf(rooms, path);
  if (!room) return {"src/" + path + ":1: its folder is no room of docs/ARCHITECTURE.md"};
  const bool shown_to_others = path.ends_with(".h") && !IsInternal(content);
  std::vector<std::string> wrong;
  std::istringstream lines{std::string(content)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto include = ParseInclude(line);
    const std::string reason =
        include ? Judge(rooms, *room, shown_to_others, *include) : std::string();
    if (!reason.empty())
      wrong.push_back("src/" + path + ":" + std::to_string(number) + ": " + reason);
  }
  return wrong;
}

std::vector<std::string> CheckInternal(const Rooms& rooms, const Files& files) {
  std::set<std::string> internal;
  for (const auto& [path, content] : files) {
    if (path.ends_with(".h") && IsInternal(content)) internal.insert(path);
  }
  std::vector<std::string> wrong;
  for (const auto& [path, content] : files) {
    for (const std::string& line : SplitTrimmed(content, '\n')) {
      const auto include = ParseInclude(line);
      if (!include || !internal.contains(include->target)) continue;
      if (RoomOf(rooms, include->target) == RoomOf(rooms, path)) continue;
      wrong.push_back("src/" + path + ": \"" + include->target + "\" is internal to its room");
    }
  }
  return wrong;
}

TreeReport CheckTree(const Rooms& rooms, const std::filesystem::path& src) {
  TreeReport report;
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(src)) {
    const auto extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
    ++report.files;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(file)),
                              std::istreambuf_iterator<char>());
    const std::string path = entry.path().lexically_relative(src).generic_string();
    for (std::string& line : CheckFile(rooms, path, content)) {
      report.wrong.push_back(std::move(line));
    }
    files.emplace(path, content);
  }
  const auto shared = CheckInternal(rooms, files);
  report.wrong.insert(report.wrong.end(), shared.begin(), shared.end());
  std::sort(report.wrong.begin(), report.wrong.end());
  return report;
}

}  // namespace cosell::architecture
