#pragma once

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "crm/rest/rest_client.h"

namespace cosell::test {

// packaging/rest-crm.example.json: the tests use what `init` hands out.
inline nlohmann::json ExampleDescription() {
  std::ifstream file(COSELL_SOURCE_DIR "/packaging/rest-crm.example.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return nlohmann::json::parse(text, nullptr, true, true);
}

inline RestDescription Described(const nlohmann::json& description) {
  std::vector<RestDescription::Problem> problems;
  auto parsed = RestDescription::Parse(description.dump(), {}, problems);
  if (!problems.empty()) {
    throw std::invalid_argument(problems.front().path + ": " + problems.front().message);
  }
  return parsed;
}

}  // namespace cosell::test
