#pragma once

#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/simulation/clocks.h"
#include "tools/simulation/faulty_transport.h"
#include "tools/simulation/invariants/scene.h"
#include "tools/simulation/people.h"
#include "tools/simulation/runner.h"
#include "tools/simulation/service.h"

namespace cosell::simulation {

// The world of one history with the service in it: what can be done to either, and what an operator
// or a service manager does when the service falls. For one thread.
class Stage {
 public:
  Stage(const Script& script, const Workshop& workshop);

  // --- time, people, the remote sides
  void Pass(std::chrono::seconds time);
  void PassToTheSecond();     // to the beginning of the next one
  void Do(const Step& step);  // an act of people; during the next round if the step says so
  void SkewOurClock(std::chrono::seconds offset) { own_clock_.SetOffset(offset); }
  // Nobody edits any more, and the remote sides behave.
  void CalmDown();

  // --- the service
  void Restart();
  void Round(IntakeDepth depth);
  // Webhooks that are due; all of them, however late, and a round for what they say.
  void Deliver();
  void DeliverAll();
  void LoseDatabase();
  void BackUp();
  void RestoreBackup();

  // Troubles in force from now on, and none any more. A service that was brought down by then is
  // started again.
  void Arm(const std::vector<Trouble>& troubles);
  void Disarm();

  // --- what there is to see
  void Violate(std::string invariant, std::string text);
  std::size_t CommittedWrites();
  // What the checks need; `evidence` outlives the scene.
  Scene MakeScene(const Evidence& evidence);
  Evidence Look() const { return ReadEvidence(workshop_.database()); }
  sandbox::World& world() { return world_; }
  sandbox::CrmDesk& desk() { return world_.desk(script_.product); }
  Ledger& ledger() { return ledger_; }
  Service& service() { return service_; }
  Saboteur& saboteur() { return saboteur_; }
  Trace& trace() { return trace_; }
  Outcome& outcome() { return outcome_; }

 private:
  void NoteCrash(const Crash& crash);
  void NoteStoreFailure(const std::runtime_error& failure);
  void RunRound(IntakeDepth depth);
  sandbox::OutgoingAnswer Receive(const std::string& url, const webhook::InboundRequest& request);
  void MendDisk();
  void Forget(std::int64_t audit_after, std::set<std::string> inherited);

  const Script& script_;
  const Workshop& workshop_;
  WorldClock clock_;
  SeededRandom world_random_;
  SeededRandom service_random_;
  OwnClock own_clock_;
  sandbox::World world_;
  Ledger ledger_;
  People people_;
  Saboteur saboteur_;
  Trace trace_;
  FaultyTransport transport_;
  Service service_;
  Knowledge knowledge_;
  std::vector<KeptValue> kept_before_;
  std::vector<Step> waiting_;   // people who act during the next round
  bool confirm_empty_ = false;  // a person has looked: the side really is empty
  bool disk_is_bad_ = false;
  Outcome outcome_;
};

}  // namespace cosell::simulation
