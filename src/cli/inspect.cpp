#include "cli/inspect.h"

#include <utility>

namespace cosell::cli {

LinkHistory ReadHistory(Session& session, const FoundLink& found) {
  auto history = Inspecting(session, [&](StoreInspector& inspector) {
    return inspector.History(found.connection, found.work.link.id);
  });
  if (!history) {
    throw Failure{kDatabase, "link " + std::to_string(found.work.link.id) +
                                 " is not in the database any more; try again"};
  }
  return std::move(*history);
}

}  // namespace cosell::cli
