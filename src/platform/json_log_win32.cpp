#include "platform/files.h"
#include "platform/json_log.h"
#include "platform/json_log_system.h"

namespace cosell::platform {

std::FILE* OpenForAppend(const std::string& file) {
  return ::_wfopen(ToPath(file).c_str(), L"abN");
}

bool StderrIsJournal() { return false; }

}  // namespace cosell::platform
