#include "tools/simulation/workshop.h"

#include <filesystem>
#include <fstream>

#include "base/guid.h"
#include "store/store_factory.h"
#include "tools/sandbox/world/world.h"
#include "tools/simulation/clocks.h"
#include "tools/simulation/memory_vfs.h"

namespace cosell::simulation {
namespace {

namespace fs = std::filesystem;

fs::path FastFolder() {
  const fs::path memory = "/dev/shm";
  std::error_code ignored;
  return fs::is_directory(memory, ignored) ? memory : fs::temp_directory_path();
}

}  // namespace

Workshop::Workshop() {
  SystemRandom chance;
  folder_ = (FastFolder() / ("cosell-simulation-" + NewGuid(chance))).string();
  fs::create_directories(databases());
  KeepInMemory(databases());
  WorldClock clock;
  SeededRandom random(1);
  StoreOptions options;
  options.path = empty_database();
  options.clock = &clock;
  options.random = &random;
  options.vfs = MemoryVfs();
  OpenStore(options);
  sandbox::World world(clock, random);
  std::ofstream(trust_file(), std::ios::binary) << world.signing().RootPem();
}

Workshop::~Workshop() {
  DropFromMemory(databases());
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Workshop::Clear() const {
  Remove(database());
  Remove(backup());
  CopyMemoryFile(empty_database(), database());
}

void Workshop::Remove(const std::string& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    RemoveMemoryFile(database + suffix);
    std::error_code ignored;
    fs::remove(database + suffix, ignored);
  }
}

}  // namespace cosell::simulation
