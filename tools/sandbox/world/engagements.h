#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/referral_rules.h"
#include "tools/sandbox/world/referral_store.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// What a referral is and may become, for every party of a deal: creation, patches, the life cycle,
// expiry, and Microsoft as an actor. No HTTP in it. Refusals are Errors with http_status and the
// API's code. Single-threaded; the references must outlive it.
class Engagements {
 public:
  // Told after every change: "referral-created", "referral-updated", "related-referral-created",
  // "related-referral-updated" (contract 4.2).
  using Listener =
      std::function<void(const std::string& event, const std::string& referral_id, Instant at)>;

  Engagements(Clock& clock, Random& random, const Switches& switches, const Identities& identities,
              Listener listener);

  ReferralStore& store() { return store_; }
  const ReferralStore& store() const { return store_; }

  // Creates our own referral, or, with `engagementId` and target msft, the connected one of
  // Microsoft. The result is the new referral's id.
  Result<std::string> Create(const Json& input, Actor actor);
  // A deal from Microsoft: New/Pending on our side, Active/Accepted on Microsoft's.
  Result<std::string> CreateIncoming(const Json& input);
  // Puts a referral in as it is, without rules and events.
  void Seed(Json body);

  // `if_match` empty: last writer wins.
  Status Patch(const std::string& id, const Json& operations, const std::string& if_match,
               Actor actor);
  // Moves a referral as the server, Microsoft or time would.
  Status Move(const std::string& id, std::string_view status, std::string_view substatus,
              const std::string& reason, Actor actor);
  // Plans what Microsoft does with a referral of its own: "accept", "decline" or "expire".
  Status PlanMicrosoft(const std::string& id, const std::string& decision, int after_s);

  // Does what time demands: expiry, Microsoft's decisions.
  void Advance();
  std::optional<Instant> NextDue() const;
  void Clear();

 private:
  struct Decision {
    std::string referral_id;
    std::string decision;
  };
  // What the server's own clock shows: it stamps, but does not make time pass.
  Instant Stamp() const { return clock_.Now() + std::chrono::seconds(switches_.clock_offset_s); }
  Result<std::string> CreateOwn(Json body);
  Result<std::string> CreateConnected(Json body);
  Json WithDefaults(Json body, const std::string& engagement_id);
  std::string Insert(Json body);
  void Save(StoredReferral& referral, Json body, Actor actor);
  void Tell(const StoredReferral& referral, bool created);
  bool HelpAsked(const std::string& engagement_id);
  void Decide(const Decision& decision);
  void AcceptForMicrosoft(StoredReferral& referral);
  void ExpireOld();

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  const Identities& identities_;
  Listener listener_;
  ReferralStore store_;
  std::multimap<Instant, Decision> decisions_;
  std::multimap<Instant, std::string> expiries_;  // deadline -> referral
};

}  // namespace cosell::sandbox
