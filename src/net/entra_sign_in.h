#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "net/entra_answer.h"
#include "net/oauth.h"
#include "net/refresh_token.h"
#include "net/sign_in.h"
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
  Result<EntraGrant> Ask(const std::string& audience);
  Status AddGrant(Parameters& form);
  HttpRequest Request(const Parameters& form);
  std::string Scope(std::string_view audience) const;
  std::string TokenUrl() const;

  const EntraIdentity identity_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;
  Random& random_;

  std::mutex mutex_;
  RefreshToken refresh_token_;
  SignInPause pause_;
};

}  // namespace cosell::net
