#pragma once

#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/recorder.h"
#include "engine/requests.h"

namespace cosell {

// Sends jobs whose intents are durable: Partner Center has no batch, so its calls run side by side;
// the CRM's go in one batch beside them. One outcome per job, in order; nothing is recorded. Used
// from the engine's thread.
std::vector<JobOutcome> SendJobs(EngineContext& context, std::span<const Job> jobs);

}  // namespace cosell
