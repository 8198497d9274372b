#pragma once

#include <cstdio>
#include <string>

// What json_log.cpp needs from the operating system. Internal to this room.
namespace cosell::platform {

// A stream that appends, is not inherited by child processes and takes a UTF-8 name; null on
// failure. New files are readable by the owner and the group only.
std::FILE* OpenForAppend(const std::string& file);

}  // namespace cosell::platform
