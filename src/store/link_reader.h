#pragma once

#include <memory>
#include <string>

#include "ports/link_browser.h"

namespace cosell {

// Opens an existing database for looking around, on a connection of its own that reads only, also
// while the daemon writes. Throws std::runtime_error as OpenReadOnlyStore does.
std::unique_ptr<LinkBrowser> OpenLinkBrowser(const std::string& path);

}  // namespace cosell
