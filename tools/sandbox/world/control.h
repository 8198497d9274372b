#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/sandbox/desk/desk_control.h"
#include "tools/sandbox/world/handler.h"

namespace cosell::sandbox {

class World;

// The control API under /sandbox/v1 (JSON; described in tools/sandbox/README.md): act as a person
// or as Microsoft, break things, look at what happened. For people at a demo and for tests over
// HTTP; in-process tests use World. Single-threaded.
class Control final : public Handler {
 public:
  struct Hooks {
    // Fills the (reset) world; the argument is the JSON body, the answer a JSON document.
    std::function<std::string(const std::string& body)> seed;
    // Which CRM the desk's routes (crm/...) belong to.
    CrmProduct crm = CrmProduct::dynamics365;
    // Moves the clock forward; empty when the clock is real.
    std::function<void(std::chrono::seconds)> advance_clock;
  };
  Control(World& world, Hooks hooks);

  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  struct Call {
    std::vector<std::string> parts;  // of the path below /sandbox/v1
    std::map<std::string, std::string> query;
    std::string body;
  };
  using Action = net::HttpResponse (Control::*)(const Call&);

  net::HttpResponse Overview(const Call& call);
  net::HttpResponse ListReferrals(const Call& call);
  net::HttpResponse ShowReferral(const Call& call);
  net::HttpResponse CreateReferral(const Call& call);
  net::HttpResponse ActOnReferral(const Call& call);
  net::HttpResponse ListFaults(const Call& call);
  net::HttpResponse AddFault(const Call& call);
  net::HttpResponse ClearFaults(const Call& call);
  net::HttpResponse ShowSwitches(const Call& call);
  net::HttpResponse SetSwitches(const Call& call);
  net::HttpResponse ShowLog(const Call& call);
  net::HttpResponse ClearLog(const Call& call);
  net::HttpResponse ShowDeliveries(const Call& call);
  net::HttpResponse Tamper(const Call& call);
  net::HttpResponse RaiseEvent(const Call& call);
  net::HttpResponse RotateCertificate(const Call& call);
  net::HttpResponse ForceTokenError(const Call& call);
  net::HttpResponse AnswerDeviceCode(const Call& call);
  net::HttpResponse RevokeTokens(const Call& call);
  net::HttpResponse ThrottleTokens(const Call& call);
  net::HttpResponse SetRole(const Call& call);
  net::HttpResponse ShowClock(const Call& call);
  net::HttpResponse MoveClock(const Call& call);
  net::HttpResponse Reset(const Call& call);
  net::HttpResponse Seed(const Call& call);

  World& world_;
  Hooks hooks_;
  DeskControl desk_;
};

}  // namespace cosell::sandbox
