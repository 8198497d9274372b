#pragma once

#include <string>

#include "tools/sandbox/dataverse/dataverse_world.h"

namespace cosell::sandbox {

// The control API of one organisation; its routes stand at the top of dataverse_world.h. Answers
// 400 with {"error":".."} for a request it does not understand, the service's own status for a
// person's action that the CRM refuses. No token: it belongs to whoever runs the sandbox.
class DataverseControl final : public Handler {
 public:
  // `world` must outlive the control. `prefix` is where the routes begin.
  explicit DataverseControl(DataverseWorld& world, std::string prefix = "/sandbox/v1/dataverse/")
      : world_(world), prefix_(std::move(prefix)) {}

  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  DataverseWorld& world_;
  std::string prefix_;
};

}  // namespace cosell::sandbox
