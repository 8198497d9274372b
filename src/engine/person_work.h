#pragma once

#include <cstdint>
#include <string>

#include "engine/context.h"
#include "engine/person.h"

// What a person tells the engine, made durable. Requires a bound mapping and that no round runs at
// the same time; what each call answers is said at Engine::Resolve and Engine::RetryQuarantined.
namespace cosell {

Status KeepDecision(EngineContext& context, const Resolution& resolution);
Result<std::int64_t> ReleaseQuarantined(EngineContext& context, const std::string& record_id);

}  // namespace cosell
