#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/world/handler.h"
#include "tools/sandbox/world/switches.h"
#include "tools/sandbox/world/token_check.h"

namespace cosell::sandbox {

// An application registered in the emulated tenant. A value.
struct EntraClient {
  std::string id;
  std::string secret;                  // empty, without certificate: a public client
  std::string certificate_pem;         // accepts client assertions signed with its key
  std::vector<std::string> audiences;  // origins it may ask tokens for
};

// A person (or service account) of the tenant. A value.
struct EntraUser {
  std::string name;  // user principal name
  std::string password;
  std::string object_id;
};

// The Entra emulator: token endpoints v1 and v2, the authorize endpoint of contract
// partner-center.md section 2 and the device code endpoint of RFC 8628, for one tenant.
// Single-threaded. `clock`, `random` and `switches` must outlive it.
class Entra final : public Handler, public TokenCheck {
 public:
  Entra(Clock& clock, Random& random, const Switches& switches, std::string tenant_id,
        std::string tenant_domain);

  void AddClient(EntraClient client);
  void AddUser(EntraUser user);

  // The refresh token an interactive sign-in (with or without MFA) would have left behind.
  std::string IssueRefreshToken(const std::string& client_id, const std::string& user_name,
                                bool mfa);
  // An access token as the endpoint would issue it: for tests that speak HTTP by hand.
  std::string IssueAccessToken(const TokenInfo& info);
  // "Revoke all" of one user (50173), or every access token issued so far.
  void RevokeRefreshTokens(const std::string& user_name);
  void RevokeAccessTokens();
  // The next `times` requests of this client id or user name end with this AADSTS code; 0 times:
  // until the code 0 is set.
  void ForceError(const std::string& client_or_user, int code, int times);
  // A person types this code at the verification page, and signs in or declines. False for a code
  // that is not known or was answered already.
  bool AnswerDeviceCode(const std::string& user_code, const std::string& user_name, bool accept,
                        bool mfa = true);
  // Whether a sign-in at the authorize endpoint passes a second factor; it does by default.
  void SignInsUseMfa(bool mfa) { sign_ins_use_mfa_ = mfa; }
  // The next requests are throttled: plain-text 429 for app-only, 50196 for user grants.
  void Throttle(int requests) { throttled_ = requests; }

  net::HttpResponse Handle(const net::HttpRequest& request) override;
  std::optional<TokenInfo> Check(std::string_view authorization,
                                 std::string_view audience) const override;

 private:
  struct Ask {  // one token request, decoded
    bool v2 = false;
    std::string tenant;
    std::string endpoint;  // the URL it came to: the audience of a client assertion
    std::map<std::string, std::string> form;
    std::string Field(const std::string& name) const;
  };
  struct SignIn {
    std::string user_name;
    std::string object_id;
    bool app_only = false;
    bool mfa = false;
  };
  struct RefreshToken {
    std::string client_id;
    SignIn sign_in;
    Instant last_used;
    bool revoked = false;
  };
  struct Code {
    std::string client_id;
    std::string redirect_uri;
    std::string challenge;
    SignIn sign_in;
    Instant issued_at;
  };
  struct DeviceCode {
    std::string client_id;
    std::string user_code;
    Instant issued_at;
    bool declined = false;
    std::optional<SignIn> sign_in;
  };
  struct AccessToken {
    TokenInfo info;
    Instant expires_at;
  };
  struct Forced {
    int code = 0;
    int times = 0;
  };

  // Each returns 0 or the AADSTS code of the refusal.
  int CheckTenant(const Ask& ask) const;
  int CheckClient(const Ask& ask, const EntraClient*& client) const;
  int CheckCredential(const Ask& ask, const EntraClient& client) const;
  int CheckAudience(const Ask& ask, const EntraClient& client, std::string& audience) const;
  int CheckForced(const std::string& who);
  int DoSignIn(const Ask& ask, const EntraClient& client, SignIn& sign_in);
  int SignInWithPassword(const Ask& ask, SignIn& sign_in) const;
  int SignInWithRefreshToken(const Ask& ask, const EntraClient& client, SignIn& sign_in);
  int SignInWithCode(const Ask& ask, const EntraClient& client, SignIn& sign_in);

  int SignInWithDeviceCode(const Ask& ask, const EntraClient& client, SignIn& sign_in);

  net::HttpResponse Token(const Ask& ask);
  net::HttpResponse BeginDevice(const Ask& ask);
  net::HttpResponse Refuse(int code, bool v2);
  net::HttpResponse Grant(const Ask& ask, const EntraClient& client, const std::string& audience,
                          const SignIn& sign_in);
  net::HttpResponse Authorize(const std::string& query);
  std::string NewOpaque(std::string_view prefix);
  std::string Store(const TokenInfo& info, int lifetime_s);
  void DropExpired();

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  std::string tenant_id_;
  std::string tenant_domain_;
  std::map<std::string, EntraClient> clients_;
  std::map<std::string, EntraUser> users_;
  std::map<std::string, RefreshToken> refresh_tokens_;
  std::map<std::string, Code> codes_;
  std::map<std::string, DeviceCode> device_codes_;
  std::map<std::string, AccessToken, std::less<>> access_tokens_;
  std::map<std::string, Forced> forced_;
  int throttled_ = 0;
  bool sign_ins_use_mfa_ = true;
};

}  // namespace cosell::sandbox
