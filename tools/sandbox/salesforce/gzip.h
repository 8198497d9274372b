#pragma once

#include <optional>
#include <string>
#include <string_view>

// Bodies under Content-Encoding: gzip (contract 3.2). Pure functions.
namespace cosell::sandbox::salesforce {

std::string Compress(std::string_view text);
// Nothing for anything but one whole gzip member of at most 50 MB of text.
std::optional<std::string> Decompress(std::string_view gzip);

}  // namespace cosell::sandbox::salesforce
