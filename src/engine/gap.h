#pragma once

#include <optional>

#include "engine/context.h"
#include "model/gap.h"

// Time in which nobody looked: the service was off, or a side could not be read. What changed then
// is found as always, by reading; here it is accounted for. A gap is opened in the store when it is
// noticed, filled by reading, and closed once nothing that was found is left to do; a crash in
// between only means that the next round goes on with it. Used from the engine's thread.
namespace cosell {

// Opens a gap when both sides have not been read for a quarter of an hour, or for twice the longest
// interval of the schedule. `listens`: the round follows events alone, which is no reading; where
// nothing else is scheduled that is meant so.
void NoticeGap(EngineContext& context, bool listens);

// Whether an open gap has not been read yet.
bool IsUnread(EngineContext& context);

// A person wants every pair compared again: opens a gap unless one is open, which a rebuild that
// was interrupted goes on with. Returns whether both sides have to be read whole.
bool BeginRebuild(EngineContext& context);

// Whether lists of changes are not enough: the bases may be older than the copy that was lost, or
// the gap is longer than a day.
bool NeedsWholeRead(EngineContext& context);

// Both sides have just been read, whole or what changed.
void NoteRead(EngineContext& context, bool whole);

// Closes an open gap that was read and has nothing left to do.
std::optional<GapCertificate> CloseGap(EngineContext& context);

}  // namespace cosell
