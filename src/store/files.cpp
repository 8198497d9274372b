#include "store/files.h"

#include <filesystem>
#include <stdexcept>

#include "base/text.h"

namespace cosell::store {
namespace {

std::filesystem::path PathFromUtf8(const std::string& path) {
  return std::filesystem::path(std::u8string(path.begin(), path.end()));
}

}  // namespace

bool FileExists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(PathFromUtf8(path), ignored);
}

std::string FreePath(const std::string& path) {
  std::string candidate = path;
  for (int number = 2; FileExists(candidate); ++number) {
    candidate = path + "." + std::to_string(number);
  }
  return candidate;
}

void CopyDatabase(Session& session, const std::string& copy) {
  if (FileExists(copy)) {
    throw std::runtime_error("The copy '" + copy + "' already exists; name a new file");
  }
  try {
    session.Execute("VACUUM INTO '" + ReplaceAll(copy, "'", "''") + "'");
  } catch (const DamagedError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("Copying to '" + copy + "' failed; look at its folder and the room " +
                             "there as well. " + error.what());
  }
}

}  // namespace cosell::store
