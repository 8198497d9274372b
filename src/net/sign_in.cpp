#include "net/sign_in.h"

#include <utility>

namespace cosell::net {

HttpRequest TokenRequest(const std::string& token_url, const Parameters& form) {
  return {.method = "POST",
          .url = token_url,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                      {"Accept", "application/json"}},
          .body = EncodeParameters(form)};
}

Error UnusableCredential(const Error& cause) {
  return Error{.kind = ErrorKind::unauthorized, .message = "sign-in: " + cause.message};
}

Error NoTokenAnswer(Error error) {
  if (error.kind != ErrorKind::unreachable) error.kind = ErrorKind::unavailable;
  error.message = "sign-in: " + error.message;
  return error;
}

SignInPause::SignInPause(const Clock& clock, std::string service)
    : clock_(clock), service_(std::move(service)) {}

std::optional<Error> SignInPause::Left() const {
  const std::chrono::nanoseconds left = until_ - clock_.Monotonic();
  if (left.count() <= 0) return std::nullopt;
  return Error{.kind = ErrorKind::throttled,
               .message = "sign-in: " + service_ + " asked us to slow down",
               .retry_after = std::chrono::ceil<std::chrono::milliseconds>(left)};
}

void SignInPause::Heed(const Error& error) {
  if (error.kind == ErrorKind::throttled && error.retry_after) {
    until_ = clock_.Monotonic() + *error.retry_after;
  }
}

}  // namespace cosell::net
