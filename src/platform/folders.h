#pragma once

#include <string>

// Where the program keeps things when the configuration and the command line do not say. Absolute
// UTF-8 paths; nothing is created. Safe from any thread.
namespace cosell::platform {

// Database and other state: the first folder of STATE_DIRECTORY (set by systemd), else
// /var/lib/cosell-sync; on Windows %ProgramData%\cosell-sync. Never beside the program: that is
// read-only under a hardened service.
std::string DataFolder();

// Configuration: the first folder of CONFIGURATION_DIRECTORY, else /etc/cosell-sync; on Windows
// %ProgramData%\cosell-sync.
std::string ConfigFolder();

// The configuration used without --config: ConfigFolder()/cosell-sync.json. On Windows a
// cosell-sync.json beside the program comes first, because a service keeps no arguments.
std::string DefaultConfigFile();

}  // namespace cosell::platform
