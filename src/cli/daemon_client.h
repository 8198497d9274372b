#pragma once

#include <string>

#include "app/config.h"

namespace cosell::cli {

// Asks the running daemon, which holds the database, over its own HTTP API. `path` begins with
// /api/v1; the answer is its JSON. Throws Failure with the reason the API gave and its exit code:
// kUsage for a request, or a token, it does not take; kUnreachable when a remote side is the
// reason; kDatabase when the daemon does not answer or fails inside. A sweep may take long: there
// is no time limit of ours.
std::string AskDaemon(const app::Config& config, const std::string& path, const std::string& body);

// "/api/v1/connections/<connection>/<command>"
std::string CommandPath(const std::string& connection, const std::string& command);

}  // namespace cosell::cli
