#include "app/requests.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/record_id.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

Error Wrong(const std::string& message) { return {ErrorKind::invalid_input, message}; }

// The body as an object that has no member besides `known`.
Result<Json> ParseObject(const std::string& body, std::initializer_list<std::string_view> known) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return Wrong("the body must be a JSON object");
  for (const auto& item : json.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    std::string members;
    for (const auto name : known) members += (members.empty() ? "" : ", ") + std::string(name);
    return Wrong("the body may hold only: " + members);
  }
  return json;
}

Result<std::string> Text(const Json& json, const std::string& key) {
  const auto it = json.find(key);
  if (it == json.end() || !it->is_string() || it->get<std::string>().empty()) {
    return Wrong("\"" + key + "\" must be a text that is not empty");
  }
  return it->get<std::string>();
}

Status ReadLink(const Json& json, const std::string& place, ReviewedPlan* reviewed) {
  if (!json.is_object()) return Wrong(place + " must be an object");
  const auto number = json.find("link");
  if (number == json.end() || !number->is_number_integer()) {
    return Wrong(place + ".link must be the number of a link");
  }
  const auto digest = Text(json, "digest");
  if (!digest) return Wrong(place + ": " + digest.error().message);
  if (json.size() != 2) return Wrong(place + " may hold only: link, digest");
  if (!reviewed->digests.emplace(number->get<std::int64_t>(), *digest).second) {
    return Wrong(place + ".link is there twice");
  }
  return Done{};
}

}  // namespace

Result<Confirmations> ParseConfirmations(const std::vector<std::string>& words) {
  Confirmations confirmed;
  for (const auto& word : words) {
    if (word == "mass-change") {
      confirmed.mass_change = true;
    } else if (word == "empty-side") {
      confirmed.empty_side = true;
    } else if (word == "first-share") {
      confirmed.first_share = true;
    } else if (word == "fingerprint") {
      confirmed.fingerprint = true;
    } else {
      return Wrong("'" + word +
                   "' cannot be confirmed; use mass-change, empty-side, first-share or "
                   "fingerprint");
    }
  }
  return confirmed;
}

std::string SyncRequest(const std::vector<std::string>& confirm) {
  return confirm.empty() ? "" : Json{{"confirm", confirm.front()}}.dump();
}

Result<Confirmations> ParseSyncRequest(const std::string& body) {
  if (body.empty()) return Confirmations{};
  const auto json = ParseObject(body, {"confirm"});
  if (!json) return json.error();
  if (json->empty()) return Confirmations{};
  const auto word = Text(*json, "confirm");
  if (!word) return word.error();
  return ParseConfirmations({*word});
}

std::string ApplyRequest(const ReviewedPlan& reviewed) {
  Json json = {{"fingerprint", reviewed.fingerprint}, {"links", Json::array()}};
  for (const auto& [link, digest] : reviewed.digests) {
    json["links"].push_back({{"link", link}, {"digest", digest}});
  }
  return json.dump();
}

Result<ReviewedPlan> ParseApplyRequest(const std::string& body) {
  const auto json = ParseObject(body, {"fingerprint", "links"});
  if (!json) return json.error();
  ReviewedPlan reviewed;
  const auto fingerprint = Text(*json, "fingerprint");
  if (!fingerprint) return fingerprint.error();
  reviewed.fingerprint = *fingerprint;
  const auto links = json->find("links");
  if (links == json->end() || !links->is_array()) return Wrong("\"links\" must be a list");
  for (std::size_t i = 0; i < links->size(); ++i) {
    const auto read = ReadLink((*links)[i], "links[" + std::to_string(i) + "]", &reviewed);
    if (!read) return read.error();
  }
  return reviewed;
}

std::string ResolveRequest(const Resolution& resolution) {
  return Json{{"id", resolution.record_id},
              {"field", resolution.field},
              {"take", ToString(resolution.take)}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Resolution> ParseResolveRequest(const std::string& body) {
  const auto json = ParseObject(body, {"id", "field", "take"});
  if (!json) return json.error();
  const auto id = Text(*json, "id");
  if (!id) return id.error();
  const auto field = Text(*json, "field");
  if (!field) return field.error();
  const auto word = Text(*json, "take");
  const auto take = word ? TakeFromText(*word) : std::nullopt;
  if (!take) return Wrong("\"take\" must be partner_center, crm, leave or lost_value");
  return Resolution{CanonicalRecordId(*id), *field, *take};
}

std::string RetryRequest(const std::string& record_id) {
  return (record_id.empty() ? Json{{"all", true}} : Json{{"id", record_id}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> ParseRetryRequest(const std::string& body) {
  const auto json = ParseObject(body, {"id", "all"});
  if (!json) return json.error();
  const bool all = json->contains("all") && (*json)["all"] == true;
  if (json->size() != 1 || (json->contains("all") && !all)) {
    return Wrong("the body must hold either \"id\": \"<link>\" or \"all\": true");
  }
  if (all) return std::string();
  const auto id = Text(*json, "id");
  if (!id) return id.error();
  return CanonicalRecordId(*id);
}

std::string RedactRequest(const RedactionAsked& asked) {
  return Json{{"id", asked.id}, {"allow", asked.allow}}.dump(-1, ' ', false,
                                                             Json::error_handler_t::replace);
}

Result<RedactionAsked> ParseRedactRequest(const std::string& body) {
  const auto json = ParseObject(body, {"id", "allow"});
  if (!json) return json.error();
  const auto id = Text(*json, "id");
  if (!id) return id.error();
  const auto allow = json->find("allow");
  if (allow != json->end() && !allow->is_boolean()) return Wrong("\"allow\" must be true or false");
  return RedactionAsked{*id, allow != json->end() && allow->get<bool>()};
}

}  // namespace cosell::app
