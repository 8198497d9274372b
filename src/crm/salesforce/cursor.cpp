#include "crm/salesforce/cursor.h"

#include <nlohmann/json.hpp>

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

void PutInstant(Json& json, const char* name, const std::optional<Instant>& at) {
  if (at) json[name] = FormatInstant(*at);
}

std::optional<Instant> GetInstant(const Json& json, const char* name) {
  return json.contains(name) ? ParseInstant(json.at(name).get<std::string>()) : std::nullopt;
}

Cursor Read(const Json& json) {
  Cursor cursor;
  cursor.full = json.at("full").get<bool>();
  cursor.paging = json.at("paging").get<bool>();
  cursor.link = json.at("link").get<std::string>();
  cursor.limit = json.at("limit").get<std::size_t>();
  const auto stamp = GetInstant(json, "stamp");
  if (stamp) cursor.position = {*stamp, json.at("id").get<std::string>()};
  cursor.started = GetInstant(json, "started");
  cursor.newest = GetInstant(json, "newest");
  cursor.since = GetInstant(json, "since");
  cursor.covered = GetInstant(json, "covered");
  cursor.checked = GetInstant(json, "checked");
  cursor.taken = GetInstant(json, "taken");
  cursor.columns = json.at("columns").get<std::vector<std::string>>();
  cursor.organization = json.at("organization").get<std::string>();
  cursor.nonce = json.at("nonce").get<std::string>();
  return cursor;
}

}  // namespace

std::string Print(const Cursor& cursor) {
  Json json = {{"format", kFormat},
               {"full", cursor.full},
               {"paging", cursor.paging},
               {"link", cursor.link},
               {"limit", cursor.limit},
               {"columns", cursor.columns},
               {"organization", cursor.organization},
               {"nonce", cursor.nonce}};
  if (cursor.position) {
    PutInstant(json, "stamp", cursor.position->stamp);
    json["id"] = cursor.position->id;
  }
  PutInstant(json, "started", cursor.started);
  PutInstant(json, "newest", cursor.newest);
  PutInstant(json, "since", cursor.since);
  PutInstant(json, "covered", cursor.covered);
  PutInstant(json, "checked", cursor.checked);
  PutInstant(json, "taken", cursor.taken);
  return json.dump();
}

std::optional<Cursor> ParseCursor(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("format", 0) != kFormat) return std::nullopt;
  try {
    return Read(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace cosell::salesforce
