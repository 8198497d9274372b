#include "engine/round.h"

#include "base/guid.h"
#include "engine/gap.h"
#include "engine/recovery.h"
#include "engine/redefined.h"
#include "engine/reviewed.h"
#include "engine/worker.h"

namespace cosell {
namespace {

constexpr std::string_view kFingerprint = "mapping_fingerprint";

void AcceptFingerprint(EngineContext& context) {
  const auto known = context.store.Cursor(context.name(), std::string(kFingerprint));
  if (known == context.mapping.fingerprint) return;
  if (known) context.store.MarkAllDirty(context.name());
  AcceptRedefined(context);
  Changes changes;
  changes.cursors.emplace_back(std::string(kFingerprint), context.mapping.fingerprint);
  context.store.Commit(context.name(), changes);
}

// A changed mapping never rewrites a whole CRM by itself: the round waits until a person has looked
// at the plan.
bool FingerprintHolds(EngineContext& context, bool confirmed) {
  const auto known = context.store.Cursor(context.name(), std::string(kFingerprint));
  if (known == context.mapping.fingerprint) {
    if (!KnowsFields(context)) AcceptRedefined(context);
    return false;
  }
  if (known && !confirmed && context.store.CountPairs(context.name()) > 0) return true;
  AcceptFingerprint(context);
  return false;
}

// A sweep looks again at everything that waits, whatever its delay.
void WakeWaiting(EngineContext& context) {
  std::int64_t after = 0;
  while (true) {
    const auto links = context.store.LinksAfter(context.name(), after, 500);
    if (links.empty()) return;
    Changes changes;
    for (const LinkWork& work : links) {
      after = work.link.id;
      if (work.link.state != LinkState::waiting) continue;
      changes.links.push_back(work.link);
      changes.links.back().not_before = context.clock.Now();
    }
    if (!changes.empty()) context.store.Commit(context.name(), changes);
  }
}

class Round {
 public:
  Round(EngineContext& context, RoundMemory& memory, RoundRequest request)
      : context_(context), memory_(memory), request_(std::move(request)) {
    result_.run.id = NewGuid(context.random);
    result_.run.kind = request_.kind;
    result_.run.started_at = context.clock.Now();
    result_.run.outcome = "running";
  }

  RoundResult Run() {
    Begin();
    Work();
    Finish();
    return std::move(result_);
  }

  RoundResult Apply(const ReviewedPlan& reviewed) {
    Begin();
    WorkReviewed(reviewed);
    Finish();
    return std::move(result_);
  }

 private:
  void Begin() {
    context_.progress = {};
    const bool rebuild = request_.kind == "rebuild";
    const bool listens = request_.depth == IntakeDepth::events;
    if (!rebuild) NoticeGap(context_, listens);
    if (listens && IsUnread(context_)) request_.depth = IntakeDepth::poll;
    const bool whole = rebuild ? BeginRebuild(context_) : NeedsWholeRead(context_);
    if (whole) request_.depth = IntakeDepth::sweep;
    if (IsWhole()) context_.store.SaveRun(context_.name(), result_.run);
  }

  void Work() {
    // Where nothing is written, nothing has to be held; the rails are for the day it goes live.
    const bool shadow = context_.options.shadow;
    if (!shadow && FingerprintHolds(context_, request_.confirmed.fingerprint)) {
      return Stop("fingerprint",
                  "the mapping or the CRM organisation has changed; look at `cosell-sync plan`, "
                  "then run `cosell-sync sync " +
                      context_.name().text + " --confirm fingerprint`");
    }
    Intake intake(context_);
    const auto in_doubt = Recovery(context_, intake, result_.run.id).Run();
    const auto taken = intake.Run(
        request_.depth, request_.confirmed.empty_side ? EmptySide::confirmed : EmptySide::stops);
    if (!taken) return Break(taken.error());
    result_.run.read = taken->read;
    if (!taken->stopped.empty()) {
      return Stop(taken->stopped,
                  "a side that had records lists none; if that is right, run `cosell-sync sync " +
                      context_.name().text + " --confirm empty-side`");
    }
    if (request_.depth != IntakeDepth::events)
      NoteRead(context_, request_.depth == IntakeDepth::sweep);
    if (request_.bases != nullptr)
      result_.bases_recovered = TakeRecoveredBases(context_, *request_.bases);
    if (request_.depth == IntakeDepth::sweep) WakeWaiting(context_);
    if (shadow) return Write(intake, false, in_doubt);
    const RailVerdict verdict =
        CheckRails(context_, request_.confirmed, request_.depth == IntakeDepth::sweep);
    if (!verdict.stopped.empty()) return Stop(verdict.stopped, verdict.reason);
    if (verdict.hold_sharing) Stop("first-share", verdict.reason);
    Write(intake, verdict.hold_sharing, in_doubt);
  }

  void Write(Intake& intake, bool hold_sharing, const std::set<std::int64_t>& in_doubt) {
    if (!context_.store.DueLinks(context_.name(), context_.clock.Now(), 1).empty()) {
      context_.store.SaveRun(context_.name(), result_.run);
    }
    if (request_.kind == "rebuild") CountWhatIsToBeCompared();
    Worker worker(context_, intake, result_.run.id, request_.kind);
    Take(worker.Run({hold_sharing, request_.confirmed.mass_change, in_doubt}));
    if (!result_.broken) result_.certificate = CloseGap(context_);
  }

  void CountWhatIsToBeCompared() {
    for (const ConnectionStatus& status : context_.store.Status(context_.clock.Now())) {
      if (status.name == context_.name()) context_.progress.to_compare = status.links;
    }
  }

  // Looks, compares, and writes exactly what was looked at before.
  void WorkReviewed(const ReviewedPlan& reviewed) {
    if (context_.options.shadow) {
      return Stop("shadow",
                  "this connection is in shadow mode and writes nothing; set `mode` to "
                  "live first");
    }
    Intake intake(context_);
    const auto in_doubt = Recovery(context_, intake, result_.run.id).Run();
    const auto taken = intake.Run(IntakeDepth::sweep, EmptySide::ignored);
    if (!taken) return Break(taken.error());
    result_.run.read = taken->read;
    const auto check = CheckReviewed(context_, reviewed, in_doubt);
    if (!check) return Break(check.error());
    if (!check->changed.empty()) return Stop("plan-changed", check->changed);
    AcceptFingerprint(context_);
    Worker worker(context_, intake, result_.run.id, request_.kind);
    Take(worker.Apply(check->planned, {false, true, in_doubt}));
    if (result_.broken) return;
    if (const std::int64_t left = CountLinksWithWork(context_); left > 0) {
      result_.reason = std::to_string(left) +
                       (left == 1 ? " link still has work" : " links still have work") +
                       "; the next round does it";
    }
  }

  void Take(const WorkResult& work) {
    result_.run.planned = work.planned;
    result_.run.written = work.written;
    result_.run.failed = work.failed;
    result_.run.conflicts = work.conflicts;
    result_.told = work.told;
    result_.drifting = work.drifting;
    if (work.broken) Break(*work.broken);
  }

  void Stop(const std::string& rail, const std::string& reason) {
    result_.stopped = rail;
    result_.reason = reason;
    result_.run.outcome = "stopped: " + rail;
  }

  void Break(const Error& error) {
    result_.broken = error;
    result_.reason = Summarize(error);
    result_.run.outcome = "failed: " + std::string(ToString(error.kind));
  }

  bool IsWhole() const { return request_.kind != "poll" && request_.kind != "event"; }

  void Finish() {
    result_.run.finished_at = context_.clock.Now();
    if (result_.run.outcome == "running") result_.run.outcome = "done";
    // An idle poll leaves no row, nor does the same trouble again.
    const bool telling = IsWhole() || result_.run.planned + result_.run.failed > 0 ||
                         result_.run.outcome != memory_.outcome;
    if (telling) context_.store.SaveRun(context_.name(), result_.run);
    memory_.outcome = result_.run.outcome;
    const std::string state = result_.broken            ? "paused"
                              : result_.stopped.empty() ? "ready"
                                                        : "stopped";
    const std::string reason = state == "ready" ? "" : result_.reason;
    if (state == memory_.state && reason == memory_.reason) return;
    context_.store.SetConnectionState(context_.name(), state, reason);
    memory_.state = state;
    memory_.reason = reason;
  }

  EngineContext& context_;
  RoundMemory& memory_;
  RoundRequest request_;
  RoundResult result_;
};

}  // namespace

RoundResult RunRound(EngineContext& context, RoundMemory& memory, const RoundRequest& request) {
  return Round(context, memory, request).Run();
}

RoundResult RunReviewed(EngineContext& context, RoundMemory& memory, const ReviewedPlan& reviewed) {
  return Round(context, memory, {"apply", IntakeDepth::sweep, {}}).Apply(reviewed);
}

}  // namespace cosell
