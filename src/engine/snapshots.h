#pragma once

#include <optional>

#include "base/result.h"
#include "engine/context.h"
#include "model/link.h"

// Remote records -> snapshots -> what the plan looks at.
namespace cosell {

// Fails if the raw text cannot be mapped; then the record is left as it was.
Result<Snapshot> MakeSnapshot(const EngineContext& context, const RemoteReferral& referral);
Result<Snapshot> MakeSnapshot(const EngineContext& context, const CrmRecord& record);

// Everything the plan may look at for this link. Fails if a stored snapshot cannot be mapped, or
// the link is about a lead and leads are not synced.
Result<LinkView> MakeView(const EngineContext& context, const LinkWork& work);
// The same, seen as this kind of record: as it was when an intent was planned.
Result<LinkView> MakeViewAs(RecordKind kind, const EngineContext& context, const LinkWork& work);

// Owner, contact and customer of a record that was read with its related ones; without people whose
// data was erased.
Result<Sharing> SharingOf(const EngineContext& context, const CrmRecord& record);

// Owner, contact and customer, as they were read with the opportunity.
void TakePeople(const Mapping& mapping, Sharing sharing, LinkView* view);
// Whether an accepted pair's owner or contact is not the one that was last compared, so that they
// have to be read. A pair met for the first time is taken over with whoever is there.
bool HasOtherPeople(const Mapping& mapping, const LinkView& view);

// The snapshot's record, mapped by one part of the mapping; a CRM record's own kind.
Result<Record> MapSnapshot(const EngineContext& context, const Snapshot& snapshot, RecordKind kind);

}  // namespace cosell
