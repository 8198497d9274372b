#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace cosell::report {

enum class Format { csv, json, html, xlsx };

inline constexpr std::array<std::pair<Format, std::string_view>, 4> kFormats = {
    {{Format::csv, "csv"}, {Format::json, "json"}, {Format::html, "html"}, {Format::xlsx, "xlsx"}}};

// Also the end of a file's name.
constexpr std::string_view ToString(Format format) {
  for (const auto& [value, name] : kFormats) {
    if (value == format) return name;
  }
  return "json";
}

constexpr std::optional<Format> FormatFromText(std::string_view text) {
  for (const auto& [value, name] : kFormats) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace cosell::report
