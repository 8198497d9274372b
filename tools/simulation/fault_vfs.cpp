#include "tools/simulation/fault_vfs.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <new>

#include "tools/simulation/memory_vfs.h"

namespace cosell::simulation {
namespace {

constexpr char kName[] = "cosell-simulation";

// What was asked for. The store's inbox writer has a thread of its own, so these are atomic.
std::atomic<Spot> armed = Spot::remote;
std::atomic<int> countdown = 0;

sqlite3_vfs* Inner() {
  static sqlite3_vfs* const inner = sqlite3_vfs_find(MemoryVfs());
  return inner;
}

// A file as SQLite sees it, with the one it stands for right behind it.
struct File {
  sqlite3_file base;
  sqlite3_file* inner;
};

sqlite3_file* In(sqlite3_file* file) { return reinterpret_cast<File*>(file)->inner; }
const sqlite3_io_methods& Of(sqlite3_file* file) { return *In(file)->pMethods; }

// Whether a write or flush is the one that fails.
bool FailsNow() {
  const Spot spot = armed;
  if (spot != Spot::store_full && spot != Spot::store_broken) return false;
  return --countdown == 0;
}

bool IsLocked() { return armed == Spot::store_busy && --countdown <= 0; }

int Close(sqlite3_file* file) {
  const int code = Of(file).xClose(In(file));
  file->pMethods = nullptr;
  return code;
}
int Read(sqlite3_file* file, void* to, int amount, sqlite3_int64 at) {
  return Of(file).xRead(In(file), to, amount, at);
}
int Write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 at) {
  if (FailsNow()) return armed == Spot::store_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  return Of(file).xWrite(In(file), from, amount, at);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) { return Of(file).xTruncate(In(file), size); }
int Sync(sqlite3_file* file, int flags) {
  if (FailsNow()) return armed == Spot::store_full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
  return Of(file).xSync(In(file), flags);
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) { return Of(file).xFileSize(In(file), size); }
int Lock(sqlite3_file* file, int level) { return Of(file).xLock(In(file), level); }
int Unlock(sqlite3_file* file, int level) { return Of(file).xUnlock(In(file), level); }
int CheckLock(sqlite3_file* file, int* taken) {
  return Of(file).xCheckReservedLock(In(file), taken);
}
int Control(sqlite3_file* file, int what, void* argument) {
  return Of(file).xFileControl(In(file), what, argument);
}
int SectorSize(sqlite3_file* file) { return Of(file).xSectorSize(In(file)); }
int Characteristics(sqlite3_file* file) { return Of(file).xDeviceCharacteristics(In(file)); }
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return Of(file).xShmMap(In(file), page, size, extend, memory);
}
// Slot 0 is the lock every writer takes in write-ahead logging.
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  constexpr int kTakesForWriting = SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE;
  if (offset == 0 && flags == kTakesForWriting && IsLocked()) return SQLITE_BUSY;
  return Of(file).xShmLock(In(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Of(file).xShmBarrier(In(file)); }
int ShmUnmap(sqlite3_file* file, int remove) { return Of(file).xShmUnmap(In(file), remove); }

// Version 2: write-ahead logging, no memory-mapped reading.
constexpr sqlite3_io_methods kMethods = {
    2,        Close,     Read,    Write,      Truncate,        Sync,   FileSize, Lock,
    Unlock,   CheckLock, Control, SectorSize, Characteristics, ShmMap, ShmLock,  ShmBarrier,
    ShmUnmap, nullptr,   nullptr};

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* mine = new (file) File;
  mine->inner = reinterpret_cast<sqlite3_file*>(mine + 1);
  const int code = Inner()->xOpen(Inner(), name, mine->inner, flags, out_flags);
  mine->base.pMethods = mine->inner->pMethods == nullptr ? nullptr : &kMethods;
  return code;
}

// SQLite waits for a lock by sleeping; nobody in this world would let it go meanwhile.
int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

sqlite3_vfs Made() {
  sqlite3_vfs vfs = *Inner();
  vfs.szOsFile = static_cast<int>(sizeof(File)) + Inner()->szOsFile;
  vfs.zName = kName;
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  vfs.xSleep = Sleep;
  return vfs;
}

}  // namespace

const char* FaultVfs() {
  static sqlite3_vfs vfs = Made();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  return registered == SQLITE_OK ? kName : nullptr;
}

void ArmVfs(Spot spot, int nth) {
  countdown = nth;
  armed = spot;
}

void DisarmVfs() { armed = Spot::remote; }

}  // namespace cosell::simulation
