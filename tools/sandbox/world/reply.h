#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

// Small makers of answers, in the body shapes of contract partner-center.md 3.11. Pure functions.
namespace cosell::sandbox {

net::HttpResponse JsonReply(int status, std::string body);
net::HttpResponse TextReply(int status, std::string body, std::string_view content_type);

// The referrals host: {"error": {"code", "message", "target"}}.
net::HttpResponse ReferralsError(int status, std::string_view code, std::string_view message);
// The webhooks host: {"code", "description", "data": [], "source"}.
net::HttpResponse WebhooksError(int status, std::string_view description);
// A gateway in front of either: {"statusCode", "message"}.
net::HttpResponse GatewayError(int status, std::string_view message);

// The value of a request header, or an empty text.
std::string HeaderOf(const net::HttpRequest& request, std::string_view name);

}  // namespace cosell::sandbox
