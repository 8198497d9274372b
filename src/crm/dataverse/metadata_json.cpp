#include "crm/dataverse/metadata_json.h"

#include "crm/dataverse/errors.h"

namespace cosell::dataverse {
namespace {

constexpr int kEnglish = 1033;

}  // namespace

std::string TextAt(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::int64_t> NumberAt(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

std::optional<bool> FlagAt(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

std::string EnglishLabel(const Json& json, const char* member) {
  const auto label = json.find(member);
  if (label == json.end() || !label->is_object()) return "";
  const auto labels = label->find("LocalizedLabels");
  if (labels == label->end() || !labels->is_array()) return "";
  for (const Json& each : *labels) {
    if (each.is_object() && NumberAt(each, "LanguageCode") == kEnglish)
      return TextAt(each, "Label");
  }
  return "";
}

std::string UserLabel(const Json& json, const char* member) {
  const auto label = json.find(member);
  if (label == json.end() || !label->is_object()) return "";
  const auto user = label->find("UserLocalizedLabel");
  return user != label->end() && user->is_object() ? TextAt(*user, "Label") : std::string{};
}

Result<std::optional<Json>> GetMetadata(WebApi& api, const std::string& path,
                                        std::string_view what) {
  const auto answer = api.Get(path, what);
  if (!answer) {
    const ErrorKind kind = answer.error().kind;
    const bool hidden =
        kind == ErrorKind::refused || kind == ErrorKind::forbidden || kind == ErrorKind::not_found;
    if (hidden) return std::optional<Json>{};
    return answer.error();
  }
  Json json = Json::parse(answer->response.body, nullptr, false);
  if (!json.is_object()) return UnreadableAnswer(*answer, what);
  return std::optional<Json>{std::move(json)};
}

Result<bool> EachRow(WebApi& api, const std::string& path, std::string_view what,
                     const std::function<void(const Json&)>& visit) {
  const auto json = GetMetadata(api, path, what);
  if (!json) return json.error();
  if (!json->has_value()) return false;
  const auto rows = (*json)->find("value");
  if (rows == (*json)->end() || !rows->is_array()) return false;
  for (const Json& row : *rows) {
    if (row.is_object()) visit(row);
  }
  return true;
}

}  // namespace cosell::dataverse
