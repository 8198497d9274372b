#pragma once

#include "net/http.h"

namespace cosell::sandbox {

// One emulated remote service: answers requests that were addressed to its origin. The HTTP server
// in front of it is a thin transport; tests and the simulation call it directly. Implementations
// are single-threaded: the caller serialises.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual net::HttpResponse Handle(const net::HttpRequest& request) = 0;
};

}  // namespace cosell::sandbox
