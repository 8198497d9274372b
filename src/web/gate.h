#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "web/route.h"
#include "web/tokens.h"

namespace cosell::web {

// Decides who a caller is and whether a route is for it. Safe from any thread.
//
// With tokens, only a token gives a role. Without (the server then listens on loopback alone), a
// caller counts as operator if the request plainly comes from a program on this machine: the peer
// is loopback, the Host it names is loopback too, no proxy has forwarded it, and no web page of
// another site has sent it (Origin, Sec-Fetch-Site). That keeps browsers and forgetful reverse
// proxies out.
class Gate {
 public:
  explicit Gate(std::optional<Tokens> tokens);
  void Replace(std::optional<Tokens> tokens);

  Role RoleOf(const InboundHttp& request) const;

  // Nothing when the caller may pass; else the 401 or 403 to answer.
  std::optional<OutboundHttp> Refusal(Role wanted, Role role) const;

 private:
  std::shared_ptr<const std::optional<Tokens>> Current() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const std::optional<Tokens>> tokens_;
};

// Whether an address is 127.0.0.0/8, ::1 or the IPv4-mapped form of the first.
bool IsLoopbackAddress(const std::string& address);

}  // namespace cosell::web
