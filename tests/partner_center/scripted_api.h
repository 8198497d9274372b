#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "net/api_client.h"

namespace cosell::test {

// An ApiClient that answers from a script and remembers every call. For one thread.
class ScriptedApi final : public net::ApiClient {
 public:
  void Answer(int status, std::string body = {}, net::Headers headers = {}) {
    net::ApiAnswer answer;
    answer.response = {status, std::move(headers), std::move(body)};
    answer.correlation.text = "0f3b1f8e-5a52-4f0b-8f7e-1b2c3d4e5f60";
    answer.clock_offset = std::chrono::milliseconds{250};
    script_.emplace_back(std::move(answer));
  }
  void Fail(ErrorKind kind) { script_.emplace_back(Error{.kind = kind, .message = "scripted"}); }

  Result<net::ApiAnswer> Send(const net::ApiCall& call) override {
    calls.push_back(call);
    if (script_.empty()) {
      ADD_FAILURE() << "no answer left for " << call.request.method << " " << call.request.url;
      return Error{.kind = ErrorKind::unreachable, .message = "the script ended"};
    }
    auto answer = std::move(script_.front());
    script_.pop_front();
    return answer;
  }

  // The value of a header of the last call; empty when it was not sent.
  std::string Sent(std::string_view header) const {
    return std::string(net::FindHeader(calls.back().request.headers, header).value_or(""));
  }
  const net::HttpRequest& last() const { return calls.back().request; }

  std::vector<net::ApiCall> calls;

 private:
  std::deque<Result<net::ApiAnswer>> script_;
};

}  // namespace cosell::test
