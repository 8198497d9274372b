#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "net/api_client.h"
#include "net/http.h"
#include "net/oauth.h"
#include "ports/executor.h"
#include "store/sqlite_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_secrets.h"
#include "tools/sandbox/world/world.h"

namespace cosell::bench {

// Counts and times what passes to the remote sides. Requests for tokens are passed on uncounted:
// there is one per side and token life, whatever the work.
class MeteredTransport final : public net::HttpTransport {
 public:
  MeteredTransport(net::HttpTransport& inner, std::string login_origin);
  Result<net::HttpResponse> Send(const net::HttpRequest& request) override;

  std::int64_t calls() const { return calls_; }
  double seconds() const { return seconds_; }          // spent in answering, tokens included
  double cpu_seconds() const { return cpu_seconds_; }  // the same as CPU time

 private:
  net::HttpTransport& inner_;
  const std::string login_origin_;
  std::int64_t calls_ = 0;
  double seconds_ = 0;
  double cpu_seconds_ = 0;
};

// What one round cost.
struct RoundCost {
  RoundResult result;
  std::int64_t calls = 0;
  std::int64_t commits = 0;   // synced transactions
  double seconds = 0;         // wall
  double remote_seconds = 0;  // of these, in the emulated remote sides
  double cpu_seconds = 0;     // of this process, without the emulated remote sides
};

// The whole service in one thread and without sockets: the real engine, store and clients against
// the emulated remote sides, on a clock that moves when told. The sides start empty.
class Service {
 public:
  // `folder` exists; the database goes there as `name`.db.
  Service(const std::string& folder, const std::string& name);
  ~Service();

  // Fills both empty sides with deals that agree; each side names the other, but no database
  // remembers them.
  void SeedPairs(int pairs);
  // Fills Partner Center alone with accepted co-sell deals.
  void SeedReferrals(int referrals);
  // Referrals of all parties in Partner Center.
  std::int64_t referrals() const;

  // Time goes by without anybody doing anything.
  void Pass(std::chrono::seconds time);
  // Throws std::runtime_error when the round broke or was stopped.
  RoundCost Round(IntakeDepth depth);

  const Mapping& mapping() const { return engine_->mapping(); }
  EngineContext Context();
  // Everything linked, with its newest snapshots.
  std::vector<LinkWork> Links();

 private:
  void MakeClients();
  void MakeEngine();
  std::unique_ptr<net::ApiClient> Api(net::EntraTokens& tokens, const std::string& origin);

  test::FakeClock clock_;
  SeededRandom random_{7};
  NullLog log_;
  test::FakeSecrets secrets_;
  SequentialExecutor executor_;
  sandbox::World world_{clock_, random_};
  MeteredTransport transport_;
  EngineOptions options_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<net::EntraTokens> partner_tokens_;
  std::unique_ptr<net::EntraTokens> crm_tokens_;
  std::unique_ptr<net::ApiClient> referrals_api_;
  std::unique_ptr<net::ApiClient> crm_api_;
  std::unique_ptr<PartnerCenter> partner_center_;
  std::unique_ptr<Crm> crm_;
  std::unique_ptr<Engine> engine_;
};

// A service whose `pairs` seeded pairs are in step: the material of plan and mapping.
std::unique_ptr<Service> SyncedService(const std::string& folder, const std::string& name,
                                       int pairs);

}  // namespace cosell::bench
