#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "store/store_factory.h"

namespace cosell::cli {

using Json = nlohmann::ordered_json;

int RunMigrate(Session& session) {
  auto lock = platform::InstanceLock::Acquire(session.config().database_path);
  if (!lock) throw Failure{kDatabase, lock.error().message};
  try {
    const MigrationResult result = Migrate(session.config().database_path);
    if (session.json()) {
      std::cout << Json{{"from", result.from}, {"to", result.to}, {"copy", result.copy}}.dump(2)
                << "\n";
    } else if (result.from == result.to) {
      std::cout << "The database already has schema version " << result.to << ".\n";
    } else {
      std::cout << "Brought the database from schema version " << result.from << " to " << result.to
                << "."
                << (result.copy.empty() ? "" : " The old one is kept as " + result.copy + ".")
                << "\n";
    }
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
  return kDone;
}

}  // namespace cosell::cli
