#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "net/http.h"

namespace cosell::app {

// Tells `observer` the outcome of every call that passes: "done", or the name of an error kind.
// Safe from any thread if the observer is.
class CountedTransport final : public net::HttpTransport {
 public:
  using Observer = std::function<void(const net::HttpRequest& request, std::string_view outcome)>;
  CountedTransport(std::unique_ptr<net::HttpTransport> inner, Observer observer)
      : inner_(std::move(inner)), observer_(std::move(observer)) {}

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override {
    auto answer = inner_->Send(request);
    if (observer_) observer_(request, answer ? "done" : ToString(answer.error().kind));
    return answer;
  }

 private:
  std::unique_ptr<net::HttpTransport> inner_;
  Observer observer_;
};

}  // namespace cosell::app
