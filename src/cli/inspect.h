#pragma once

#include <stdexcept>

#include "cli/find_link.h"
#include "model/history.h"
#include "store/store_tools.h"

namespace cosell::cli {

// Runs `work` on the database beside whoever holds it; a database that fails ends as Failure.
template <typename Work>
auto Inspecting(Session& session, Work work) {
  try {
    StoreInspector inspector(session.config().database_path);
    return work(inspector);
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
}

// Everything that is known of a pair. Throws Failure.
LinkHistory ReadHistory(Session& session, const FoundLink& found);

}  // namespace cosell::cli
