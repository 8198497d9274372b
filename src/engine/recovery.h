#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "engine/context.h"
#include "engine/intake.h"
#include "engine/recorder.h"

namespace cosell {

// Intents found open at the start of a round are in doubt: a crash or a lost answer left them. Each
// is looked up on the remote side first; what happened is adopted, what did not is closed, and only
// then is its link worked on again. Used from the engine's thread.
class Recovery {
 public:
  Recovery(EngineContext& context, Intake& intake, std::string run_id)
      : context_(context), intake_(intake), recorder_(context, std::move(run_id)) {}

  // Returns the links that are still in doubt (too early to tell, or the remote could not be
  // asked).
  std::set<std::int64_t> Run();

 private:
  enum class Verdict {
    adopted,
    not_done,
    overtaken,  // the record was changed again meanwhile and no longer tells
    unclear,
  };
  Verdict LookUp(const Intent& intent, const LinkWork& work);
  void LookAgainLater(Link link);
  Verdict LookUpReferral(const Intent& intent, const LinkWork& work);
  Verdict LookUpConnected(const Intent& intent, const LinkWork& work);
  Verdict LookUpQualified(const Intent& intent, const LinkWork& work);
  Verdict LookUpUpdate(const Intent& intent, const LinkWork& work);
  Verdict LookUpCreatedCrm(const Intent& intent, const LinkWork& work);
  Verdict Adopt(const Intent& intent, const LinkWork& work, JobOutcome outcome);
  Verdict WithoutEffect(const Intent& intent, const Snapshot& snapshot) const;
  bool ShowsEffect(const Intent& intent, RecordKind kind, const Snapshot& snapshot) const;
  static bool ShowsAudit(const Mapping& mapping, const Intent& intent, const Snapshot& snapshot);

  EngineContext& context_;
  Intake& intake_;
  Recorder recorder_;
};

}  // namespace cosell
