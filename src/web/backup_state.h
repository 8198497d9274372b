#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace cosell::web {

// How scheduled backups stand. A value.
struct BackupState {
  bool scheduled = false;
  std::optional<Instant> last_at;  // the newest one that is kept
  std::string problem;             // of the last try; empty when it went well
};

}  // namespace cosell::web
