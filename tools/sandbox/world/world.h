#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "tools/sandbox/dataverse/types.h"
#include "tools/sandbox/desk/crm_desk.h"
#include "tools/sandbox/salesforce/types.h"
#include "tools/sandbox/world/faults.h"
#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/outgoing.h"
#include "tools/sandbox/world/request_log.h"
#include "tools/sandbox/world/signing.h"
#include "tools/sandbox/world/switches.h"
#include "tools/sandbox/world/tokens.h"
#include "tools/sandbox/world/webhooks.h"

namespace cosell::sandbox {

class Engagements;
class PartnerCenterService;
class DataverseWorld;
class SalesforceSide;

// What left the world in answer to one request.
struct Exchange {
  enum class Outcome {
    answered,     // `response` arrives whole
    truncated,    // `response.body` is half of what was promised, then the connection ends
    dropped,      // the connection ends without an answer
    unreachable,  // no service there, or a fault that says so: certainly not processed
  };
  Outcome outcome = Outcome::answered;
  net::HttpResponse response;
  std::chrono::milliseconds delay{0};  // to wait before it leaves
};

// Everything remote, emulated: Entra, Partner Center's referrals and webhooks, the certificate
// host, a Dataverse and a Salesforce organisation, over one clock and one source of chance, with a
// log of every request and faults on demand. The program serves it over TLS; tests and the
// simulation send to Transport() in-process.
//
// Serve, Transport().Send and Deliver may be called from any thread. The other members touch the
// services directly: from one thread while nobody sends, or under Lock().
class World {
 public:
  struct Options {
    Origins origins;
    Identities identities;
    SalesforceWorldOptions salesforce;
    DataverseWorldOptions dataverse{};
  };
  // `clock` and `random` must outlive the world.
  World(Clock& clock, Random& random, Options options);
  World(Clock& clock, Random& random);
  ~World();

  // One request, routed by origin, with faults applied and logged.
  Exchange Serve(const net::HttpRequest& request);
  // The same as a transport for the product's adapters: a dropped or cut answer is unknown_outcome,
  // delays pass through the world's clock.
  net::HttpTransport& Transport();

  // Lets time do its work: expiry, Microsoft's decisions. Serve and Deliver do it, too.
  void Advance();
  // Sends every callback, push and outbound message that is due. The world is not locked while a
  // callback or a message is delivered, so their receivers may ask back; it is locked while a push
  // of Dataverse is.
  // Returns how many attempts were made.
  int Deliver(const Outgoing& outgoing);
  // When Advance or Deliver has something to do next; nothing when all is quiet.
  std::optional<Instant> NextDue() const;

  // People and Microsoft, past the API. Bodies are JSON; refusals say why.
  Result<std::string> PersonCreates(const std::string& referral);       // in the portal; the new id
  Status PersonEdits(const std::string& id, const std::string& patch);  // JSON Patch, as 3.6
  Status PersonMoves(const std::string& id, std::string_view status, std::string_view substatus,
                     const std::string& reason = "");
  Result<std::string> MicrosoftSends(const std::string& referral);  // New/Pending on our side
  // "accept", "decline", "expire" of Microsoft's own referral.
  Status MicrosoftDecides(const std::string& id, const std::string& decision, int after_s = 0);
  Status Expire(const std::string& id);           // a New referral, at once
  void PutReferral(const std::string& referral);  // as it is, without rules and events

  // A referral as stored (JSON), or an empty text. Ids of all parties' referrals, sorted.
  std::string Referral(const std::string& id) const;
  std::vector<std::string> ReferralIds() const;
  // A referral's eTag, another one after every change, or an empty text.
  std::string ReferralVersion(const std::string& id) const;
  // Ids of one deal, all parties; of our own referrals with that externalReferenceId.
  std::vector<std::string> EngagementIds(const std::string& engagement_id) const;
  std::vector<std::string> OwnReferralsOf(const std::string& external_reference_id) const;

  Switches& switches() { return switches_; }
  Faults& faults() { return faults_; }
  RequestLog& log() { return log_; }
  const RequestLog& log() const { return log_; }
  Entra& entra() { return *entra_; }
  EventQueue& events() { return *events_; }
  SigningChain& signing() { return chain_; }
  PartnerCenterService& partner_center() { return *partner_center_; }
  DataverseWorld& dataverse() { return *dataverse_; }
  // Where the sellers of that organisation work.
  CrmDesk& desk(CrmProduct product);
  SalesforceSide& salesforce() { return *salesforce_; }
  // The CRMs' own parts of the control API, below /sandbox/v1/dataverse and /sandbox/v1/salesforce.
  Handler& dataverse_control() { return *dataverse_control_; }
  Handler& salesforce_control();
  Clock& clock() { return clock_; }
  Random& random() { return random_; }
  const Origins& origins() const { return options_.origins; }
  const Identities& identities() const { return options_.identities; }

  // The refresh token an administrator's MFA sign-in left behind; new for each call.
  std::string NewRefreshToken();
  // Routes the control origin to `control`, unlogged and without faults.
  void MountControl(Handler& control) { control_ = &control; }
  // Empties both remote sides, the queues, the log and the faults; switches go to their defaults.
  // References to dataverse() and salesforce() end here.
  void Reset();

  [[nodiscard]] std::unique_lock<std::recursive_mutex> Lock() const;

 private:
  class InProcessTransport;
  struct Route {
    std::string_view service;  // empty: nobody answers there
    Handler* handler = nullptr;
  };
  Route RouteOf(const std::string& origin, const std::string& path);
  int DeliverPushes(const Outgoing& outgoing);
  int DeliverMessages(const Outgoing& outgoing);
  Exchange Process(const net::HttpRequest& request, const Route& route, LoggedRequest& entry);
  // What the clock of whoever answers there shows.
  Instant ClockOf(std::string_view service) const;
  void Register();
  void MakeDataverse();
  void MakeSalesforce();

  Clock& clock_;
  Random& random_;
  Options options_;
  Switches switches_;
  Faults faults_;
  RequestLog log_;
  SigningChain chain_;
  std::unique_ptr<Entra> entra_;
  std::unique_ptr<EventQueue> events_;
  std::unique_ptr<Engagements> engagements_;
  std::unique_ptr<PartnerCenterService> partner_center_;
  std::unique_ptr<class RegistrationService> registration_;
  std::unique_ptr<class CertificateHost> certificates_;
  std::unique_ptr<DataverseWorld> dataverse_;
  std::unique_ptr<Handler> dataverse_control_;
  std::unique_ptr<CrmDesk> dataverse_desk_;
  std::unique_ptr<SalesforceSide> salesforce_;
  std::unique_ptr<InProcessTransport> transport_;
  Handler* control_ = nullptr;
  mutable std::recursive_mutex mutex_;
};

}  // namespace cosell::sandbox
