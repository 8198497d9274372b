#include "crm/dataverse/cursor.h"

#include <nlohmann/json.hpp>

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

std::optional<Instant> ReadInstant(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found == json.end() ? std::nullopt : ParseInstant(found->get<std::string>());
}

}  // namespace

std::string Print(const Cursor& cursor) {
  Json json = Json::object();
  json["version"] = kVersion;
  json["mode"] = cursor.mode == Cursor::Mode::tracked ? "tracked" : "modified";
  json["full"] = cursor.full;
  json["paging"] = cursor.paging;
  json["link"] = cursor.link;
  json["columns"] = cursor.columns;
  if (cursor.since) json["since"] = FormatInstant(*cursor.since);
  if (cursor.newest) json["newest"] = FormatInstant(*cursor.newest);
  if (!cursor.solutions.link.empty()) json["solutions_link"] = cursor.solutions.link;
  if (cursor.solutions.since) json["solutions_since"] = FormatInstant(*cursor.solutions.since);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Cursor> ParseCursor(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    if (json.at("version").get<int>() != kVersion) return std::nullopt;
    Cursor cursor;
    cursor.mode = json.at("mode").get<std::string>() == "tracked" ? Cursor::Mode::tracked
                                                                  : Cursor::Mode::modified;
    cursor.full = json.at("full").get<bool>();
    cursor.paging = json.at("paging").get<bool>();
    cursor.link = json.at("link").get<std::string>();
    cursor.columns = json.at("columns").get<std::string>();
    cursor.since = ReadInstant(json, "since");
    cursor.newest = ReadInstant(json, "newest");
    cursor.solutions.link = json.value("solutions_link", "");
    cursor.solutions.since = ReadInstant(json, "solutions_since");
    return cursor;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace cosell::dataverse
