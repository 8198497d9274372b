#pragma once

#include "app/config.h"
#include "app/config_read.h"

namespace cosell::app {

// One element of "connections", with every rule that concerns it alone. Internal to the
// configuration.
ConnectionConfig ReadConnection(const Reader& in);

// What must hold between connections: names differ, and no two pair the same two organisations.
void CheckConnections(const std::vector<ConnectionConfig>& connections,
                      const std::vector<Reader>& places);

}  // namespace cosell::app
