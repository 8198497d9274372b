#include "crm/salesforce/rest.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "crm/salesforce/errors.h"

namespace cosell::salesforce {
namespace {

constexpr std::string_view kApiRoot = "/services/data/";

Error ForeignLink() {
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.message =
      "Salesforce answered with a link that is no path of its REST API, which is not followed: "
      "check any proxy that rewrites answers";
  return error;
}

}  // namespace

Rest::Rest(net::ApiClient& api, net::SalesforceTokens& tokens, Clock& clock, Log& log,
           std::string version)
    : api_(api),
      tokens_(tokens),
      clock_(clock),
      budget_(clock, log),
      root_(std::string(kApiRoot) + "v" + std::move(version)) {}

Result<net::ApiAnswer> Rest::Send(const Request& request) {
  return SendTo(root_ + request.path, request);
}

Result<net::ApiAnswer> Rest::SendTo(const std::string& path, const Request& request) {
  if (const Status admitted = budget_.Admit(request.finishes); !admitted) return admitted.error();
  const auto session = tokens_.Session();
  if (!session) return session.error();
  net::ApiCall call;
  call.request.method = request.method;
  call.request.url = session->instance_url + path;
  call.request.headers = {{"Accept", "application/json"},
                          {"Sforce-Call-Options", "client=cosell-sync"}};
  if (!request.body.empty()) {
    call.request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  }
  call.request.headers.insert(call.request.headers.end(), request.headers.begin(),
                              request.headers.end());
  call.request.body = request.body;
  call.correlation.text = request.correlation;
  call.repeat = request.write ? net::Repeat::never : net::Repeat::safe;
  auto answer = api_.Send(call);
  if (answer) budget_.Note(answer->response.headers);
  return answer;
}

Result<net::ApiAnswer> Rest::Read(const Request& request, std::string_view what) {
  auto answer = Send(request);
  if (!answer) return ErrorFromClient(answer.error(), Purpose::read, what);
  if (answer->response.status >= 300) return ErrorFromAnswer(*answer, Purpose::read, what);
  return answer;
}

Result<net::ApiAnswer> Rest::Follow(const std::string& path, std::string_view what, bool finishes) {
  if (!IsApiPath(path)) return ForeignLink();
  Request request;
  request.finishes = finishes;
  auto answer = SendTo(path, request);
  if (!answer) return ErrorFromClient(answer.error(), Purpose::read, what);
  if (answer->response.status >= 300) return ErrorFromAnswer(*answer, Purpose::read, what);
  return answer;
}

std::int64_t Rest::NowMs() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Monotonic()).count();
}

bool IsApiPath(std::string_view path) {
  const bool clean = std::none_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\' || c == '#';
  });
  return clean && path.starts_with(kApiRoot) && path.find("..") == std::string_view::npos;
}

std::optional<Instant> ServerTime(const net::ApiAnswer& answer) {
  const auto date = net::FindHeader(answer.response.headers, "Date");
  return date ? ParseHttpDate(*date) : std::nullopt;
}

}  // namespace cosell::salesforce
