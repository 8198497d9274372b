#pragma once

#include <string>

#include "engine/context.h"

// What becomes durable of a link when nothing (more) is sent for it. Each adds to one unit of work;
// nothing here reads or writes remotely.
namespace cosell {

// When a link that failed `attempts` times in a row is tried again: 30 s, doubling up to 6 h.
Instant RetryAt(const EngineContext& context, int attempts);

// The link is set aside in `state`, until it changes or, in quarantine, until it is retried.
void SetAside(const EngineContext& context, const LinkWork& work, LinkState state,
              const std::string& reason, Changes* changes);

// Nothing to send: the bases of agreed fields move, and the link rests until something changes. The
// end of a pair is audited. Returns whether a disagreement without a change is news.
bool Rest(EngineContext& context, const LinkWork& work, const LinkView& view, const Plan& plan,
          const std::string& run_id, const std::string& cause, Changes* changes);

// Opens, refreshes and ends the conflicts of a link as its plan says. Returns how many are new.
std::int64_t NoteConflicts(EngineContext& context, const Link& link, const LinkView& view,
                           const Plan& plan, Changes* changes);
// Ends decisions that have nothing left to do.
void NoteDecisions(const EngineContext& context, const LinkWork& work, const Plan& plan,
                   Changes* changes);
// Keeps the values a rule decided against, once each.
void NoteLosers(EngineContext& context, const Link& link, const LinkView& view, const Plan& plan,
                const std::string& cause, Changes* changes);

// The audit entry of a pair that ends or is resumed by policy; nothing remote was written.
AuditEntry PairEntry(const EngineContext& context, const Link& link, const std::string& operation,
                     const std::string& rule, const std::string& reason);

}  // namespace cosell
