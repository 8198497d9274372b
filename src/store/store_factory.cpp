#include "store/store_factory.h"

#include <stdexcept>

#include "store/migrator.h"
#include "store/sqlite_store.h"

namespace cosell {

std::unique_ptr<Store> OpenStore(const StoreOptions& options) {
  return std::make_unique<store::SqliteStore>(options, store::Migrations());
}

std::unique_ptr<Store> OpenReadOnlyStore(const std::string& path) {
  return std::make_unique<store::SqliteStore>(path, store::Migrations());
}

MigrationResult Migrate(const std::string& path) {
  store::Session session(path, store::Access::write);
  const store::FileVersion file = store::ReadVersion(session);
  const int known = store::Migrations().back().version;
  if (file.schema > known && file.oldest_writer <= known) {
    throw std::runtime_error("The database '" + path + "' has schema version " +
                             std::to_string(file.schema) + ", newer than version " +
                             std::to_string(known) +
                             " that this program knows; it can be used as it is, and there is "
                             "nothing to migrate");
  }
  return store::BringUpToDate(session, store::Migrations());
}

}  // namespace cosell
