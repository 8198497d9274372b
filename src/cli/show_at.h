#pragma once

#include <string>

#include "cli/find_link.h"

namespace cosell::cli {

// `show ID --at TIME`: prints the pair as it was. Throws Failure; returns the exit code.
int ShowAt(Session& session, const FoundLink& found, const std::string& at);

}  // namespace cosell::cli
