#include "net/https_transport.h"

#include <Poco/Net/Net.h>

#include <utility>

#include "net/connector.h"
#include "net/http_message.h"
#include "net/response_reader.h"
#include "net/session_pool.h"
#include "net/url.h"

namespace cosell::net {
namespace {

// Below the minute after which common gateways close idle connections, above the 30 seconds between
// two polls.
constexpr std::chrono::seconds kIdleMax{55};

Error Invalid(const std::string& message) {
  return Error{.kind = ErrorKind::invalid_input, .message = message};
}

// One try of one request on one connection.
struct Attempt {
  Result<HttpResponse> result;
  bool not_processed = false;         // the server cannot have received the whole request
  bool closed_before_answer = false;  // all was sent, the connection ended, no byte came back
  bool reusable = false;
};

class PooledTransport final : public HttpTransport {
 public:
  PooledTransport(const HttpsOptions& options, bool allow_plain_http)
      : options_(options),
        allow_plain_http_(allow_plain_http),
        connector_(options.ca_files, options.proxy_url),
        pool_(options.sessions_per_host_max, kIdleMax) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    const auto url = ParseUrl(request.url);
    if (!url || !url->user_info.empty())
      return Invalid("not an absolute http(s) URL: " + Shown(url));
    const std::string about = request.method + " " + Origin(*url);
    if (!url->secure() && !allow_plain_http_) return Invalid(about + ": https is required");
    if (!IsWritable(request)) return Invalid(about + ": a line break in the method or a header");
    return Exchange(request, *url, about);
  }

 private:
  // A URL that is none may hold anything, a password included.
  static std::string Shown(const std::optional<Url>& url) {
    return url ? Origin(*url) + " (user and password do not belong in it)" : "(not shown)";
  }

  Result<HttpResponse> Exchange(const HttpRequest& request, const Url& url,
                                const std::string& about) {
    const Deadline deadline(options_.timeout, options_.deadline);
    if (auto kept = pool_.Take(Origin(url))) {
      Attempt attempt = Try(*kept, request, url, deadline, about);
      const bool may_repeat =
          attempt.not_processed || (attempt.closed_before_answer && request.method == "GET");
      if (!may_repeat) return Finish(std::move(attempt), url, std::move(kept));
    }
    auto fresh = connector_.Open(url, deadline);
    if (!fresh) return PrefixedBy(about, fresh.error());
    Attempt attempt = Try(**fresh, request, url, deadline, about);
    return Finish(std::move(attempt), url, std::move(*fresh));
  }

  Attempt Try(Connection& connection, const HttpRequest& request, const Url& url,
              const Deadline& deadline, const std::string& about) const {
    const std::string message =
        WriteHead(request, url, connector_.ForwardingAuthorization(url)) + request.body;
    if (connection.Write(message, deadline) != Io::done) {
      return {
          .result = Error{.kind = ErrorKind::unreachable,
                          .message = about + ": the connection broke while the request was sent"},
          .not_processed = true};
    }
    ResponseReader reader(connection, deadline, options_.body_bytes_max);
    auto result = reader.Read(request.method, about);
    return {.result = std::move(result),
            .closed_before_answer = reader.closed_before_answer(),
            .reusable = reader.reusable()};
  }

  Result<HttpResponse> Finish(Attempt attempt, const Url& url,
                              std::unique_ptr<Connection> connection) {
    if (attempt.reusable) pool_.Give(Origin(url), std::move(connection));
    return std::move(attempt.result);
  }

  static Error PrefixedBy(const std::string& about, Error error) {
    error.message = about + ": " + error.message;
    return error;
  }

  const HttpsOptions options_;
  const bool allow_plain_http_;
  const Connector connector_;
  SessionPool pool_;
};

}  // namespace

std::unique_ptr<HttpTransport> MakeHttpsTransport(const HttpsOptions& options,
                                                  bool allow_plain_http) {
  Poco::Net::initializeNetwork();  // statically linked Poco does not start Winsock by itself
  return std::make_unique<PooledTransport>(options, allow_plain_http);
}

}  // namespace cosell::net
