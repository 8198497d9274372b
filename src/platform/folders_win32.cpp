#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "platform/files.h"
#include "platform/folders.h"

namespace cosell::platform {
namespace fs = std::filesystem;
namespace {

fs::path ProgramData() {
  wchar_t value[MAX_PATH];
  const DWORD length = ::GetEnvironmentVariableW(L"ProgramData", value, MAX_PATH);
  const bool found = length > 0 && length < MAX_PATH;
  return found ? fs::path(std::wstring(value, length)) : fs::path(L"C:\\ProgramData");
}

fs::path ProgramFolder() {
  wchar_t value[MAX_PATH];
  const DWORD length = ::GetModuleFileNameW(nullptr, value, MAX_PATH);
  return fs::path(std::wstring(value, length)).parent_path();
}

}  // namespace

std::string DataFolder() { return ToUtf8(ProgramData() / L"cosell-sync"); }

std::string ConfigFolder() { return DataFolder(); }

std::string DefaultConfigFile() {
  std::error_code failed;
  const fs::path beside = ProgramFolder() / L"cosell-sync.json";
  if (fs::exists(beside, failed)) return ToUtf8(beside);
  return ToUtf8(ToPath(ConfigFolder()) / L"cosell-sync.json");
}

}  // namespace cosell::platform
