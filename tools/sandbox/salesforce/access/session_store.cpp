#include "tools/sandbox/salesforce/access/session_store.h"

#include <algorithm>

#include "tools/sandbox/salesforce/access/record_id.h"

namespace cosell::sandbox {
namespace {

constexpr std::size_t kRefreshTokenChars = 80;
constexpr std::size_t kCodeChars = 60;
constexpr std::chrono::minutes kCodeLifetime{15};

}  // namespace

SessionStore::SessionStore(Clock& clock, Random& random, std::string organization_id)
    : clock_(clock), random_(random), organization_id_(std::move(organization_id)) {}

std::string SessionStore::NewOpaque(std::string prefix, std::size_t chars) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
  for (std::size_t at = 0; at < chars; ++at) prefix += alphabet[random_.Below(alphabet.size())];
  return prefix;
}

void SessionStore::DropExpired() {
  std::erase_if(sessions_, [this, now = clock_.Now()](const auto& entry) {
    return ExpiresAt(entry.second) <= now;
  });
}

std::string SessionStore::Open(AccessSession session, std::size_t chars) {
  DropExpired();
  session.issued_at = session.last_used = clock_.Now();
  const std::string token = NewOpaque(WithoutChecksum(organization_id_) + "!", chars);
  sessions_[token] = std::move(session);
  return token;
}

const AccessSession* SessionStore::Find(std::string_view access_token) {
  const auto found = sessions_.find(access_token);
  if (found == sessions_.end() || ExpiresAt(found->second) <= clock_.Now()) return nullptr;
  return &found->second;
}

const AccessSession* SessionStore::Use(std::string_view access_token) {
  // Dropped for good: a session that was idle too long stays dead when the policy is relaxed.
  DropExpired();
  const auto found = sessions_.find(access_token);
  if (found == sessions_.end()) return nullptr;
  found->second.last_used = clock_.Now();
  return &found->second;
}

std::string SessionStore::AddRefreshToken(RefreshGrant grant, std::size_t count_max) {
  const auto same = [&grant](const NamedGrant& other) {
    return other.grant.user_id == grant.user_id && other.grant.consumer_key == grant.consumer_key;
  };
  auto count = static_cast<std::size_t>(std::count_if(grants_.begin(), grants_.end(), same));
  for (; count > 0 && count >= count_max; --count) {
    grants_.erase(std::find_if(grants_.begin(), grants_.end(), same));
  }
  const std::string token = NewOpaque("5Aep861", kRefreshTokenChars);
  grants_.push_back({token, std::move(grant)});
  return token;
}

std::optional<RefreshGrant> SessionStore::FindRefreshToken(std::string_view token) const {
  const auto found = std::find_if(grants_.begin(), grants_.end(),
                                  [&](const NamedGrant& entry) { return entry.token == token; });
  return found == grants_.end() ? std::nullopt : std::optional(found->grant);
}

void SessionStore::RemoveRefreshToken(std::string_view token) {
  std::erase_if(grants_, [&](const NamedGrant& entry) { return entry.token == token; });
}

std::string SessionStore::AddCode(SignInCode code) {
  const std::string text = NewOpaque("aPrx", kCodeChars);
  code.issued_at = clock_.Now();
  codes_[text] = std::move(code);
  return text;
}

std::optional<SignInCode> SessionStore::TakeCode(std::string_view code) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return std::nullopt;
  const SignInCode taken = found->second;
  codes_.erase(found);
  if (clock_.Now() - taken.issued_at > kCodeLifetime) return std::nullopt;
  return taken;
}

void SessionStore::Revoke(const std::string& token) {
  if (token.empty()) return;
  sessions_.erase(token);
  RemoveRefreshToken(token);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.refresh_token == token; });
}

void SessionStore::RevokeUser(std::string_view user_id) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.user_id == user_id; });
  std::erase_if(grants_, [&](const NamedGrant& entry) { return entry.grant.user_id == user_id; });
}

}  // namespace cosell::sandbox
