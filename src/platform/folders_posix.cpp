#include <cstdlib>
#include <string>

#include "platform/folders.h"

namespace cosell::platform {
namespace {

// systemd lists several folders with colons between them; the first is ours.
std::string FirstFolder(const char* variable, const std::string& otherwise) {
  const char* value = std::getenv(variable);
  if (value == nullptr || value[0] != '/') return otherwise;
  const std::string text(value);
  return text.substr(0, text.find(':'));
}

}  // namespace

std::string DataFolder() { return FirstFolder("STATE_DIRECTORY", "/var/lib/cosell-sync"); }

std::string ConfigFolder() { return FirstFolder("CONFIGURATION_DIRECTORY", "/etc/cosell-sync"); }

std::string DefaultConfigFile() { return ConfigFolder() + "/cosell-sync.json"; }

}  // namespace cosell::platform
