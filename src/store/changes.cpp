#include "ports/store.h"

namespace cosell {

bool Changes::empty() const {
  return snapshots.empty() && links.empty() && intents.empty() && closings.empty() &&
         audit.empty() && conflicts.empty() && decisions.empty() && history.empty() &&
         cursors.empty() && finished_events.empty() && delayed_events.empty();
}

}  // namespace cosell
