#include "mapping/document.h"
#include "mapping/reader.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

// What a CRM record can say of a deal, what a referral can, and the acts that close a record.
const std::vector<std::string> kCrmStates = {"new", "active", "won", "lost"};
const std::vector<std::string> kReferralStates = {"new",      "active",  "won",  "lost",
                                                  "declined", "expired", "error"};
const std::vector<std::string> kWaysToClose = {"won", "lost"};

std::vector<StatusReadRule> ParseRead(Reader& reader, const Json& rules, const std::string& path) {
  std::vector<StatusReadRule> out;
  if (!rules.is_array() || rules.empty()) {
    reader.Problem(path, "must be a list of at least one {when, is}");
    return out;
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string at = PathOf(path, std::to_string(i));
    if (!reader.OnlyKeys(rules[i], at, {"when", "is"})) continue;
    StatusReadRule read;
    read.when = reader.Scalars(reader.Object(rules[i], at, "when"), at + ".when");
    read.is = reader.Text(rules[i], at, "is");
    if (!read.is.empty()) reader.OneOfTexts(kCrmStates, read.is, at + ".is");
    out.push_back(std::move(read));
  }
  return out;
}

StatusWrite ParseWrite(Reader& reader, const Json& json, const std::string& path) {
  StatusWrite write;
  if (!reader.OnlyKeys(json, path, {"columns", "close"})) return write;
  write.columns = reader.Scalars(reader.Object(json, path, "columns"), path + ".columns");
  write.close = reader.Text(json, path, "close", false);
  if (!write.close.empty()) reader.OneOfTexts(kWaysToClose, write.close, path + ".close");
  return write;
}

void ParseReason(Reader& reader, const Json& reason, const std::string& path, StatusMap* map) {
  if (reason.empty()) return;
  reader.OnlyKeys(reason, path, {"column", "values", "default"});
  map->reason_column = reader.Text(reason, path, "column");
  map->reason_default = reader.Text(reason, path, "default");
  for (const auto& item : reader.Object(reason, path, "values").items()) {
    if (!item.value().is_string()) {
      reader.Problem(PathOf(path + ".values", item.key()), "must be a text");
      continue;
    }
    map->reasons[item.key()] = item.value().get<std::string>();
  }
}

}  // namespace

StatusMap ParseStatus(Reader& reader, const Json& status, const std::string& path) {
  StatusMap map;
  reader.OnlyKeys(status, path, {"read", "write", "reason"});
  map.read =
      ParseRead(reader, status.is_object() ? status.value("read", Json()) : Json(), path + ".read");
  for (const auto& item : reader.Object(status, path, "write").items()) {
    const std::string at = path + ".write." + item.key();
    reader.OneOfTexts(kReferralStates, item.key(), at);
    map.write[item.key()] = ParseWrite(reader, item.value(), at);
  }
  ParseReason(reader, reader.Object(status, path, "reason"), path + ".reason", &map);
  return map;
}

}  // namespace cosell
