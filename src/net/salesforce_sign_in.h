#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "net/refresh_token.h"
#include "net/salesforce_answer.h"
#include "net/salesforce_tokens.h"
#include "net/sign_in.h"
#include "net/url.h"

namespace cosell::net {

// Internal to net: whom a signed assertion is meant for (salesforce.md section 2.2). A My Domain is
// no audience of its own: it stands for login.salesforce.com, a sandbox's for test.salesforce.com.
// Any other login URL is its own audience. Pure.
std::string AssertionAudience(std::string_view login_url);

// Internal to net: signs one identity in at Salesforce, one request at a time, and looks after its
// refresh token. Reads its secrets anew for every sign-in, so a mended one counts at the next
// attempt. Safe from any thread.
class SalesforceSignIn {
 public:
  // Throws std::invalid_argument for a grant that is not one of the four.
  SalesforceSignIn(SalesforceIdentity identity, HttpTransport& transport, Secrets& secrets,
                   Clock& clock, Log& log);

  // A new token; errors as TokenSource::Token. While Salesforce counts too many sign-ins, answers
  // throttled without asking. A rotated refresh token is stored before this returns.
  Result<SalesforceGrant> Run();

  // Drops a refresh token that lives in memory only.
  void ForgetSecrets();

 private:
  Result<SalesforceGrant> Ask();
  Result<Parameters> Form();
  Status AddAssertion(Parameters& form);
  Status AddRefreshToken(Parameters& form);
  Status AddPassword(Parameters& form);
  Status AddApp(Parameters& form);

  const SalesforceIdentity identity_;
  HttpTransport& transport_;
  Secrets& secrets_;
  Clock& clock_;

  std::mutex mutex_;
  RefreshToken refresh_token_;
  SignInPause pause_;
};

}  // namespace cosell::net
