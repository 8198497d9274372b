#include "crm/rest/cursor.h"

#include "crm/rest/exact_json.h"

namespace cosell::rest {
namespace {

Error Expired() {
  Error error;
  error.kind = ErrorKind::cursor_expired;
  error.message = "The change cursor is not one of this adapter's; everything is read again";
  return error;
}

std::optional<Instant> InstantAt(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return ParseInstant(found->get_ref<const std::string&>());
}

}  // namespace

Result<Cursor> ParseCursor(const std::string& text) {
  const auto json = ParseExact(text);
  if (!json || !json->is_object() || !json->contains("told")) return Expired();
  try {
    Cursor cursor;
    cursor.full = json->at("full").get<bool>();
    cursor.since = InstantAt(*json, "since");
    cursor.newest = InstantAt(*json, "newest");
    cursor.page = json->at("page").get<std::string>();
    cursor.told = json->at("told").get<std::map<std::string, std::string>>();
    if (cursor.full || cursor.since) return cursor;
  } catch (const Json::exception&) {
    return Expired();
  }
  return Expired();
}

std::string PrintCursor(const Cursor& cursor) {
  Json json = {{"full", cursor.full}, {"page", cursor.page}, {"told", cursor.told}};
  if (cursor.since) json["since"] = FormatInstant(*cursor.since);
  if (cursor.newest) json["newest"] = FormatInstant(*cursor.newest);
  return PrintExact(json);
}

}  // namespace cosell::rest
