#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace cosell::sandbox {

// An open session, found by its access token.
struct AccessSession {
  std::string user_id{};
  std::string consumer_key{};  // empty: opened without an app (SOAP login, tests)
  std::string scope = "api id";
  std::string refresh_token{};  // the one it came from or with; may be empty
  Instant issued_at{};
  Instant last_used{};
};

// What a refresh token stands for.
struct RefreshGrant {
  std::string consumer_key;
  std::string user_id;
  std::string scope;
};

// A person's sign-in on its way to the app (authorization_code).
struct SignInCode {
  RefreshGrant grant;
  std::string redirect_uri;
  std::string challenge;  // PKCE, S256; empty: none
  Instant issued_at{};
};

// Sessions, refresh tokens and codes. A session ends when it was not used for a while, never at a
// time known beforehand (contract salesforce.md section 2.7). Single-threaded. `clock` and `random`
// must outlive it.
class SessionStore {
 public:
  SessionStore(Clock& clock, Random& random, std::string organization_id);

  // The new access token: "<15 characters of the organisation>!" and `chars` random ones. The times
  // of `session` are set here.
  std::string Open(AccessSession session, std::size_t chars);
  // The live session, or nullptr; Use also counts as activity.
  const AccessSession* Find(std::string_view access_token);
  const AccessSession* Use(std::string_view access_token);
  Instant ExpiresAt(const AccessSession& session) const { return session.last_used + idle_max_; }

  // Of one user and app at most `count_max` live on; the oldest make room.
  std::string AddRefreshToken(RefreshGrant grant, std::size_t count_max);
  std::optional<RefreshGrant> FindRefreshToken(std::string_view token) const;
  void RemoveRefreshToken(std::string_view token);

  std::string AddCode(SignInCode code);
  // Gives a code out once; nothing when it is unknown, used or expired.
  std::optional<SignInCode> TakeCode(std::string_view code);

  // An access token, or a refresh token with every session that came of it. Others are ignored.
  void Revoke(const std::string& token);
  // Sessions and refresh tokens of one user.
  void RevokeUser(std::string_view user_id);
  void CloseAll() { sessions_.clear(); }
  void set_idle_max(std::chrono::seconds idle_max) { idle_max_ = idle_max; }

 private:
  struct NamedGrant {
    std::string token;
    RefreshGrant grant;
  };
  std::string NewOpaque(std::string prefix, std::size_t chars);
  void DropExpired();

  Clock& clock_;
  Random& random_;
  std::string organization_id_;
  std::chrono::seconds idle_max_{std::chrono::hours{2}};
  std::map<std::string, AccessSession, std::less<>> sessions_;
  std::vector<NamedGrant> grants_;  // oldest first
  std::map<std::string, SignInCode, std::less<>> codes_;
};

}  // namespace cosell::sandbox
