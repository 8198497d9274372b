#include "tools/simulation/memory_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <set>
#include <string_view>
#include <vector>

namespace cosell::simulation {
namespace {

constexpr char kName[] = "cosell-memory";
constexpr int kShmLocks = SQLITE_SHM_NLOCK;

struct Handle;

// What a path stands for.
struct Node {
  std::string content;
  int readers = 0;           // connections with SQLITE_LOCK_SHARED or more
  Handle* writer = nullptr;  // the one with more
  // The index of the write-ahead log and its locks: -1 taken by one, else by how many it is shared.
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<int, kShmLocks> shm_locks{};
  int shm_users = 0;
};

// One opened file. SQLite gives the memory.
struct Handle {
  sqlite3_file base{};
  std::shared_ptr<Node> node;
  std::string delete_at_close;  // the path; empty: stays
  int level = SQLITE_LOCK_NONE;
  bool uses_shm = false;
  std::array<bool, kShmLocks> shares{};
  std::array<bool, kShmLocks> holds{};
};

struct Disk {
  std::mutex mutex;
  std::set<std::string, std::less<>> folders;
  std::map<std::string, std::shared_ptr<Node>> files;

  // SQLite's own files have no name.
  bool Holds(const char* name) const {
    const std::string_view path = name == nullptr ? "" : name;
    return folders.contains(path.substr(0, std::min(path.rfind('/'), path.size())));
  }
};

Disk& TheDisk() {
  static Disk disk;
  return disk;
}

std::unique_lock<std::mutex> LockDisk() { return std::unique_lock(TheDisk().mutex); }

sqlite3_vfs& TheSystems() {
  static sqlite3_vfs* const systems = sqlite3_vfs_find(nullptr);
  return *systems;
}

Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

// --- content

int Read(sqlite3_file* file, void* to, int amount, sqlite3_int64 at) {
  const auto lock = LockDisk();
  const std::string& content = Of(file).node->content;
  const auto from = std::min(static_cast<std::size_t>(at), content.size());
  const auto wanted = static_cast<std::size_t>(amount);
  const auto size = std::min(wanted, content.size() - from);
  std::memcpy(to, content.data() + from, size);
  if (size == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + size, 0, wanted - size);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 at) {
  const auto lock = LockDisk();
  std::string& content = Of(file).node->content;
  const auto end = static_cast<std::size_t>(at) + static_cast<std::size_t>(amount);
  if (content.size() < end) content.resize(end);
  std::memcpy(content.data() + at, from, static_cast<std::size_t>(amount));
  return SQLITE_OK;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const auto lock = LockDisk();
  Of(file).node->content.resize(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int Sync(sqlite3_file*, int) { return SQLITE_OK; }

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  const auto lock = LockDisk();
  *size = static_cast<sqlite3_int64>(Of(file).node->content.size());
  return SQLITE_OK;
}

// --- locks of the database file, as SQLite describes them in os.h

int LockLevel(const Node& node) {
  return node.writer == nullptr ? SQLITE_LOCK_NONE : node.writer->level;
}

int TakeShared(Handle& handle) {
  if (LockLevel(*handle.node) >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
  ++handle.node->readers;
  handle.level = SQLITE_LOCK_SHARED;
  return SQLITE_OK;
}

int TakeMore(Handle& handle, int level) {
  Node& node = *handle.node;
  if (node.writer != nullptr && node.writer != &handle) return SQLITE_BUSY;
  node.writer = &handle;
  const bool others_read = level == SQLITE_LOCK_EXCLUSIVE && node.readers > 1;
  handle.level = others_read ? SQLITE_LOCK_PENDING : level;
  return others_read ? SQLITE_BUSY : SQLITE_OK;
}

int Lock(sqlite3_file* file, int level) {
  const auto lock = LockDisk();
  Handle& handle = Of(file);
  if (handle.level >= level) return SQLITE_OK;
  return level == SQLITE_LOCK_SHARED ? TakeShared(handle) : TakeMore(handle, level);
}

void Release(Handle& handle, int level) {
  if (handle.level <= level) return;
  if (handle.node->writer == &handle) handle.node->writer = nullptr;
  if (level == SQLITE_LOCK_NONE) --handle.node->readers;
  handle.level = level;
}

int Unlock(sqlite3_file* file, int level) {
  const auto lock = LockDisk();
  Release(Of(file), level);
  return SQLITE_OK;
}

int CheckReserved(sqlite3_file* file, int* taken) {
  const auto lock = LockDisk();
  *taken = LockLevel(*Of(file).node) >= SQLITE_LOCK_RESERVED ? 1 : 0;
  return SQLITE_OK;
}

int Control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 4096; }
int Characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

// --- the index of the write-ahead log

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  const auto lock = LockDisk();
  Handle& handle = Of(file);
  auto& regions = handle.node->regions;
  if (!handle.uses_shm) ++handle.node->shm_users;
  handle.uses_shm = true;
  *memory = nullptr;
  const auto index = static_cast<std::size_t>(region);
  if (index >= regions.size() && extend == 0) return SQLITE_OK;
  while (regions.size() <= index)
    regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  *memory = regions[index].get();
  return SQLITE_OK;
}

// A handle that already has the lock in question counts as free of itself.
bool IsFree(const Handle& handle, int slot, bool exclusive) {
  const auto at = static_cast<std::size_t>(slot);
  const int others =
      handle.node->shm_locks[at] - (handle.shares[at] ? 1 : 0) + (handle.holds[at] ? 1 : 0);
  return exclusive ? others == 0 : others >= 0;
}

void SetShmLock(Handle& handle, int slot, bool take, bool exclusive) {
  const auto at = static_cast<std::size_t>(slot);
  bool& mine = exclusive ? handle.holds[at] : handle.shares[at];
  if (mine == take) return;
  mine = take;
  handle.node->shm_locks[at] += take == exclusive ? -1 : 1;
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  const auto lock = LockDisk();
  Handle& handle = Of(file);
  const bool take = (flags & SQLITE_SHM_LOCK) != 0;
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int slot = offset; take && slot < offset + count; ++slot) {
    if (!IsFree(handle, slot, exclusive)) return SQLITE_BUSY;
  }
  for (int slot = offset; slot < offset + count; ++slot) SetShmLock(handle, slot, take, exclusive);
  return SQLITE_OK;
}

void ShmBarrier(sqlite3_file*) { const auto lock = LockDisk(); }

void LeaveShm(Handle& handle) {
  if (!handle.uses_shm) return;
  handle.uses_shm = false;
  for (int slot = 0; slot < kShmLocks; ++slot) {
    SetShmLock(handle, slot, false, true);
    SetShmLock(handle, slot, false, false);
  }
  // The next one to come recovers the index from the log, as after a crash.
  if (--handle.node->shm_users == 0) handle.node->regions.clear();
}

int ShmUnmap(sqlite3_file* file, int) {
  const auto lock = LockDisk();
  LeaveShm(Of(file));
  return SQLITE_OK;
}

int Close(sqlite3_file* file) {
  const auto lock = LockDisk();
  Handle& handle = Of(file);
  LeaveShm(handle);
  Release(handle, SQLITE_LOCK_NONE);
  if (!handle.delete_at_close.empty()) TheDisk().files.erase(handle.delete_at_close);
  handle.~Handle();
  return SQLITE_OK;
}

// Version 2: write-ahead logging, no memory-mapped reading.
constexpr sqlite3_io_methods kMethods = {
    2,        Close,         Read,    Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckReserved, Control, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,       nullptr};

// --- paths

// Nothing when there is no such file.
std::shared_ptr<Node> FromDisk(const char* name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return nullptr;
  auto node = std::make_shared<Node>();
  node->content.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  file.close();
  std::filesystem::remove(name);
  return node;
}

// Nothing when there is none and `flags` do not ask for a new one.
std::shared_ptr<Node> Found(const char* name, int flags) {
  auto& files = TheDisk().files;
  if (const auto known = files.find(name); known != files.end()) return known->second;
  auto node = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? FromDisk(name) : nullptr;
  if (!node && (flags & SQLITE_OPEN_CREATE) != 0) node = std::make_shared<Node>();
  if (node) files.emplace(name, node);
  return node;
}

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  const auto lock = LockDisk();
  if (!TheDisk().Holds(name))
    return TheSystems().xOpen(&TheSystems(), name, file, flags, out_flags);
  file->pMethods = nullptr;
  auto node = Found(name, flags);
  if (!node) return SQLITE_CANTOPEN;
  auto* handle = new (file) Handle;
  handle->base.pMethods = &kMethods;
  handle->node = std::move(node);
  if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) handle->delete_at_close = name;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  const auto lock = LockDisk();
  if (!TheDisk().Holds(name)) return TheSystems().xDelete(&TheSystems(), name, sync_folder);
  return TheDisk().files.erase(name) == 0 ? SQLITE_IOERR_DELETE_NOENT : SQLITE_OK;
}

// As the system's own for SQLite: an empty file does not count as one.
int Access(sqlite3_vfs*, const char* name, int flags, int* found) {
  const auto lock = LockDisk();
  if (!TheDisk().Holds(name)) return TheSystems().xAccess(&TheSystems(), name, flags, found);
  const auto known = TheDisk().files.find(name);
  *found = known != TheDisk().files.end() && !known->second->content.empty() ? 1 : 0;
  return SQLITE_OK;
}

int FullPath(sqlite3_vfs*, const char* name, int size, char* out) {
  const auto lock = LockDisk();
  if (!TheDisk().Holds(name)) return TheSystems().xFullPathname(&TheSystems(), name, size, out);
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

sqlite3_vfs Made() {
  // Nobody asks SQLite how much memory it uses; counting takes a lock at each allocation. Refused,
  // without harm, where SQLite is already in use.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_vfs vfs = TheSystems();
  vfs.szOsFile = std::max(vfs.szOsFile, static_cast<int>(sizeof(Handle)));
  vfs.zName = kName;
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPath;
  return vfs;
}

}  // namespace

const char* MemoryVfs() {
  static sqlite3_vfs vfs = Made();
  static const int registered = sqlite3_vfs_register(&vfs, 1);
  return registered == SQLITE_OK ? kName : nullptr;
}

void KeepInMemory(const std::string& folder) {
  const auto lock = LockDisk();
  TheDisk().folders.insert(folder);
}

void DropFromMemory(const std::string& folder) {
  const auto lock = LockDisk();
  TheDisk().folders.erase(folder);
  std::erase_if(TheDisk().files,
                [&](const auto& file) { return file.first.starts_with(folder + "/"); });
}

void RemoveMemoryFile(const std::string& path) {
  const auto lock = LockDisk();
  TheDisk().files.erase(path);
}

void CopyMemoryFile(const std::string& from, const std::string& to) {
  const auto lock = LockDisk();
  auto copy = std::make_shared<Node>();
  copy->content = TheDisk().files.at(from)->content;
  TheDisk().files[to] = std::move(copy);
}

}  // namespace cosell::simulation
