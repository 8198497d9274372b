#pragma once

#include <string>

#include "tools/sandbox/world/outgoing.h"

namespace cosell::sandbox {

// Callbacks and pushes over TLS, trusting the CA in `ca_file` alone; the host name is checked.
// Five seconds to connect and to answer; anything that goes wrong is status 0.
Outgoing MakeCallbackClient(const std::string& ca_file);

}  // namespace cosell::sandbox
