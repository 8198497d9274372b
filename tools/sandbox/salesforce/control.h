#pragma once

#include <string>

#include "tools/sandbox/salesforce/salesforce_world.h"

namespace cosell::sandbox {

// The control API of one organisation; its routes stand at the top of salesforce_world.h. Answers
// 400 with {"error":".."} for a request it does not understand, the service's own status for a
// person's action that the organisation refuses. No token: it belongs to whoever runs the sandbox.
class SalesforceControl final : public Handler {
 public:
  // `world` must outlive the control. `prefix` is where the routes begin.
  explicit SalesforceControl(SalesforceWorld& world, std::string prefix = "/sandbox/v1/salesforce/")
      : world_(world), prefix_(std::move(prefix)) {}

  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  SalesforceWorld& world_;
  std::string prefix_;
};

}  // namespace cosell::sandbox
