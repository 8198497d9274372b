#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace cosell::sandbox {

// What goes wrong with a request that meets a rule.
enum class FaultKind {
  status,        // answered with `status`, `body` and Retry-After; no effect
  unreachable,   // certainly not sent (over HTTP: closed before anything happens)
  drop_before,   // no effect, connection closed
  drop_after,    // takes effect, the answer is lost
  delay,         // answered properly after `delay_ms`
  truncate,      // takes effect, half of the answer's body arrives
  html,          // takes effect, a gateway's HTML page with status 200 arrives instead
  invalid_json,  // takes effect, the body arrives with its tail replaced by garbage
};

// A rule; the first that matches and is not used up decides. A value.
struct FaultRule {
  std::string service;  // "entra", "referrals", ...; empty: all
  std::string method;   // empty: all
  std::string path;     // regular expression searched in path and query; empty: all
  int skip = 0;         // let this many matching requests pass first
  int times = 1;        // then hit this many; 0: until cleared
  FaultKind kind = FaultKind::status;
  int status = 503;
  // Shape of the error body with `status`: "auto" (the service's own), "gateway", "html", "text",
  // "empty".
  std::string body = "auto";
  std::string code;                  // the service's own word in "auto"; empty: a usual one
  std::optional<int> retry_after_s;  // sends Retry-After
  bool retry_after_as_date = false;  // as an HTTP date instead of seconds
  int delay_ms = 0;
};

std::string_view ToString(FaultKind kind);
// A rule from its JSON form (members named as above). invalid_input names the bad member.
Result<FaultRule> ParseFaultRule(std::string_view json);
std::string ToJson(const FaultRule& rule);

// The rules in force. Single-threaded.
class Faults {
 public:
  // invalid_input for a malformed regular expression.
  Status Add(const FaultRule& rule);
  void Clear() { rules_.clear(); }
  // The fault for this request, counted as used.
  std::optional<FaultRule> Match(std::string_view service, std::string_view method,
                                 const std::string& target);
  std::vector<FaultRule> rules() const;  // `skip` and `times` as still left

 private:
  struct Armed {
    FaultRule rule;
    std::regex path;
    bool used_up = false;
  };
  std::vector<Armed> rules_;
};

// The answer a `status` fault gives in place of the service.
net::HttpResponse FaultAnswer(const FaultRule& rule, std::string_view service, Instant now);
// Damages an honest answer as `truncate`, `html` and `invalid_json` say.
net::HttpResponse Damage(FaultKind kind, net::HttpResponse answer);

}  // namespace cosell::sandbox
