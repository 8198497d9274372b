#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/dry_run.h"
#include "engine/person.h"
#include "engine/round.h"

namespace cosell {

// The engine of one connection. Prepare, Round, DryRun and Apply are called from one thread; Wake,
// Stop, Resolve, RetryQuarantined and everything that begins with Request from any.
class Engine {
 public:
  // What the engine reaches the world through; must outlive it.
  struct World {
    PartnerCenter& partner_center;
    Crm& crm;
    Store& store;
    Clock& clock;
    Random& random;
    Executor& executor;
    Log& log;
  };

  // `mapping` is parsed but not bound: binding needs the CRM's own columns.
  Engine(EngineOptions options, Mapping mapping, MappingOptions mapping_options, World world);
  ~Engine();

  // Reads the CRM's schema, binds the mapping and makes the connection known to the store. Repeated
  // by Round until it succeeds.
  Status Prepare();

  // One round now. A CRM that cannot be described pauses the connection like any other failure to
  // reach it.
  RoundResult Round(const RoundRequest& request);

  // What the next round would write, after taking in both sides. Writes nothing remote.
  Result<std::vector<PlannedLink>> DryRun();

  // Carries out exactly what a person has looked at. Both sides are taken in as by a sweep and the
  // links are planned again; unless the mapping's fingerprint and every digest are still what they
  // were, nothing is written: `stopped` is "plan-changed" and `reason` names the first difference
  // and how to go on. Then these steps are sent, one round of them, without asking the rails (the
  // review is the confirmation); what follows from them is left to the next round, and `reason`
  // says how many links still have work.
  RoundResult Apply(const ReviewedPlan& reviewed);

  // Runs rounds by schedule and by Wake until Stop. Returns when stopped; a failing database ends
  // it with an exception.
  void Loop();
  // Something arrived in the inbox: a round soon.
  void Wake();
  // Ends Loop after the item in hand.
  void Stop();
  // Asks Loop for a round and waits for its result. Must not be called from the loop's own thread.
  RoundResult RequestRound(const RoundRequest& request);
  // The same for Apply.
  RoundResult RequestApply(const ReviewedPlan& reviewed);
  // Asks Loop for a dry run and waits for it.
  Result<std::vector<PlannedLink>> RequestDryRun();

  // A person's decision about an open conflict. Durable when this returns; carried out by the next
  // round, which it wakes. Waits for a round under way; must not be called from the loop's own
  // thread. not_found: no such link, or no open conflict of that field. invalid_input: what was
  // chosen cannot be done (no losing value kept, the field cannot be written there, a side has
  // changed since the conflict was shown, shadow mode); the message says how to go on.
  Status Resolve(const Resolution& resolution);
  // Looks at quarantined links again now, with their counts of failures and of rewrites started
  // anew: the one of this referral id, CRM id or link number, or all of them when it is empty.
  // Returns how many; not_found when that link is not in quarantine. Wakes the loop; waits and
  // threads as Resolve.
  Result<std::int64_t> RetryQuarantined(const std::string& record_id);

  // Store::Erase and Store::AllowAgain between two rounds, so that nothing that was read before is
  // stored after. Wait and threads as Resolve. Require that the connection is known to the store.
  std::optional<Erasure> Erase(const std::string& id);
  std::int64_t AllowAgain(const std::string& id);

  // Bound to the CRM's columns once Prepare has succeeded. Its fingerprint belongs to a dry run.
  const Mapping& mapping() const { return context_.mapping; }

  // Called after every page and batch, from the engine's thread. To be set before the first round.
  void OnProgress(std::function<void(const Progress&)> observer);
  // When the loop or a round last gave a sign of life (Clock::Monotonic). Any thread.
  std::chrono::nanoseconds last_sign_of_life() const;

  // Called after every round, from the loop's thread.
  void OnRound(std::function<void(const RoundResult&)> observer);

 private:
  struct Schedule;

  Status Ready();
  void NoteMode();
  bool SyncsLeads(const CrmSchema& schema);
  std::optional<RoundResult> NotReady();
  IntakeDepth SweepDepth();
  RoundRequest NextRequest();
  void RunAsked();
  bool RunOnLoop(std::function<void()> work);
  void WaitForWork();
  void Pause(const RoundResult& result);

  EngineContext context_;
  Mapping unbound_;
  MappingOptions mapping_options_;
  RoundMemory memory_;
  bool prepared_ = false;
  // Held while a round, a dry run or a person's word is worked on.
  std::mutex work_;
  std::unique_ptr<Schedule> schedule_;
  std::function<void(const RoundResult&)> observer_;
};

}  // namespace cosell
