#include "crm/salesforce/cross_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/errors.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

// How far back deletions are told.
constexpr std::chrono::days kWindowMax{15};

std::string InstantAt(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

void AddId(const Json& value, std::vector<std::string>& out) {
  if (!value.is_string()) return;
  if (auto id = NormalizeSalesforceId(value.get<std::string>())) out.push_back(*std::move(id));
}

// "2026-10-19T08:00:00+00:00": the form every client sends (section 11.1).
std::string Offset(Instant at) {
  std::string text = FormatSeconds(at);
  text.pop_back();
  return text + "+00:00";
}

Error Expired(const char* message) {
  Error error;
  error.kind = ErrorKind::cursor_expired;
  error.message = message;
  return error;
}

struct Listing {
  Json json;
  Instant covered;
};

Result<Listing> Ask(Rest& rest, const SyncedObject& synced, const char* list, Instant start,
                    Instant end) {
  const std::string what = "cross-check of changed " + synced.nouns();
  Request request;
  request.path = "/sobjects/" + synced.object.name + "/" + list +
                 "?start=" + UrlEncode(Offset(start)) + "&end=" + UrlEncode(Offset(end));
  const auto answer = rest.Read(request, what);
  if (!answer) return answer.error();
  Json json = Json::parse(answer->response.body, nullptr, false);
  const auto covered =
      json.is_object() ? ParseInstant(InstantAt(json, "latestDateCovered")) : std::nullopt;
  if (!covered) return UnreadableAnswer(*answer, what);
  return Listing{std::move(json), *covered};
}

}  // namespace

Result<ReplicationWindow> ReadReplication(Rest& rest, const SyncedObject& synced, Instant start,
                                          Instant now) {
  const auto from = std::chrono::floor<std::chrono::minutes>(start);
  const auto to = std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes{1};
  ReplicationWindow window;
  window.covered = start;
  if (to <= from) return window;
  if (to - from > kWindowMax) {
    return Expired("The last look at Salesforce's list of deletions is too long ago");
  }
  const auto updated = Ask(rest, synced, "updated", from, to);
  if (!updated) return updated.error();
  const auto deleted = Ask(rest, synced, "deleted", from, to);
  if (!deleted) return deleted.error();
  const auto earliest = ParseInstant(InstantAt(deleted->json, "earliestDateAvailable"));
  if (earliest && *earliest > from) {
    return Expired("Salesforce's list of deletions no longer reaches back to the last look");
  }
  if (updated->json.contains("ids")) {
    for (const Json& id : updated->json["ids"]) AddId(id, window.updated);
  }
  if (deleted->json.contains("deletedRecords")) {
    for (const Json& each : deleted->json["deletedRecords"]) {
      if (each.is_object() && each.contains("id")) AddId(each["id"], window.deleted);
    }
  }
  window.covered = std::max(start, std::min(updated->covered, deleted->covered));
  return window;
}

}  // namespace cosell::salesforce
