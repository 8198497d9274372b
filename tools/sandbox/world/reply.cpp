#include "tools/sandbox/world/reply.h"

#include <nlohmann/json.hpp>

namespace cosell::sandbox {

using Json = nlohmann::json;

net::HttpResponse TextReply(int status, std::string body, std::string_view content_type) {
  net::HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

net::HttpResponse JsonReply(int status, std::string body) {
  return TextReply(status, std::move(body), "application/json; charset=utf-8");
}

net::HttpResponse ReferralsError(int status, std::string_view code, std::string_view message) {
  Json error = {{"code", code}, {"message", message}, {"target", "referral"}};
  if (status == 412)
    error["innerError"] = {{"code", "resourceModified"}, {"message", "Changed since it was read."}};
  return JsonReply(status, Json{{"error", error}}.dump());
}

net::HttpResponse WebhooksError(int status, std::string_view description) {
  return JsonReply(status, Json{{"code", std::to_string(status)},
                                {"description", description},
                                {"data", Json::array()},
                                {"source", "webhooks"}}
                               .dump());
}

net::HttpResponse GatewayError(int status, std::string_view message) {
  return JsonReply(status, Json{{"statusCode", status}, {"message", message}}.dump());
}

std::string HeaderOf(const net::HttpRequest& request, std::string_view name) {
  const auto value = net::FindHeader(request.headers, name);
  return value ? std::string(*value) : std::string();
}

}  // namespace cosell::sandbox
