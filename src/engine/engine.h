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
#include "engine/round.h"

namespace cosell {

// The engine of one connection. Prepare, Round and DryRun are called from one thread; Wake, Stop
// and RequestRound from any.
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

  // Runs rounds by schedule and by Wake until Stop. Returns when stopped; a failing database ends
  // it with an exception.
  void Loop();
  // Something arrived in the inbox: a round soon.
  void Wake();
  // Ends Loop after the item in hand.
  void Stop();
  // Asks Loop for a round and waits for its result. Must not be called from the loop's own thread.
  RoundResult RequestRound(const RoundRequest& request);
  // Asks Loop for a dry run and waits for it.
  Result<std::vector<PlannedLink>> RequestDryRun();

  // Bound to the CRM's columns once Prepare has succeeded.
  const Mapping& mapping() const { return context_.mapping; }

  // Called after every page and batch, from the engine's thread. To be set before the first round.
  void OnProgress(std::function<void(const Progress&)> observer);
  // When the loop or a round last gave a sign of life (Clock::Monotonic). Any thread.
  std::chrono::nanoseconds last_sign_of_life() const;

  // Called after every round, from the loop's thread.
  void OnRound(std::function<void(const RoundResult&)> observer);

 private:
  struct Schedule;

  IntakeDepth SweepDepth() const;
  RoundRequest NextRequest();
  void RunAsked();
  bool RunOnLoop(std::function<void()> work);
  void WaitForWork();
  void PauseAfter(const RoundResult& result);

  EngineContext context_;
  Mapping unbound_;
  MappingOptions mapping_options_;
  RoundMemory memory_;
  bool prepared_ = false;
  std::unique_ptr<Schedule> schedule_;
  std::function<void(const RoundResult&)> observer_;
};

}  // namespace cosell
