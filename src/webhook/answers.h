#pragma once

#include <string>
#include <string_view>

#include "webhook/receiver.h"

// The answers all receivers give. `reason` is for metrics and log, `detail` for the log alone;
// the text a sender sees never tells a forger how far he came. Pure.
namespace cosell::webhook {

// 200: the event is durable, was known already, or is none of ours.
InboundAnswer Accepted(std::string reason);
InboundAnswer BadRequest(std::string reason, std::string detail);    // 400: not what it should be
InboundAnswer Unauthorized(std::string reason, std::string detail);  // 401: not proven genuine
InboundAnswer Forbidden(std::string reason, std::string detail);     // 403: genuine, not for us
InboundAnswer TooLarge(std::size_t bytes_max);                       // 413, "too_large"
// 503 with Retry-After: our trouble; the sender should come again.
InboundAnswer TryLater(std::string reason, std::string detail);

// Makes `append` run and turns what it says into "accepted" (then `wake` is called) or "duplicate";
// a failing store becomes 503 "store_failed".
InboundAnswer AnswerForAppend(const std::function<bool()>& append, const WakeUp& wake);

}  // namespace cosell::webhook
