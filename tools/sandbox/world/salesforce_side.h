#pragma once

#include <memory>

#include "base/clock.h"
#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/salesforce/access/outbound_messages.h"
#include "tools/sandbox/salesforce/access/sessions.h"
#include "tools/sandbox/salesforce/salesforce_world.h"
#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/outgoing.h"

namespace cosell::sandbox {

// The partner's Salesforce organisation with all that belongs to it: sign-in, data, outbound
// messages, the sellers' desk. Single-threaded, like its parts.
class SalesforceSide {
 public:
  // `clock` and `random` must outlive it.
  SalesforceSide(Clock& clock, Random& random, const Origins& origins, const Identities& who,
                 SalesforceWorldOptions options = {});

  // What answers at the login host and on the organisation's own address.
  Handler& login() { return sessions_; }
  Handler& instance() { return instance_; }
  SalesforceSessions& sessions() { return sessions_; }
  SalesforceWorld& world() { return world_; }
  OutboundMessages& messages() { return messages_; }
  CrmDesk& desk() { return *desk_; }
  Handler& control() { return *control_; }

  // Tells changes of opportunities to `url`, as an administrator's flow would.
  void Subscribe(const std::string& url);

 private:
  // One origin, two handlers.
  class Instance final : public Handler {
   public:
    Instance(SalesforceSessions& sessions, SalesforceWorld& world)
        : sessions_(sessions), world_(world) {}
    net::HttpResponse Handle(const net::HttpRequest& request) override;

   private:
    SalesforceSessions& sessions_;
    SalesforceWorld& world_;
  };

  SalesforceSessions sessions_;
  SalesforceWorld world_;
  OutboundMessages messages_;
  Instance instance_;
  std::unique_ptr<CrmDesk> desk_;
  std::unique_ptr<Handler> control_;
};

}  // namespace cosell::sandbox
