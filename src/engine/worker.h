#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/dry_run.h"
#include "engine/intake.h"
#include "engine/recorder.h"
#include "engine/requests.h"

namespace cosell {

struct WorkResult {
  std::int64_t planned = 0;
  std::int64_t written = 0;
  std::int64_t failed = 0;
  std::int64_t conflicts = 0;
  std::int64_t told =
      0;  // notices written for a person: something is missing or was refused or put back
  std::int64_t drifting = 0;  // pairs newly found to disagree although neither side has changed
  // Set when the round must end: a side that cannot be reached or does not let us in. Other
  // connections go on.
  std::optional<Error> broken;
};

// How far a worker may go.
struct WorkLimits {
  // No deal is shared for the first time: a rail waits for a person.
  bool hold_sharing = false;
  // A person has confirmed what is written: it does not count for the change-ratio rail.
  bool confirmed = false;
  // Links with an open intent that has not been looked up yet: nothing is done to them.
  std::set<std::int64_t> in_doubt;
};

// Plans due links in batches and carries their steps out in waves by the write protocol: intents
// durable first, then the calls side by side, then what came back. One link failing never touches
// another. Used from the engine's thread.
class Worker {
 public:
  Worker(EngineContext& context, Intake& intake, std::string run_id, std::string cause);

  // Works until nothing is due.
  WorkResult Run(WorkLimits limits);
  // Carries out the steps of these plans, which are those of the links as they are now, and nothing
  // else.
  WorkResult Apply(const std::vector<PlannedLink>& planned, WorkLimits limits);

 private:
  void Batch(const std::vector<LinkWork>& batch);
  static std::size_t EndOfWave(std::span<const Job> jobs, std::size_t begin);
  void Wave(std::span<const Job> jobs, Changes changes);
  void Send(std::span<const Job> jobs, Changes changes);
  void PlanOne(const LinkWork& work, std::vector<Job>* jobs, Changes* changes);
  void TakeUp(const LinkWork& work, const LinkView& view, const Plan& plan, std::vector<Job>* jobs,
              Changes* changes);
  std::optional<std::string> MustWait(const LinkWork& work, const LinkView& view, const Plan& plan);
  void Quarantine(const LinkWork& work, const std::string& reason, Changes* changes);
  void ReadRelated(const std::vector<LinkWork>& batch);
  void Record(const Job& job, JobOutcome outcome);
  void Failed(const Job& job, const JobOutcome& outcome);
  void Reread(const Job& job);
  void AdoptExisting(const Job& job, const JobOutcome& outcome);
  void TellSeller(const Job& job, const Error& error);

  EngineContext& context_;
  Intake& intake_;
  Recorder recorder_;
  std::string run_id_;
  std::string cause_;
  WorkLimits limits_;
  std::map<std::int64_t, int> steps_;       // per link, in this round
  std::map<std::string, Sharing> sharing_;  // by CRM id, of the batch at hand
  WorkResult result_;
};

}  // namespace cosell
