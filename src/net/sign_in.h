#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "net/url.h"

// Internal to net: what signing in at a token endpoint is everywhere, at Entra and at Salesforce.
namespace cosell::net {

// A form, POSTed, whose answer is wanted as JSON.
HttpRequest TokenRequest(const std::string& token_url, const Parameters& form);

// A secret, key or certificate of ours that cannot be used stops the sign-in like a refusal does:
// the connection pauses until it is mended.
Error UnusableCredential(const Error& cause);

// Asking for a token again does no harm, so an unknown outcome is only a service that is not there.
Error NoTokenAnswer(Error error);

// The time for which a service has asked not to be asked. Not safe from several threads.
class SignInPause {
 public:
  // `service` begins the message: "Entra". `clock` must outlive this.
  SignInPause(const Clock& clock, std::string service);

  // throttled with the time left, while it lasts.
  std::optional<Error> Left() const;
  // Begins where `error` is throttled and names a time.
  void Heed(const Error& error);

 private:
  const Clock& clock_;
  const std::string service_;
  std::chrono::nanoseconds until_{0};
};

}  // namespace cosell::net
