#pragma once

#include <functional>
#include <string>

#include "net/http.h"

namespace cosell::sandbox {

struct OutgoingAnswer {
  int status = 0;  // 0: no answer arrived
  std::string body;
};

// How the world calls out (webhooks of Partner Center, notifications of the CRMs): POSTs `body`.
// Tests deliver in-process; the program uses TLS.
using Outgoing = std::function<OutgoingAnswer(const std::string& url, const net::Headers& headers,
                                              const std::string& body)>;

}  // namespace cosell::sandbox
