#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/context.h"
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
  std::int64_t updates = 0;  // of pairs, beyond ids and notices: what the change-ratio rail counts
  // Set when the round must end: a side that cannot be reached or does not let us in. Other
  // connections go on.
  std::optional<Error> broken;
};

// Plans due links in batches and carries their steps out in waves by the write protocol: intents
// durable first, then the calls side by side, then what came back. One link failing never touches
// another. Used from the engine's thread.
class Worker {
 public:
  Worker(EngineContext& context, Intake& intake, std::string run_id, std::string cause);

  // Works until nothing is due. `hold_sharing`: no deal is shared for the first time (a rail waits
  // for a person). Links in `in_doubt` are not touched: an open intent of theirs has not been
  // looked up yet.
  WorkResult Run(bool hold_sharing, std::set<std::int64_t> in_doubt);

 private:
  void Batch(const std::vector<LinkWork>& batch);
  static std::size_t EndOfWave(std::span<const Job> jobs, std::size_t begin);
  void Wave(std::span<const Job> jobs, Changes changes);
  void PlanOne(const LinkWork& work, std::vector<Job>* jobs, Changes* changes);
  void ReadRelated(const std::vector<LinkWork>& batch);
  void Rest(const LinkWork& work, const LinkView& view, const Plan& plan, Changes* changes);
  void NoteConflicts(const Link& link, const Plan& plan, Changes* changes);
  void SetAside(const LinkWork& work, LinkState state, const std::string& reason, Changes* changes);
  void Record(const Job& job, JobOutcome outcome);
  void Failed(const Job& job, const JobOutcome& outcome);
  void Reread(const Job& job);
  void AdoptExisting(const Job& job, const JobOutcome& outcome);
  void TellSeller(const Job& job, const Error& error);
  Instant Later(int attempts) const;

  EngineContext& context_;
  Intake& intake_;
  Recorder recorder_;
  std::string cause_;
  bool hold_sharing_ = false;
  std::set<std::int64_t> in_doubt_;         // links with an open intent: nothing is done to them
  std::map<std::int64_t, int> steps_;       // per link, in this round
  std::map<std::string, Sharing> sharing_;  // by CRM id, of the batch at hand
  WorkResult result_;
};

}  // namespace cosell
