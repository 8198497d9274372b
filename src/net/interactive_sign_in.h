#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/oauth.h"
#include "net/salesforce_tokens.h"

namespace cosell::net {

// What a person's sign-in has yielded. A value; never printed but on request.
struct SignedIn {
  std::string refresh_token;
  // Whether the person was asked for a second factor; nothing where the token does not tell.
  std::optional<bool> mfa{};
};

// What a person types into a browser anywhere.
struct DevicePrompt {
  std::string user_code;
  std::string verification_url;
  std::chrono::seconds interval{5};  // between two calls of PollDevice
  std::chrono::seconds lifetime{900};
};

// One sign-in of a person at a browser: the authorization code with PKCE (S256) on a redirect to
// this machine, or a code typed on another device (contracts partner-center.md section 2.2,
// salesforce.md section 2.1; the device flow follows RFC 8628). Errors as TokenSource::Token, and
// refused when the person says no. Used from one thread.
class InteractiveSignIn {
 public:
  virtual ~InteractiveSignIn() = default;

  // The address to open; the answer comes to `redirect_uri`. Each call begins anew.
  virtual std::string BrowserUrl(const std::string& redirect_uri) = 0;
  // Whether the query of a redirect answers the last BrowserUrl: it carries its state.
  virtual bool IsAnswer(std::string_view query) const = 0;
  // Exchanges the code in the answer; refused where it holds none, or another's state.
  virtual Result<SignedIn> Redeem(std::string_view query) = 0;

  // refused where the identity provider offers no such flow.
  virtual Result<DevicePrompt> BeginDevice() = 0;
  // Nothing while the person has not finished. After slow_down the interval is five seconds longer.
  virtual Result<std::optional<SignedIn>> PollDevice() = 0;
  virtual std::chrono::seconds interval() const = 0;
};

// For tokens of `audience`; the refresh token serves every audience of the identity. What is passed
// by reference must outlive the object.
std::unique_ptr<InteractiveSignIn> MakeEntraLogin(EntraIdentity identity, std::string audience,
                                                  HttpTransport& transport, Secrets& secrets,
                                                  Clock& clock, Random& random);
std::unique_ptr<InteractiveSignIn> MakeSalesforceLogin(SalesforceIdentity identity,
                                                       HttpTransport& transport, Secrets& secrets,
                                                       Clock& clock);

}  // namespace cosell::net
