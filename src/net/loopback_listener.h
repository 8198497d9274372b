#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cosell::net {

// Waits on 127.0.0.1 for the redirect that ends a sign-in at a browser, and answers it with a page
// for the person. Used from one thread.
class LoopbackListener {
 public:
  virtual ~LoopbackListener() = default;
  virtual std::uint16_t port() const = 0;
  // The query of the first GET for `path` that `is_answer` accepts; every other request is turned
  // away and waited past. refused when `time` has passed.
  virtual Result<std::string> Await(std::string_view path,
                                    const std::function<bool(std::string_view query)>& is_answer,
                                    std::chrono::seconds time) = 0;
};

// `port` 0: any free one. invalid_input when it is taken.
Result<std::unique_ptr<LoopbackListener>> ListenOnLoopback(std::uint16_t port);

}  // namespace cosell::net
