#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// Reading small answers whose member names differ in case between samples and descriptions
// (contract partner-center.md sections 3.11, 4.1). For the .cpp files of this room only. Pure.
namespace cosell {

// The first member of that name, ignoring case; a null value when there is none, or no object.
const nlohmann::json& Member(const nlohmann::json& object, std::string_view name);

// A string as it is, a number as its text; empty for every other type.
std::string Text(const nlohmann::json& value);

}  // namespace cosell
