#pragma once

#include "base/result.h"
#include "net/http.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/request_log.h"
#include "tools/sandbox/world/webhooks.h"

namespace cosell::sandbox {

// The control API's documents.
Json ToJson(const LoggedRequest& entry);
Json ToJson(const Delivery& delivery);
net::HttpResponse Done200(const Json& body);
// {"error": message} with the Error's status, or 400.
net::HttpResponse Failed(const Error& error);
net::HttpResponse Failed(int status, const std::string& message);
// An empty object for an empty body; nothing for anything but an object.
std::optional<Json> ParseBody(const std::string& body);

}  // namespace cosell::sandbox
