#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/requests.h"

namespace cosell {

// What came back for a job, whichever side it went to.
struct JobOutcome {
  std::optional<RemoteReferral> referral;  // the state afterwards
  std::optional<CrmRecord> crm;
  std::optional<Error> error;             // the write did not happen, or nobody knows
  std::vector<PerformedWrite> performed;  // CRM writes, for the audit
  std::vector<PerformedWrite> found;      // others that a lookup found to have happened with it
  std::int64_t duration_ms = 0;
  bool adopted = false;  // found to have happened by a lookup
};

// How long after a write without an answer, or after a lookup that could not tell, the next lookup
// is made.
inline constexpr std::chrono::seconds kLookUpAfter{5};

// Turns outcomes into units of work: snapshot, base, audit entry and the end of the intent become
// durable together. Used from the engine's thread.
class Recorder {
 public:
  Recorder(EngineContext& context, std::string run_id)
      : context_(context), run_id_(std::move(run_id)) {}

  // Each of these adds to one unit of work, which Flush makes durable; a second outcome of the same
  // link flushes first, because it builds on what the first left. Until then the intents stay open,
  // so a crash in between means a lookup and nothing else.

  // The remote confirmed the write, or it was found to have happened.
  void Done(const Job& job, const JobOutcome& outcome);
  // The remote said no, or the call never arrived. The link is set aside until `not_before`.
  void Failed(const Job& job, const JobOutcome& outcome, LinkState state,
              std::optional<Instant> not_before);
  // The version sent was not the newest: the intent ends without effect and the link is planned
  // again.
  void Stale(const Job& job, const JobOutcome& outcome);
  // No answer: the intent stays open, to be looked up.
  void Unknown(const Job& job, const JobOutcome& outcome);
  // A lookup found no effect of an open intent: not_done, or unknown for good where the record does
  // not tell any more.
  void Ended(const Intent& intent, const Link& link, AuditOutcome outcome);
  // A lookup found what an open intent made on its way. What is accounted for already stays so.
  void Found(const Intent& intent, const Link& link, const std::vector<PerformedWrite>& made);

  void Flush();

 private:
  AuditEntry Blank(const Intent& intent, const Link& link) const;
  AuditEntry Entry(const Job& job, const JobOutcome& outcome, AuditOutcome result) const;
  AuditEntry RelatedEntry(const Intent& intent, const Link& link, const PerformedWrite& write,
                          AuditOutcome result) const;
  bool IsAudited(const PerformedWrite& write) const;
  std::vector<AuditEntry> Entries(const Job& job, const JobOutcome& outcome,
                                  AuditOutcome result) const;
  void MoveBase(const Job& job, const Record& after, bool adopted, Link* link) const;
  void EndDecisions(const Job& job, const Record& after);
  void TakeIds(const JobOutcome& outcome, Link* link);
  Link Begin(const Job& job);
  void Close(const Job& job, const JobOutcome& outcome, AuditOutcome result);

  EngineContext& context_;
  std::string run_id_;
  Changes pending_;
  std::set<std::int64_t> touched_;  // links in pending_
};

}  // namespace cosell
