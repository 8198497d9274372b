#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/api_client.h"
#include "net/salesforce_tokens.h"
#include "net/url.h"

namespace cosell::test {

using Json = nlohmann::json;

inline constexpr const char* kInstance = "https://northwind-orchard.my.salesforce.com";

inline net::ApiAnswer Answered(int status, std::string body = {}, net::Headers headers = {}) {
  net::ApiAnswer answer;
  answer.response.status = status;
  answer.response.headers = std::move(headers);
  if (!body.empty() && !net::FindHeader(answer.response.headers, "Content-Type")) {
    answer.response.headers.emplace_back("Content-Type", "application/json;charset=UTF-8");
  }
  answer.response.body = std::move(body);
  answer.clock_offset = std::chrono::milliseconds{250};
  return answer;
}

inline net::ApiAnswer Answered(int status, const char* body) {
  return Answered(status, std::string(body));
}

inline net::ApiAnswer Answered(int status, const Json& body) {
  return Answered(status, body.dump());
}

// The array a single call is refused with (contract salesforce.md section 3.5).
inline net::ApiAnswer Refused(int status, const std::string& code,
                              const std::string& message = "no",
                              const std::vector<std::string>& fields = {}) {
  return Answered(status,
                  Json::array({{{"errorCode", code}, {"message", message}, {"fields", fields}}}));
}

inline Error Failed(ErrorKind kind) {
  Error error;
  error.kind = kind;
  error.message = "scripted";
  return error;
}

// A Salesforce that answers by script: each rule names a method and a piece of the decoded path.
// Takes composite requests apart and answers each part by the same rules. What no rule matches is
// answered 404, as an unknown resource is. Every answer carries the Date of `now`.
class ScriptedApi final : public net::ApiClient {
 public:
  struct Received {
    std::string method;
    std::string path;  // decoded, below the version's root
    net::Headers headers;
    std::string body;
    net::Repeat repeat = net::Repeat::safe;
    std::string url;  // as sent; empty within a composite request
    std::string header(std::string_view name) const {
      return std::string(net::FindHeader(headers, name).value_or(""));
    }
    Json json() const { return Json::parse(body); }
  };
  using Answer = Result<net::ApiAnswer>;
  using Script = std::function<Answer(const Received&)>;

  // Always; of several matching rules the latest counts.
  void On(const std::string& method, const std::string& piece, Answer answer) {
    Does(method, piece, [answer = std::move(answer)](const Received&) { return answer; });
  }
  void Does(const std::string& method, const std::string& piece, Script script) {
    always_.insert(always_.begin(), {method, piece, std::move(script)});
  }
  // Once, before what is always answered; several in their order.
  void Once(const std::string& method, const std::string& piece, Answer answer) {
    once_.push_back(
        {method, piece, [answer = std::move(answer)](const Received&) { return answer; }});
  }

  Result<net::ApiAnswer> Send(const net::ApiCall& call) override {
    const std::string& url = call.request.url;
    const std::string root = std::string(kInstance) + "/services/data/v62.0";
    Received received{
        call.request.method,  net::UrlDecode(url.starts_with(root) ? url.substr(root.size()) : url),
        call.request.headers, call.request.body,
        call.repeat,          url};
    all.push_back(received);
    return Stamped(received.path == "/composite" ? Composite(received) : Dispatch(received));
  }

  // The requests of a method whose path contains `piece`, those inside composite requests too.
  std::vector<Received> Requests(const std::string& method, const std::string& piece) const {
    std::vector<Received> found;
    for (const Received& each : all) {
      if (each.method == method && each.path.find(piece) != std::string::npos) {
        found.push_back(each);
      }
    }
    return found;
  }
  std::size_t Calls() const {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const Received& each) { return !each.url.empty(); }));
  }
  std::size_t Writes() const {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Received& each) {
      return each.repeat == net::Repeat::never;
    }));
  }
  void Forget() { all.clear(); }

  std::vector<Received> all;
  std::optional<Instant> now = ParseInstant("2026-10-19T09:00:30Z");
  std::string limit_info = "api-usage=10018/100000";

 private:
  struct Rule {
    std::string method;
    std::string piece;
    Script script;
    bool Matches(const Received& request) const {
      return method == request.method && request.path.find(piece) != std::string::npos;
    }
  };

  Answer Dispatch(const Received& request) {
    for (auto rule = once_.begin(); rule != once_.end(); ++rule) {
      if (!rule->Matches(request)) continue;
      const Script script = rule->script;
      once_.erase(rule);
      return script(request);
    }
    for (const Rule& rule : always_) {
      if (rule.Matches(request)) return rule.script(request);
    }
    return Refused(404, "NOT_FOUND", "The requested resource does not exist");
  }

  Answer Composite(const Received& whole) {
    Json parts = Json::array();
    const Json asked = whole.json();
    for (const Json& each : asked["compositeRequest"]) {
      const std::string url = each["url"];
      Received part{each["method"],
                    net::UrlDecode(url.substr(url.find("v62.0") + 5)),
                    {},
                    {},
                    whole.repeat,
                    {}};
      all.push_back(part);
      const Answer answer = Dispatch(part);
      if (!answer) return answer;
      parts.push_back({{"referenceId", each["referenceId"]},
                       {"httpStatusCode", answer->response.status},
                       {"httpHeaders", Json::object()},
                       {"body", Json::parse(answer->response.body)}});
    }
    return Answered(200, Json{{"compositeResponse", parts}});
  }

  Answer Stamped(Answer answer) const {
    if (!answer) return answer;
    if (now) answer->response.headers.emplace_back("Date", FormatHttpDate(*now));
    if (!limit_info.empty()) answer->response.headers.emplace_back("Sforce-Limit-Info", limit_info);
    return answer;
  }

  std::deque<Rule> once_;
  std::vector<Rule> always_;
};

// A sign-in that has happened.
class SignedIn final : public net::SalesforceTokens {
 public:
  Result<std::string> Token() override { return std::string("00D5g000004TqAz!token"); }
  void Invalidate(const std::string&) override {}
  Result<net::SalesforceSession> Session() override { return session; }
  void Reload() override {}

  net::SalesforceSession session{kInstance, "00D5g000004TqAzEAK", "0055g00000DnYxEAAV"};
};

}  // namespace cosell::test
