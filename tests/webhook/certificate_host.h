#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "net/http.h"

namespace cosell::test {

// The host certificates are downloaded from: files by URL, 404 for all others. Remembers every
// request. Safe from any thread.
class CertificateHost final : public net::HttpTransport {
 public:
  void Serve(const std::string& url, std::string file) { Answer(url, {200, {}, std::move(file)}); }
  void Answer(const std::string& url, net::HttpResponse response) {
    const std::lock_guard lock(mutex_);
    answers_[url] = std::move(response);
  }
  void GoDown(bool down = true) {
    const std::lock_guard lock(mutex_);
    down_ = down;
  }
  // Runs before every answer, outside the lock.
  void BeforeAnswer(std::function<void()> hook) { hook_ = std::move(hook); }

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override {
    if (hook_) hook_();
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (down_) return Error{.kind = ErrorKind::unreachable, .message = "connection refused"};
    const auto found = answers_.find(request.url);
    if (found == answers_.end()) return net::HttpResponse{404, {}, "nothing here"};
    return found->second;
  }

  std::vector<net::HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t downloads() const { return requests().size(); }
  std::size_t downloads_of(const std::string& url) const {
    const auto all = requests();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const net::HttpRequest& one) { return one.url == url; }));
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, net::HttpResponse> answers_;
  std::vector<net::HttpRequest> requests_;
  std::function<void()> hook_;
  bool down_ = false;
};

}  // namespace cosell::test
