#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/switches.h"
#include "tools/sandbox/world/token_check.h"

namespace cosell::sandbox {

class Engagements;
class ReferralList;
class Throttle;

// The referrals API (contract partner-center.md section 3) over the engagements of one partner.
// Single-threaded; the references must outlive it.
class PartnerCenterService final : public Handler {
 public:
  PartnerCenterService(Clock& clock, Random& random, const Switches& switches,
                       const Origins& origins, const Identities& identities,
                       const TokenCheck& tokens, Engagements& engagements);
  ~PartnerCenterService() override;

  // "admin" sees all deals, "user" only those whose team names this user, "none" is refused. The
  // sync account is an admin; anybody else is "none" until told.
  void SetRole(const std::string& user_name, const std::string& role);

  net::HttpResponse Handle(const net::HttpRequest& request) override;

 private:
  struct Call;  // one request, decoded and admitted
  net::HttpResponse Answer(const net::HttpRequest& request);
  std::optional<net::HttpResponse> Admit(const net::HttpRequest& request, TokenInfo& caller);
  net::HttpResponse Route(const Call& call);
  net::HttpResponse List(const Call& call);
  net::HttpResponse Get(const Call& call);
  net::HttpResponse Post(const Call& call);
  net::HttpResponse Patch(const Call& call);
  net::HttpResponse Put(const Call& call);
  bool MaySee(const Call& call, const std::string& id) const;
  // Answers with the referral as it is now.
  net::HttpResponse OneReferral(int status, const std::string& id) const;
  std::string NextLink(const std::string& token) const;

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  const Origins& origins_;
  const Identities& identities_;
  const TokenCheck& tokens_;
  Engagements& engagements_;
  std::unique_ptr<ReferralList> list_;
  std::unique_ptr<Throttle> throttle_;
  std::map<std::string, std::string> roles_;
};

}  // namespace cosell::sandbox
