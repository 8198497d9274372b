#include "tools/sandbox/world/tokens.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/world/client_assertion.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/reply.h"
#include "tools/sandbox/world/token_errors.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::hours kRefreshTokenIdleMax{24 * 90};
constexpr std::chrono::minutes kCodeLifetime{10};
constexpr std::chrono::seconds kDeviceCodeLifetime{900};
constexpr std::chrono::seconds kDeviceInterval{5};
constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::int64_t UnixSeconds(Instant at) { return ToUnixMs(at) / 1000; }

std::string WithoutSlash(std::string_view audience) {
  return ToLower(audience.ends_with('/') ? audience.substr(0, audience.size() - 1) : audience);
}

bool Contains(const std::string& scope, std::string_view word) {
  const std::vector<std::string> words = Split(scope, ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The audience a v2 scope asks for; empty when it names none or two.
std::string AudienceOfScope(const std::string& scope, bool app_only) {
  std::string audience;
  for (const std::string& word : Split(scope, ' ')) {
    const std::size_t slash = word.rfind('/');
    if (word.find("://") == std::string::npos || slash == std::string::npos) continue;
    const std::string permission = word.substr(slash + 1);
    if (permission != ".default" && (app_only || permission != "user_impersonation")) return "";
    if (!audience.empty()) return "";
    audience = WithoutSlash(word.substr(0, slash));
  }
  return audience;
}

// The redirect addresses the apps of this tenant have registered; loopback ports do not count.
bool IsLoopback(const std::string& uri) {
  return uri.starts_with("http://localhost") || uri.starts_with("http://127.0.0.1");
}

net::HttpResponse Uncached(net::HttpResponse answer) {
  answer.headers.emplace_back("Cache-Control", "no-cache, no-store");
  answer.headers.emplace_back("Pragma", "no-cache");
  answer.headers.emplace_back("Expires", "-1");
  return answer;
}

}  // namespace

std::string Entra::Ask::Field(const std::string& name) const {
  const auto found = form.find(name);
  return found == form.end() ? "" : found->second;
}

Entra::Entra(Clock& clock, Random& random, const Switches& switches, std::string tenant_id,
             std::string tenant_domain)
    : clock_(clock),
      random_(random),
      switches_(switches),
      tenant_id_(std::move(tenant_id)),
      tenant_domain_(std::move(tenant_domain)) {}

void Entra::AddClient(EntraClient client) {
  for (std::string& audience : client.audiences) audience = WithoutSlash(audience);
  const std::string key = ToLower(client.id);
  clients_[key] = std::move(client);
}

void Entra::AddUser(EntraUser user) {
  const std::string key = ToLower(user.name);
  users_[key] = std::move(user);
}

std::string Entra::NewOpaque(std::string_view prefix) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const std::uint64_t word = random_.Next();
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>((word >> shift) & 0xff);
  }
  return std::string(prefix) + Base64Url(bytes);
}

std::string Entra::IssueRefreshToken(const std::string& client_id, const std::string& user_name,
                                     bool mfa) {
  const EntraUser& user = users_.at(ToLower(user_name));
  const std::string token = NewOpaque("0.AX");
  refresh_tokens_[token] = {client_id, {user.name, user.object_id, false, mfa}, clock_.Now()};
  return token;
}

std::string Entra::Store(const TokenInfo& info, int lifetime_s) {
  DropExpired();
  const std::int64_t now = UnixSeconds(clock_.Now());
  Json claims = {
      {"aud", info.audience},    {"iss", "https://sts.windows.net/" + info.tenant_id + "/"},
      {"iat", now - 300},        {"nbf", now - 300},
      {"exp", now + lifetime_s}, {"appid", info.client_id},
      {"tid", info.tenant_id},   {"oid", info.object_id}};
  if (info.app_only) {
    claims["roles"] = Json::array();
  } else {
    claims["upn"] = info.user_name;
    claims["scp"] = "user_impersonation";
    claims["amr"] = info.mfa ? Json{"pwd", "mfa"} : Json{"pwd"};
  }
  const std::string token = Base64Url(R"({"typ":"JWT","alg":"none"})") + "." +
                            Base64Url(claims.dump()) + "." + NewOpaque("");
  access_tokens_[token] = {info, clock_.Now() + std::chrono::seconds(lifetime_s)};
  return token;
}

std::string Entra::IssueAccessToken(const TokenInfo& info) {
  TokenInfo known = info;
  known.audience = WithoutSlash(info.audience);
  return Store(known, switches_.access_token_lifetime_s);
}

void Entra::DropExpired() {
  std::erase_if(access_tokens_,
                [now = clock_.Now()](const auto& entry) { return entry.second.expires_at <= now; });
}

void Entra::RevokeRefreshTokens(const std::string& user_name) {
  for (auto& [token, state] : refresh_tokens_)
    if (EqualsIgnoreCase(state.sign_in.user_name, user_name)) state.revoked = true;
}

void Entra::RevokeAccessTokens() { access_tokens_.clear(); }

void Entra::ForceError(const std::string& client_or_user, int code, int times) {
  forced_[ToLower(client_or_user)] = {code, times};
}

std::optional<TokenInfo> Entra::Check(std::string_view authorization,
                                      std::string_view audience) const {
  if (!StartsWithIgnoreCase(authorization, "Bearer ")) return std::nullopt;
  const auto found = access_tokens_.find(Trim(authorization.substr(7)));
  if (found == access_tokens_.end() || found->second.expires_at <= clock_.Now())
    return std::nullopt;
  if (found->second.info.audience != WithoutSlash(audience)) return std::nullopt;
  return found->second.info;
}

net::HttpResponse Entra::Handle(const net::HttpRequest& request) {
  const Url url = ParseUrl(request.url);
  const std::vector<std::string> parts = Split(url.path, '/');  // "", tenant, "oauth2", ...
  const bool v2 = parts.size() == 5 && parts[3] == "v2.0";
  if (parts.size() < 4 || parts[2] != "oauth2" || (parts.size() != 4 && !v2))
    return TextReply(404, "Not found", "text/plain");
  if (parts.back() == "authorize" && request.method == "GET") return Authorize(url.query);
  const bool device = parts.back() == "devicecode" && v2;
  if (parts.back() != "token" && !device) return TextReply(404, "Not found", "text/plain");
  if (request.method != "POST") return Refuse(900144, v2);
  Ask ask{v2, parts[1], url.origin + url.path, {}};
  if (StartsWithIgnoreCase(HeaderOf(request, "Content-Type"), "application/x-www-form-urlencoded"))
    ask.form = ParseForm(request.body);
  return device ? BeginDevice(ask) : Token(ask);
}

net::HttpResponse Entra::Token(const Ask& ask) {
  const std::string grant = ask.Field("grant_type");
  if (throttled_ > 0) {
    --throttled_;
    if (grant != "client_credentials") return Refuse(50196, ask.v2);
    net::HttpResponse answer = TextReply(429, "Too many requests. Try again later.", "text/plain");
    answer.headers.emplace_back("Retry-After", "60");
    return answer;
  }
  const EntraClient* client = nullptr;
  std::string audience;
  SignIn sign_in;
  int code = CheckTenant(ask);
  if (code == 0) code = CheckClient(ask, client);
  if (code == 0) code = CheckForced(client->id);
  if (code == 0) code = CheckCredential(ask, *client);
  if (code == 0) code = CheckAudience(ask, *client, audience);
  if (code == 0) code = DoSignIn(ask, *client, sign_in);
  if (code == 0 && !sign_in.app_only) code = CheckForced(sign_in.user_name);
  if (code == 0 && !sign_in.app_only && switches_.mfa_required && !sign_in.mfa) code = 50076;
  return code != 0 ? Refuse(code, ask.v2) : Grant(ask, *client, audience, sign_in);
}

int Entra::CheckTenant(const Ask& ask) const {
  if (EqualsIgnoreCase(ask.tenant, tenant_id_) || EqualsIgnoreCase(ask.tenant, tenant_domain_))
    return 0;
  const std::string tenant = ToLower(ask.tenant);
  if (tenant != "common" && tenant != "organizations" && tenant != "consumers") return 90002;
  if (ask.v2 && tenant == "organizations") return 0;
  return ask.v2 && ask.Field("grant_type") == "password" ? 9001023 : 50194;
}

int Entra::CheckClient(const Ask& ask, const EntraClient*& client) const {
  if (ask.Field("grant_type").empty() || ask.Field("client_id").empty()) return 900144;
  const auto found = clients_.find(ToLower(ask.Field("client_id")));
  if (found == clients_.end()) return 700016;
  client = &found->second;
  return 0;
}

int Entra::CheckForced(const std::string& who) {
  const auto found = forced_.find(ToLower(who));
  if (found == forced_.end()) return 0;
  const int code = found->second.code;
  if (found->second.times > 0 && --found->second.times == 0) forced_.erase(found);
  return code;
}

int Entra::CheckCredential(const Ask& ask, const EntraClient& client) const {
  const std::string secret = ask.Field("client_secret");
  const std::string assertion = ask.Field("client_assertion");
  if (client.secret.empty() && client.certificate_pem.empty())
    return secret.empty() && assertion.empty() ? 0 : 700025;
  if (!assertion.empty()) {
    if (ask.Field("client_assertion_type") != kAssertionType) return 900144;
    return VerifyClientAssertion(assertion, client.certificate_pem, client.id, ask.endpoint,
                                 clock_.Now())
               ? 0
               : 700027;
  }
  if (secret.empty()) return 7000218;
  return secret == client.secret ? 0 : 7000215;
}

int Entra::CheckAudience(const Ask& ask, const EntraClient& client, std::string& audience) const {
  if (ask.v2) {
    if (!ask.Field("resource").empty()) return 901002;
    if (ask.Field("scope").empty()) return 900144;
    audience = AudienceOfScope(ask.Field("scope"), ask.Field("grant_type") == "client_credentials");
    if (audience.empty()) return 70011;
  } else {
    if (ask.Field("resource").empty()) return 900144;
    audience = WithoutSlash(ask.Field("resource"));
  }
  const auto allowed = [&audience](const EntraClient& c) {
    return std::find(c.audiences.begin(), c.audiences.end(), audience) != c.audiences.end();
  };
  if (allowed(client)) return 0;
  return std::any_of(clients_.begin(), clients_.end(),
                     [&](const auto& entry) { return allowed(entry.second); })
             ? 650057
             : 500011;
}

int Entra::DoSignIn(const Ask& ask, const EntraClient& client, SignIn& sign_in) {
  const std::string grant = ask.Field("grant_type");
  if (grant == "password") return SignInWithPassword(ask, sign_in);
  if (grant == "refresh_token") return SignInWithRefreshToken(ask, client, sign_in);
  if (grant == "authorization_code") return SignInWithCode(ask, client, sign_in);
  if (grant == kDeviceGrant && ask.v2) return SignInWithDeviceCode(ask, client, sign_in);
  if (grant != "client_credentials") return 70003;
  if (client.secret.empty() && client.certificate_pem.empty()) return 7000218;
  sign_in = {"", client.id, true, false};
  return 0;
}

int Entra::SignInWithPassword(const Ask& ask, SignIn& sign_in) const {
  if (ask.Field("username").empty() || ask.Field("password").empty()) return 900144;
  const auto user = users_.find(ToLower(ask.Field("username")));
  if (user == users_.end()) return 50034;
  if (user->second.password != ask.Field("password")) return 50126;
  sign_in = {user->second.name, user->second.object_id, false, false};
  return 0;
}

int Entra::SignInWithRefreshToken(const Ask& ask, const EntraClient& client, SignIn& sign_in) {
  if (ask.Field("refresh_token").empty()) return 900144;
  const auto found = refresh_tokens_.find(ask.Field("refresh_token"));
  if (found == refresh_tokens_.end() || found->second.client_id != client.id) return 70000;
  RefreshToken& token = found->second;
  if (token.revoked) return 50173;
  if (clock_.Now() - token.last_used > kRefreshTokenIdleMax) return 700082;
  token.last_used = clock_.Now();
  sign_in = token.sign_in;
  return 0;
}

int Entra::SignInWithCode(const Ask& ask, const EntraClient& client, SignIn& sign_in) {
  if (ask.Field("code").empty() || ask.Field("redirect_uri").empty()) return 900144;
  const auto found = codes_.find(ask.Field("code"));
  if (found == codes_.end()) return 70000;
  const Code code = found->second;
  codes_.erase(found);
  if (code.client_id != client.id || code.redirect_uri != ask.Field("redirect_uri")) return 70000;
  if (clock_.Now() - code.issued_at > kCodeLifetime) return 70008;
  if (!code.challenge.empty() && Base64Url(Sha256(ask.Field("code_verifier"))) != code.challenge)
    return 501481;
  sign_in = code.sign_in;
  return 0;
}

int Entra::SignInWithDeviceCode(const Ask& ask, const EntraClient& client, SignIn& sign_in) {
  const auto found = device_codes_.find(ask.Field("device_code"));
  if (found == device_codes_.end() || found->second.client_id != client.id) return 70018;
  DeviceCode& code = found->second;
  if (clock_.Now() - code.issued_at > kDeviceCodeLifetime) return 70019;
  if (code.declined) return 70017;
  if (!code.sign_in) return 70016;
  sign_in = *code.sign_in;
  device_codes_.erase(found);
  return 0;
}

net::HttpResponse Entra::BeginDevice(const Ask& ask) {
  if (const int code = CheckTenant(ask); code != 0) return Refuse(code, true);
  const auto client = clients_.find(ToLower(ask.Field("client_id")));
  if (client == clients_.end()) return Refuse(700016, true);
  std::string audience;
  if (const int code = CheckAudience(ask, client->second, audience); code != 0) {
    return Refuse(code, true);
  }
  const std::string device_code = NewOpaque("0.DC");
  const std::string user_code = "C" + std::to_string(10'000'000 + random_.Below(90'000'000));
  device_codes_[device_code] = {client->second.id, user_code, clock_.Now(), false, std::nullopt};
  return Uncached(JsonReply(200, Json{{"user_code", user_code},
                                      {"device_code", device_code},
                                      {"verification_uri", "https://microsoft.com/devicelogin"},
                                      {"expires_in", kDeviceCodeLifetime.count()},
                                      {"interval", kDeviceInterval.count()},
                                      {"message", "To sign in, enter the code " + user_code + "."}}
                                     .dump()));
}

bool Entra::AnswerDeviceCode(const std::string& user_code, const std::string& user_name,
                             bool accept, bool mfa) {
  const auto user = users_.find(ToLower(user_name));
  for (auto& [device_code, code] : device_codes_) {
    if (code.user_code != user_code || code.declined || code.sign_in || user == users_.end()) {
      continue;
    }
    code.declined = !accept;
    if (accept) code.sign_in = SignIn{user->second.name, user->second.object_id, false, mfa};
    return true;
  }
  return false;
}

net::HttpResponse Entra::Refuse(int code, bool v2) {
  return Uncached(TokenError(code, v2, {clock_.Now(), NewGuid(random_), NewGuid(random_)}));
}

net::HttpResponse Entra::Grant(const Ask& ask, const EntraClient& client,
                               const std::string& audience, const SignIn& sign_in) {
  const int lifetime_s = switches_.access_token_lifetime_s - (ask.v2 ? 1 : 0);
  const TokenInfo info{audience,          tenant_id_,       client.id,  sign_in.object_id,
                       sign_in.user_name, sign_in.app_only, sign_in.mfa};
  Json body = {{"token_type", "Bearer"}, {"access_token", Store(info, lifetime_s)}};
  const std::string scope = ask.Field("scope");
  if (ask.v2) {
    body["expires_in"] = lifetime_s;
    body["ext_expires_in"] = lifetime_s;
    if (!sign_in.app_only) body["scope"] = audience + "/user_impersonation";
  } else {
    const std::int64_t now = UnixSeconds(clock_.Now());
    body["expires_in"] = std::to_string(lifetime_s);
    body["ext_expires_in"] = std::to_string(lifetime_s);
    body["expires_on"] = std::to_string(now + lifetime_s);
    body["not_before"] = std::to_string(now - 300);
    body["resource"] = ask.Field("resource");
    if (!sign_in.app_only) body["scope"] = "user_impersonation";
  }
  const bool keeps_going = !sign_in.app_only && (!ask.v2 || Contains(scope, "offline_access"));
  const bool rotates = ask.Field("grant_type") != "refresh_token" || switches_.refresh_rotation;
  if (keeps_going && rotates)
    body["refresh_token"] = IssueRefreshToken(client.id, sign_in.user_name, sign_in.mfa);
  if (!sign_in.app_only && Contains(scope, "openid"))
    body["id_token"] = Base64Url(R"({"typ":"JWT","alg":"none"})") + "." +
                       Base64Url(Json{{"aud", client.id}, {"upn", sign_in.user_name}}.dump()) + ".";
  return Uncached(JsonReply(200, body.dump()));
}

// Signs the named (or only) user in without asking and sends the code back.
net::HttpResponse Entra::Authorize(const std::string& query) {
  const auto form = ParseForm(query);
  const auto field = [&form](const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
  };
  const auto client = clients_.find(ToLower(field("client_id")));
  auto user = users_.find(ToLower(field("login_hint")));
  if (user == users_.end()) user = users_.begin();
  if (client == clients_.end() || user == users_.end() || field("redirect_uri").empty())
    return Refuse(client == clients_.end() ? 700016 : 900144, true);
  const auto send_back = [&](const std::string& result) {
    net::HttpResponse answer;
    answer.status = 302;
    const char joint = field("redirect_uri").find('?') == std::string::npos ? '?' : '&';
    answer.headers.emplace_back(
        "Location", field("redirect_uri") + joint + result + "&state=" + UrlEncode(field("state")));
    return answer;
  };
  const auto refused = [&](int error, const std::string& name) {
    return send_back("error=" + name + "&error_description=" +
                     UrlEncode("AADSTS" + std::to_string(error) + ": the sign-in was refused."));
  };
  if (!IsLoopback(field("redirect_uri"))) return Refuse(50011, true);
  if (field("response_type") != "code") return refused(900144, "unsupported_response_type");
  const bool plain = !field("code_challenge").empty() && field("code_challenge_method") != "S256";
  if (plain) return refused(501481, "invalid_request");
  if (const int forced = CheckForced(user->second.name)) return refused(forced, "access_denied");
  const std::string code = NewOpaque("0.AC");
  const SignIn sign_in{user->second.name, user->second.object_id, false, sign_ins_use_mfa_};
  codes_[code] = {client->first, field("redirect_uri"), field("code_challenge"), sign_in,
                  clock_.Now()};
  return send_back("code=" + code);
}

}  // namespace cosell::sandbox
