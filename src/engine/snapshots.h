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

// Everything the plan may look at for this link. Fails if a stored snapshot cannot be mapped.
Result<LinkView> MakeView(const EngineContext& context, const LinkWork& work);

// The snapshot's mapped record.
Result<Record> MapSnapshot(const EngineContext& context, const Snapshot& snapshot);

}  // namespace cosell
