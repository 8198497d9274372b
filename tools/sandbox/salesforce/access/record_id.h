#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Record ids in their two lengths (contract salesforce.md section 4). Pure functions.
namespace cosell::sandbox {

// The 18 characters of a 15-character id: three checksum characters say which letters are upper
// case. Any text of another length comes back as it is.
std::string WithChecksum(std::string_view id15);
// The case-sensitive 15 characters, as session ids and SOAP URLs use them.
std::string WithoutChecksum(std::string_view id);

// The `number`-th id of an object in this emulated instance, 18 characters. `prefix` has three.
std::string NumberedId(std::string_view prefix, std::uint64_t number);

}  // namespace cosell::sandbox
