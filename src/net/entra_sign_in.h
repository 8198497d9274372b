#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "net/entra_answer.h"
#include "net/oauth.h"
#include "net/url.h"

namespace cosell::net {

// Internal to net: signs one identity in at Entra, one request at a time, and looks after its
// refresh token. Reads its secrets anew for every sign-in, so a mended one counts at the next
// attempt. Safe from any thread.
class EntraSignIn {
 public:
  EntraSignIn(EntraIdentity identity, HttpTransport& transport, Secrets& secrets, Clock& clock,
              Random& random, Log& log);

  // A new token for `audience`; errors as TokenSource::Token. While Entra has asked us to slow
  // down, answers throttled without asking. A rotated refresh token is stored before this returns.
  Result<EntraGrant> Run(const std::string& audience);

  // Drops a refresh token that lives in memory only.
  void ForgetSecrets();

 private:
  // A rotated refresh token that could not be stored, in place of the one read from its source.
  struct Unsaved {
    std::string stored;  // what the source held; when that changes, somebody has signed in anew
    std::string token;
  };

  Result<EntraGrant> Ask(const std::string& audience);
  Status AddGrant(Parameters& form, std::string& stored_token);
  Status AddProof(Parameters& form);
  HttpRequest Request(const Parameters& form);
  std::string Scope(std::string_view audience) const;
  std::string TokenUrl() const;
  void Keep(const std::string& stored, const std::string& rotated);

  const EntraIdentity identity_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;
  Random& random_;
  Log& log_;

  std::mutex mutex_;
  std::optional<Unsaved> unsaved_;
  std::chrono::nanoseconds pause_until_{0};
};

}  // namespace cosell::net
