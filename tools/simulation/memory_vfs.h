#pragma once

#include <string>

// A file system for SQLite that keeps the files of chosen folders in this process. SQLite does with
// them all it does with files of the system, the log beside the database and the locks between
// connections included; only the system calls are spared. Files are known by their path and outlive
// the connections to them; all others are the system's own. For any number of threads.
namespace cosell::simulation {

// The name to open databases with. Registered at first use, for the life of the process, and from
// then on what SQLite takes where nobody names a file system: what a command would do to the file
// of a running service is done here to the same file.
const char* MemoryVfs();

// From now on databases right in `folder`, an absolute path without a slash at its end, are kept in
// memory. One that lies there on disk is taken into memory, and off the disk, when it is opened.
void KeepInMemory(const std::string& folder);
// Not any more; they are gone. Nobody has one open.
void DropFromMemory(const std::string& folder);

// No-op when it is not in memory. Connections that have it open keep it.
void RemoveMemoryFile(const std::string& path);
// `to` becomes a file of its own with the content of `from`; both are in memory.
void CopyMemoryFile(const std::string& from, const std::string& to);

}  // namespace cosell::simulation
