#include "tools/simulation/invariants/scene.h"

// I7. Nothing is sent that the remote side refuses as an illegal move, a read-only member or a
// closed record. A refusal because the record changed under way is 412 and no fault of ours.
namespace cosell::simulation {
namespace {

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

}  // namespace

void CheckLegality(const Scene& scene, Violations* violations) {
  for (const auto& request : scene.world.log().entries()) {
    if (!IsOurs(request, scene.desk().service())) continue;
    if (!IsRefusal(request.service_status) && !HasRefusedPart(request.answer)) continue;
    violations->push_back({"I7 illegal", request.method + " " + request.target + " " +
                                             request.body.substr(0, 300) +
                                             " was refused: " + request.answer.substr(0, 300)});
  }
}

}  // namespace cosell::simulation
