#include "webhook/answers.h"

#include <exception>
#include <utility>

#include "base/planted.h"

namespace cosell::webhook {
namespace {

constexpr std::chrono::seconds kRetryAfter{30};

InboundAnswer Answer(int status, std::string text, std::string reason, std::string detail) {
  InboundAnswer answer;
  answer.status = status;
  answer.text = std::move(text);
  answer.reason = std::move(reason);
  answer.detail = std::move(detail);
  return answer;
}

}  // namespace

InboundAnswer Accepted(std::string reason) {
  return Answer(200, "Received.", std::move(reason), {});
}

InboundAnswer BadRequest(std::string reason, std::string detail) {
  return Answer(400, "This is not a notification this address understands.", std::move(reason),
                std::move(detail));
}

InboundAnswer Unauthorized(std::string reason, std::string detail) {
  return Answer(401, "The sender could not be verified.", std::move(reason), std::move(detail));
}

InboundAnswer Forbidden(std::string reason, std::string detail) {
  return Answer(403, "This sender does not belong to this address.", std::move(reason),
                std::move(detail));
}

InboundAnswer TooLarge(std::size_t bytes_max) {
  return Answer(413, "The body is too large.", "too_large",
                "The body is larger than " + std::to_string(bytes_max) + " bytes.");
}

InboundAnswer TryLater(std::string reason, std::string detail) {
  InboundAnswer answer =
      Answer(503, "Please send this again later.", std::move(reason), std::move(detail));
  answer.retry_after = kRetryAfter;
  return answer;
}

InboundAnswer AnswerForAppend(const std::function<bool()>& append, const WakeUp& wake) {
  try {
    if (!append()) return Accepted("duplicate");
  } catch (const std::exception& failure) {
    if (Planted(PlantedBug::event_acknowledged_unsaved)) return Accepted("accepted");
    return TryLater("store_failed", failure.what());
  }
  wake();
  return Accepted("accepted");
}

}  // namespace cosell::webhook
