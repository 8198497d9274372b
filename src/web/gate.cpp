#include "web/gate.h"

#include <Poco/Net/IPAddress.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace cosell::web {
namespace {

// "127.0.0.1:8080", "[::1]:8080", "localhost" -> whether it names this machine.
bool IsLoopbackAuthority(std::string_view authority) {
  std::string host(authority);
  if (!host.empty() && host.front() == '[') {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return EqualsIgnoreCase(host, "localhost") || IsLoopbackAddress(host);
}

bool IsForeignOrigin(const net::Headers& headers) {
  const auto site = net::FindHeader(headers, "Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return true;
  const auto origin = net::FindHeader(headers, "Origin");
  if (!origin) return false;
  const auto scheme = origin->find("://");
  return scheme == std::string_view::npos || !IsLoopbackAuthority(origin->substr(scheme + 3));
}

bool IsForwarded(const net::Headers& headers) {
  constexpr std::array<std::string_view, 5> kProxyHeaders = {"Forwarded", "Via", "X-Forwarded-For",
                                                             "X-Forwarded-Host", "X-Real-IP"};
  for (const auto name : kProxyHeaders) {
    if (net::FindHeader(headers, name)) return true;
  }
  return false;
}

bool IsLocalProgram(const InboundHttp& request) {
  const auto host = net::FindHeader(request.headers, "Host");
  return IsLoopbackAddress(request.remote_address) && host && IsLoopbackAuthority(*host) &&
         !IsForwarded(request.headers) && !IsForeignOrigin(request.headers);
}

Role RoleByToken(const Tokens& tokens, const net::Headers& headers) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto authorization = net::FindHeader(headers, "Authorization");
  if (!authorization || !StartsWithIgnoreCase(*authorization, kScheme)) return Role::none;
  return tokens.RoleOf(Trim(authorization->substr(kScheme.size())));
}

}  // namespace

bool IsLoopbackAddress(const std::string& address) {
  Poco::Net::IPAddress parsed;
  if (!Poco::Net::IPAddress::tryParse(address, parsed)) return false;
  constexpr std::string_view kMapped = "::ffff:127.";
  return parsed.isLoopback() || StartsWithIgnoreCase(parsed.toString(), kMapped);
}

Gate::Gate(std::optional<Tokens> tokens) { Replace(std::move(tokens)); }

void Gate::Replace(std::optional<Tokens> tokens) {
  auto fresh = std::make_shared<const std::optional<Tokens>>(std::move(tokens));
  const std::lock_guard lock(mutex_);
  tokens_ = std::move(fresh);
}

std::shared_ptr<const std::optional<Tokens>> Gate::Current() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

Role Gate::RoleOf(const InboundHttp& request) const {
  const auto tokens = Current();
  if (*tokens) return RoleByToken(**tokens, request.headers);
  return IsLocalProgram(request) ? Role::operator_ : Role::none;
}

std::optional<OutboundHttp> Gate::Refusal(Role wanted, Role role) const {
  if (role >= wanted) return std::nullopt;
  if (role == Role::none && Current()->has_value()) {
    OutboundHttp answer =
        ErrorAnswer(401, ErrorKind::unauthorized,
                    "a bearer token with the role " + std::string(ToString(wanted)) + " is needed");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"cosell-sync\"");
    return answer;
  }
  if (role == Role::none) {
    return ErrorAnswer(403, ErrorKind::forbidden,
                       "without server.tokens_file this is for programs on this machine only; "
                       "name a tokens file to use it through a proxy or a browser");
  }
  return ErrorAnswer(403, ErrorKind::forbidden,
                     "the role " + std::string(ToString(wanted)) + " is needed");
}

}  // namespace cosell::web
