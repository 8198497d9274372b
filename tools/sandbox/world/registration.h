#pragma once

#include <deque>
#include <string>

#include "base/clock.h"
#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/switches.h"
#include "tools/sandbox/world/token_check.h"
#include "tools/sandbox/world/webhooks.h"

namespace cosell::sandbox {

// The webhook registration API (contract partner-center.md 4.1). Single-threaded; the references
// must outlive it.
class RegistrationService final : public Handler {
 public:
  RegistrationService(Clock& clock, Random& random, const Switches& switches,
                      const Origins& origins, const Identities& identities,
                      const TokenCheck& tokens, EventQueue& queue);

  net::HttpResponse Handle(const net::HttpRequest& request) override;
  void Clear() { validated_at_.clear(); }

 private:
  net::HttpResponse Route(const net::HttpRequest& request, const std::string& path);
  net::HttpResponse Save(const net::HttpRequest& request);
  net::HttpResponse Validate();
  net::HttpResponse Report(const std::string& correlation_id) const;
  std::string View(bool with_subscriber) const;

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  const Origins& origins_;
  const Identities& identities_;
  const TokenCheck& tokens_;
  EventQueue& queue_;
  std::deque<Instant> validated_at_;  // the newest two
};

}  // namespace cosell::sandbox
