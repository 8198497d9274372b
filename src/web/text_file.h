#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace cosell::web {

// The whole content of a file with a UTF-8 name; nothing when it cannot be read.
inline std::optional<std::string> ReadTextFile(const std::string& file) {
  std::ifstream in(std::filesystem::path(std::u8string(file.begin(), file.end())),
                   std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf())) return std::nullopt;
  return content.str();
}

}  // namespace cosell::web
