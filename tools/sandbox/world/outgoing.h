#pragma once

#include <functional>
#include <string>

#include "net/http.h"

namespace cosell::sandbox {

// How the world calls out (webhooks of Partner Center, push of Dataverse): POSTs `body` and returns
// the HTTP status, or 0 when no answer arrived. Tests deliver in-process; the program uses TLS.
using Outgoing = std::function<int(const std::string& url, const net::Headers& headers,
                                   const std::string& body)>;

}  // namespace cosell::sandbox
