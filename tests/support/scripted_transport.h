#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"

namespace cosell::test {

// A network that answers from a script: each request takes the next step, and a request after the
// last step fails the test. Remembers every request. Safe from any thread.
//
//   ScriptedTransport network;
//   network.Answer(429, R"({"statusCode":429})", {{"Retry-After", "2"}});
//   network.Answer(200, "{}");
class ScriptedTransport final : public net::HttpTransport {
 public:
  using Step = std::function<Result<net::HttpResponse>(const net::HttpRequest&)>;

  void Answer(int status, std::string body = {}, net::Headers headers = {}) {
    Do([response = net::HttpResponse{status, std::move(headers), std::move(body)}](
           const net::HttpRequest&) -> Result<net::HttpResponse> { return response; });
  }
  void Fail(ErrorKind kind, std::string message = "scripted failure") {
    Do([error = Error{.kind = kind, .message = std::move(message)}](
           const net::HttpRequest&) -> Result<net::HttpResponse> { return error; });
  }
  // One step of any kind; it runs outside the lock, so it may block or look at the clock.
  void Do(Step step) {
    const std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
  }
  // Answers every request for which no step is left.
  void Otherwise(Step step) {
    const std::lock_guard lock(mutex_);
    otherwise_ = std::move(step);
  }

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override {
    return Take(request)(request);
  }

  std::vector<net::HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // Steps nobody asked for yet; 0 when the script was played to its end.
  std::size_t steps_left() const {
    const std::lock_guard lock(mutex_);
    return steps_.size();
  }

 private:
  Step Take(const net::HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (steps_.empty()) return otherwise_;
    Step step = std::move(steps_.front());
    steps_.pop_front();
    return step;
  }

  mutable std::mutex mutex_;
  std::deque<Step> steps_;
  Step otherwise_ = [](const net::HttpRequest& request) -> Result<net::HttpResponse> {
    ADD_FAILURE() << "the script has no answer for " << request.method << " " << request.url;
    return Error{.kind = ErrorKind::unreachable, .message = "the script ended"};
  };
  std::vector<net::HttpRequest> requests_;
};

}  // namespace cosell::test
