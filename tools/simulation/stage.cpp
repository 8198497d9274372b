#include "tools/simulation/stage.h"

#include <algorithm>
#include <filesystem>

#include "store/store_factory.h"
#include "store/store_tools.h"
#include "tools/simulation/crm_side.h"
#include "tools/simulation/fault_vfs.h"

namespace cosell::simulation {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kStartsMax = 6;
constexpr int kDeliveriesMax = 200;
constexpr char kWebhooks[] = "https://hooks.contoso.example/webhooks/contoso/";
constexpr char kPartnerCenter[] = "partner-center";

bool IsOfFiles(Spot spot) { return spot >= Spot::store_busy && spot <= Spot::store_broken; }

// What a receiver may say although nothing is wrong with the message: it comes again.
bool IsPassing(const std::string& reason) {
  return reason == "certificate_unreachable" || reason == "organization_unknown";
}

// The service that a rule of the script means.
std::string ServiceOf(const std::string& word, sandbox::CrmDesk& desk) {
  if (word == kCrmService) return std::string(desk.service());
  if (word == kCrmSignIn) return CrmSignInService(desk.product());
  return word == kPartnerSignIn ? "entra" : word;
}

}  // namespace

Stage::Stage(const Script& script, const Workshop& workshop)
    : script_(script),
      workshop_(workshop),
      world_random_(script.seed * 2 + 1),
      service_random_(script.seed * 2 + 2),
      own_clock_(clock_),
      world_(clock_, world_random_),
      ledger_(world_, script.product),
      people_(world_, script.product, ledger_),
      transport_(world_.Transport(), saboteur_, trace_),
      service_({world_, script.product, own_clock_, service_random_, transport_, saboteur_,
                workshop.database(), workshop.trust_file()}) {
  DisarmVfs();
  workshop_.Clear();
  world_.switches().microsoft_decision = "none";
  world_.events().subscription() =
      sandbox::Subscription{"subscriber",
                            std::string(kWebhooks) + kPartnerCenter,
                            {"referral-created", "referral-updated", "related-referral-created",
                             "related-referral-updated"},
                            false,
                            clock_.Now()};
  SubscribeToCrm(world_, script.product, kWebhooks, Service::kPushKey);
}

// --- time, people, the remote sides

void Stage::Pass(std::chrono::seconds time) {
  clock_.Advance(time);
  world_.Advance();
  ledger_.Observe();
}

void Stage::PassToTheSecond() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock_.Now());
  const auto next = std::chrono::floor<std::chrono::seconds>(now) + 1s;
  clock_.Advance(next - now);
  world_.Advance();
}

void Stage::Do(const Step& step) {
  if (step.during > 0) {
    waiting_.push_back(step);
  } else {
    people_.Do(step);
  }
}

void Stage::CalmDown() {
  for (const Step& step : std::exchange(waiting_, {})) people_.Do(step);
  people_.RivalsRest();
  auto& switches = world_.switches();
  switches.stale_get_s = switches.stale_list_s = 0;
  switches.page_size_max = sandbox::Switches{}.page_size_max;
  switches.page_by_offset = false;
  switches.event_lost_percent = switches.event_duplicate_percent = 0;
  switches.event_delay_ms = switches.event_reorder_ms = 0;
  CalmCrm(world_, script_.product);
}

// --- the service

void Stage::Restart() {
  service_.Kill();
  for (int attempt = 0; attempt < kStartsMax; ++attempt) {
    try {
      service_.Start();
      for (const std::string& key : service_.ForgottenEvents())
        Violate("I8 forgotten", "the acknowledged event " + key + " is not in the inbox");
      return;
    } catch (const Crash& crash) {
      NoteCrash(crash);
    } catch (const std::runtime_error& failure) {
      NoteStoreFailure(failure);
    }
  }
  Violate("I9 restart", "the service does not start");
}

void Stage::NoteCrash(const Crash& crash) {
  trace_.Line("crash " + crash.where);
  ++outcome_.crashes;
  service_.Kill();
}

// As under a service manager: a failing database ends the service, and it is started again.
void Stage::NoteStoreFailure(const std::runtime_error& failure) {
  trace_.Line("the database failed");
  if (!disk_is_bad_) Violate("I9 restart", std::string("the database failed: ") + failure.what());
  MendDisk();
  service_.Kill();
}

void Stage::Round(IntakeDepth depth) {
  if (!service_.running()) Restart();
  if (!service_.running()) return;
  clock_.Advance(100ms);
  world_.Advance();
  for (const Step& step : std::exchange(waiting_, {}))
    transport_.During(step.during, [this, step] { people_.Do(step); });
  ++outcome_.rounds;
  RunRound(depth);
  for (const auto& act : transport_.Rewind()) act();
  people_.RivalsRewrite();
  ledger_.Observe();
}

void Stage::RunRound(IntakeDepth depth) {
  try {
    Confirmations confirmed;
    confirmed.empty_side = confirm_empty_;
    const RoundResult result = service_.Round(depth, confirmed);
    confirm_empty_ = result.stopped == "empty-side";
    if (!result.broken && result.stopped.empty()) ledger_.NoteRound();
    trace_.Line("round: read " + std::to_string(result.run.read) + ", written " +
                std::to_string(result.run.written) + ", " + result.run.outcome);
  } catch (const Crash& crash) {
    NoteCrash(crash);
  } catch (const std::runtime_error& failure) {
    NoteStoreFailure(failure);
  } catch (const std::exception& failure) {
    Violate("I9 restart", std::string("a round threw: ") + failure.what());
    service_.Kill();
  }
}

void Stage::Deliver() {
  world_.Deliver([&](const std::string& url, const net::Headers& headers, const std::string& body) {
    const std::size_t query = std::min(url.find('?'), url.size());
    const webhook::InboundRequest request{headers, url.substr(std::min(query + 1, url.size())),
                                          body, "192.0.2.1"};
    return Receive(url.substr(0, query), request);
  });
  ledger_.Observe();
}

sandbox::OutgoingAnswer Stage::Receive(const std::string& url,
                                       const webhook::InboundRequest& request) {
  if (!service_.running()) return {};
  try {
    const std::size_t stored = service_.acknowledged();
    const auto answer = url.ends_with(kPartnerCenter) ? service_.Receive(request)
                                                      : service_.ReceiveFromCrm(request);
    if (answer.reason == "accepted" && service_.acknowledged() == stored)
      Violate("I8 forgotten", "a webhook was accepted, and nothing was stored");
    trace_.Line("webhook: " + std::to_string(answer.status) + " " + answer.reason);
    if (answer.status >= 400 && !disk_is_bad_ && !IsPassing(answer.reason))
      Violate("I8 forgotten", "a genuine webhook was turned away: " + answer.reason);
    return {answer.status, answer.text};
  } catch (const Crash& crash) {
    NoteCrash(crash);
    return {};
  }
}

void Stage::DeliverAll() {
  for (int i = 0; i < kDeliveriesMax; ++i) {
    const auto due = world_.events().NextDue();
    if (!due) break;
    if (*due > clock_.Now()) Pass(std::chrono::ceil<std::chrono::seconds>(*due - clock_.Now()));
    Deliver();
    if (!service_.running()) Restart();
  }
  Round(IntakeDepth::events);
}

void Stage::LoseDatabase() {
  service_.Kill();
  const Evidence gone = Look();
  kept_before_.insert(kept_before_.end(), gone.kept.begin(), gone.kept.end());
  Workshop::Remove(workshop_.database());
  Forget(0, {});
  Restart();
}

void Stage::BackUp() {
  Workshop::Remove(workshop_.backup());
  BackupStore(workshop_.database(), workshop_.backup());
}

void Stage::RestoreBackup() {
  if (!fs::exists(workshop_.backup())) return;
  service_.Kill();
  const Evidence gone = Look();
  kept_before_.insert(kept_before_.end(), gone.kept.begin(), gone.kept.end());
  Workshop::Remove(workshop_.database());
  fs::copy_file(workshop_.backup(), workshop_.database());
  const Evidence old = Look();
  std::set<std::string> inherited;
  const auto store = OpenReadOnlyStore(workshop_.database());
  for (const Intent& intent : store->OpenIntents(Service::connection()))
    inherited.insert(intent.id);
  Forget(old.audit.empty() ? 0 : old.audit.back().id, std::move(inherited));
  Restart();
}

// The database at hand knows nothing of what happened before.
void Stage::Forget(std::int64_t audit_after, std::set<std::string> inherited) {
  ledger_.NoteDatabaseLost();
  service_.ForgetAcknowledged();
  knowledge_.crm_writes_before = CrmWritesDone(world_, script_.product).size();
  knowledge_.log_after = world_.log().last_sequence();
  knowledge_.audit_after = audit_after;
  knowledge_.inherited = std::move(inherited);
}

void Stage::Arm(const std::vector<Trouble>& troubles) {
  for (const Trouble& trouble : troubles) {
    if (IsOfFiles(trouble.spot)) {
      ArmVfs(trouble.spot, trouble.nth);
      disk_is_bad_ = true;
    }
    if (trouble.spot != Spot::remote) continue;
    sandbox::FaultRule rule = trouble.rule;
    rule.service = ServiceOf(rule.service, desk());
    [[maybe_unused]] const Status added = world_.faults().Add(rule);
  }
  saboteur_.Arm(troubles);
}

void Stage::Disarm() {
  world_.faults().Clear();
  saboteur_.Disarm();
  MendDisk();
  if (!service_.running()) Restart();
}

void Stage::MendDisk() {
  DisarmVfs();
  disk_is_bad_ = false;
}

// --- what there is to see

void Stage::Violate(std::string invariant, std::string text) {
  trace_.Line("violation " + invariant);
  outcome_.violations.push_back({std::move(invariant), std::move(text)});
}

std::size_t Stage::CommittedWrites() {
  return simulation::CommittedWrites(world_, script_.product);
}

Scene Stage::MakeScene(const Evidence& evidence) {
  return {world_,
          script_.product,
          ledger_,
          evidence,
          kept_before_,
          knowledge_,
          service_.store().OpenIntents(Service::connection()).size()};
}

}  // namespace cosell::simulation
