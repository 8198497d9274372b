#include "web/exchange.h"

#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/text.h"

namespace cosell::web {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

constexpr char kContentLength[] = "Content-Length";
constexpr char kTransferEncoding[] = "Transfer-Encoding";

bool IsTokenChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::ptrdiff_t Count(const HTTPServerRequest& request, std::string_view name) {
  return std::count_if(request.begin(), request.end(),
                       [&](const auto& header) { return EqualsIgnoreCase(header.first, name); });
}

bool IsLength(const std::string& text) {
  constexpr std::size_t kDigitsMax = 15;
  return !text.empty() && text.size() <= kDigitsMax &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// Why this server and a proxy before it might disagree where the request ends; empty when not.
std::string WhyAmbiguous(const HTTPServerRequest& request) {
  const auto lengths = Count(request, kContentLength);
  const auto codings = Count(request, kTransferEncoding);
  if (lengths > 0 && codings > 0) return "Content-Length stands beside Transfer-Encoding";
  if (lengths > 1 || codings > 1) return "the length is given twice";
  if (lengths == 1 && !IsLength(request.get(kContentLength))) return "Content-Length is no length";
  if (codings == 1 && !EqualsIgnoreCase(request.get(kTransferEncoding), "chunked")) {
    return "the only transfer coding taken is chunked";
  }
  const bool named = std::all_of(request.begin(), request.end(), [](const auto& header) {
    return !header.first.empty() &&
           std::all_of(header.first.begin(), header.first.end(), IsTokenChar);
  });
  return named ? "" : "a header name is malformed";
}

bool HasBody(const HTTPServerRequest& request) {
  if (request.has(kTransferEncoding)) return true;
  return request.has(kContentLength) && request.getContentLength64() > 0;
}

}  // namespace

Exchange::Exchange(const ConnectionSurroundings& surroundings,
                   Poco::Net::HTTPServerRequestImpl& request,
                   Poco::Net::HTTPServerResponseImpl& response, Enter enter)
    : surroundings_(surroundings),
      request_(request),
      response_(response),
      enter_(std::move(enter)) {}

bool Exchange::Run(bool may_keep_alive) {
  const OutboundHttp answer = Answer();
  const bool keep_alive = may_keep_alive && body_read_ && request_.getKeepAlive();
  enter_(ConnectionBook::Phase::sending);
  Send(answer, keep_alive);
  ++surroundings_.counters.requests;
  if (!body_read_) DropRestOfBody();
  return keep_alive;
}

OutboundHttp Exchange::Answer() {
  const std::string why = WhyAmbiguous(request_);
  if (!why.empty()) return ErrorAnswer(400, ErrorKind::invalid_input, why);
  body_read_ = !HasBody(request_);
  InboundHttp inbound = Describe();
  auto match = surroundings_.routes.Find(request_.getMethod(), inbound.path);
  if (match.route == nullptr && match.methods.empty()) {
    return ErrorAnswer(404, ErrorKind::not_found, "there is nothing at this path");
  }
  if (match.route == nullptr) {
    OutboundHttp answer =
        ErrorAnswer(405, ErrorKind::invalid_input, "this path does not take " + inbound.method);
    answer.headers.emplace_back("Allow", Join(match.methods, ", "));
    return answer;
  }
  inbound.parameters = std::move(match.parameters);
  if (auto refusal = surroundings_.gate.Refusal(match.route->role, inbound.role)) return *refusal;
  if (auto refusal = ReadBody(match.route->body_bytes_max, inbound.body)) return *refusal;
  return Ask(*match.route, inbound);
}

InboundHttp Exchange::Describe() const {
  InboundHttp inbound;
  inbound.method = request_.getMethod() == "HEAD" ? "GET" : request_.getMethod();
  const std::string& target = request_.getURI();
  const auto question = target.find('?');
  inbound.path = target.substr(0, question);
  if (question != std::string::npos) inbound.query = target.substr(question + 1);
  inbound.headers.assign(request_.begin(), request_.end());
  inbound.remote_address = request_.clientAddress().host().toString();
  inbound.role = surroundings_.gate.RoleOf(inbound);
  return inbound;
}

std::optional<OutboundHttp> Exchange::ReadBody(std::size_t bytes_max, std::string& body) {
  if (body_read_) return std::nullopt;
  const auto announced = request_.has(kContentLength) ? request_.getContentLength64() : 0;
  const auto too_large = [&] {
    return ErrorAnswer(413, ErrorKind::invalid_input,
                       "the body is larger than " + std::to_string(bytes_max) + " bytes");
  };
  if (static_cast<std::size_t>(announced) > bytes_max) return too_large();
  if (request_.getExpectContinue()) response_.sendContinue();
  std::istream& in = request_.stream();
  body.reserve(static_cast<std::size_t>(announced));
  char block[16 * 1024];
  while (in.read(block, sizeof block), in.gcount() > 0) {
    body.append(block, static_cast<std::size_t>(in.gcount()));
    if (body.size() > bytes_max) return too_large();
  }
  if (body.size() < static_cast<std::size_t>(announced)) {
    return ErrorAnswer(400, ErrorKind::invalid_input, "the body ended early");
  }
  body_read_ = true;
  return std::nullopt;
}

OutboundHttp Exchange::Ask(const Route& route, InboundHttp& inbound) {
  enter_(ConnectionBook::Phase::handling);
  try {
    return route.handler(inbound);
  } catch (const std::exception& failed) {
    surroundings_.log.Error("a request failed inside",
                            {{"path", route.pattern}, {"reason", failed.what()}});
    return ErrorAnswer(500, ErrorKind::unavailable, "this failed inside; the log says why");
  }
}

void Exchange::Send(const OutboundHttp& answer, bool keep_alive) {
  response_.setVersion(request_.getVersion() == "HTTP/1.0" ? "HTTP/1.0" : "HTTP/1.1");
  response_.setStatusAndReason(static_cast<HTTPResponse::HTTPStatus>(answer.status));
  response_.setDate(Poco::Timestamp());
  response_.setKeepAlive(keep_alive);
  response_.setContentType(answer.content_type);
  response_.set("Cache-Control", "no-store");
  response_.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : answer.headers) response_.set(name, value);
  response_.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
  std::ostream& out = response_.send();
  if (request_.getMethod() != "HEAD") {
    out.write(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
  }
  out.flush();
}

// Closing with unread bytes resets the connection, and the client would never see why. What still
// comes is dropped until the client closes too or the watchdog has had enough.
void Exchange::DropRestOfBody() {
  constexpr std::size_t kBytesMax = 1024 * 1024;
  enter_(ConnectionBook::Phase::lingering);
  if (!request_.secure()) request_.socket().shutdownSend();
  char block[16 * 1024];
  std::istream& in = request_.stream();
  for (std::size_t dropped = 0; dropped < kBytesMax && in;) {
    in.read(block, sizeof block);
    if (in.gcount() == 0) return;
    dropped += static_cast<std::size_t>(in.gcount());
  }
}

}  // namespace cosell::web
