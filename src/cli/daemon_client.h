#pragma once

#include <string>

#include "app/config.h"
#include "base/result.h"
#include "ports/secrets.h"

namespace cosell::cli {

// Asks the running daemon, which holds the database, over its own HTTP API. `path` begins with
// /api/v1; the answer is its JSON. unreachable when the daemon does not answer; otherwise the error
// the API gave. A sweep may take long: there is no time limit of ours.
Result<std::string> AskDaemon(const app::Config& config, const std::string& path,
                              const std::string& body);

}  // namespace cosell::cli
