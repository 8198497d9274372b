#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/simulation/invariants/scene.h"

// I7. Nothing is sent that the remote side refuses as an illegal move, a read-only member or a
// closed record. A refusal because the record changed under way is 412 and no fault of ours.
namespace cosell::simulation {
namespace {

using Json = nlohmann::json;

bool IsRefusal(int status) { return status == 400 || status == 409 || status == 422; }

bool IsOurs(const sandbox::LoggedRequest& request, std::string_view crm_service) {
  return request.method != "GET" &&
         (request.service == "referrals" || request.service == crm_service);
}

// The statuses of the parts of a Dataverse batch.
bool HasRefusedPart(const std::string& answer) {
  for (const char* status : {"HTTP/1.1 400", "HTTP/1.1 403", "HTTP/1.1 409"}) {
    if (answer.find(status) != std::string::npos) return true;
  }
  return false;
}

// What Salesforce answers to a write that was right when it was planned: the record is held by
// somebody, has gone, or carries the marker of the create already.
bool IsNoFault(const std::string& code) {
  return code == "UNABLE_TO_LOCK_ROW" || code == "ENTITY_IS_DELETED" || code == "DUPLICATE_VALUE" ||
         code == "INVALID_SESSION_ID" || code == "NOT_FOUND";
}

// A call for one record is answered by its errors, one for several by the results of each.
bool HasRefusedRecord(const std::string& answer) {
  const Json records = Json::parse(answer, nullptr, false);
  if (!records.is_array()) return false;
  return std::any_of(records.begin(), records.end(), [](const Json& record) {
    if (!record.is_object()) return false;
    if (record.contains("errorCode")) return !IsNoFault(record.value("errorCode", ""));
    const Json errors = record.value("errors", Json::array());
    return std::any_of(errors.begin(), errors.end(),
                       [](const Json& error) { return !IsNoFault(error.value("statusCode", "")); });
  });
}

bool WasRefused(const sandbox::LoggedRequest& request) {
  if (request.service == "salesforce")
    return request.service_status != 0 && HasRefusedRecord(request.answer);
  return IsRefusal(request.service_status) || HasRefusedPart(request.answer);
}

}  // namespace

void CheckLegality(const Scene& scene, Violations* violations) {
  for (const auto& request : scene.world.log().entries()) {
    if (!IsOurs(request, scene.desk().service())) continue;
    if (!WasRefused(request)) continue;
    violations->push_back({"I7 illegal", request.method + " " + request.target + " " +
                                             request.body.substr(0, 300) +
                                             " was refused: " + request.answer.substr(0, 300)});
  }
}

}  // namespace cosell::simulation
