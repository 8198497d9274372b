#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "net/api_client.h"
#include "net/oauth.h"
#include "net/salesforce_tokens.h"
#include "ports/log.h"
#include "tests/support/fake_secrets.h"
#include "tools/sandbox/world/world.h"
#include "tools/simulation/hooked_store.h"
#include "webhook/receiver.h"

namespace cosell::simulation {

// The CRM products this simulation can put the service in front of.
const std::vector<std::pair<std::string, sandbox::CrmProduct>>& Products();

// The service as a process: the real engine, store, clients and webhook receiver, started and
// killed at will. What outlives a kill is the database file and the operator's secrets. For one
// thread.
class Service {
 public:
  struct Surroundings {
    sandbox::World& world;
    sandbox::CrmProduct product;
    Clock& clock;  // the service's own
    Random& random;
    net::HttpTransport& transport;
    Saboteur& saboteur;
    std::string database;    // path; its folder exists
    std::string trust_file;  // the root of webhook signatures (PEM)
  };
  explicit Service(Surroundings surroundings);

  // Opens the database and prepares the engine. Throws Crash, or std::runtime_error when the
  // database fails; then it is not running.
  void Start();
  // As `kill -9`: nothing is finished, the file stays.
  void Kill();
  bool running() const { return engine_ != nullptr; }

  // Require running. Throw as Start.
  RoundResult Round(IntakeDepth depth, const Confirmations& confirmed);
  // Partner Center's webhooks, and the CRM's own messages.
  webhook::InboundAnswer Receive(const webhook::InboundRequest& request);
  webhook::InboundAnswer ReceiveFromCrm(const webhook::InboundRequest& request);
  // The inbox says of every event acknowledged since Forget() that it is known. Returns those it
  // does not know (I8).
  std::vector<std::string> ForgottenEvents();
  // The database is another one from now on: what was acknowledged before is gone with it.
  void ForgetAcknowledged() { acknowledged_.clear(); }
  std::size_t acknowledged() const { return acknowledged_.size(); }
  Store& store() { return *store_; }
  // crm.push.key of the configuration.
  static constexpr char kPushKey[] = "an-unguessable-key";
  static ConnectionName connection() { return ConnectionName{"contoso"}; }

 private:
  std::unique_ptr<net::ApiClient> Api(net::TokenSource& tokens,
                                      const std::string& session_expired_code = "");
  void ConnectPartnerCenter();
  void ConnectDynamics365();
  void ConnectSalesforce();
  std::unique_ptr<webhook::Receiver> CrmReceiver();
  void MakeEngine();

  const Surroundings at_;
  test::FakeSecrets secrets_;
  NullLog log_;
  SequentialExecutor executor_;
  std::string refresh_token_;
  std::vector<Event> acknowledged_;

  std::unique_ptr<Store> store_;
  std::unique_ptr<net::EntraTokens> partner_tokens_;
  std::unique_ptr<net::EntraTokens> crm_tokens_;
  std::unique_ptr<net::SalesforceTokens> salesforce_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<Crm> crm_;
  std::unique_ptr<webhook::Receiver> receiver_;
  std::unique_ptr<webhook::Receiver> crm_receiver_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace cosell::simulation
