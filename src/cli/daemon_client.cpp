#include "cli/daemon_client.h"

#include <nlohmann/json.hpp>

#include "cli/session.h"
#include "net/https_transport.h"
#include "platform/files.h"
#include "web/tokens.h"

namespace cosell::cli {
namespace {

constexpr std::chrono::hours kPatience{6};

// A server with TLS is asked under its public name, which its certificate carries; else at its
// address.
std::string BaseUrl(const app::ServerConfig& server) {
  const std::string host =
      server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
  const std::string address = host + ":" + std::to_string(server.port);
  if (!server.tls) return "http://" + address;
  return server.loopback || server.public_url.empty() ? "https://" + address : server.public_url;
}

Result<std::string> OperatorToken(const app::ServerConfig& server) {
  if (server.tokens_file.empty()) return std::string();
  const auto text = platform::ReadFile(server.tokens_file);
  if (!text) return text.error();
  const auto tokens = web::Tokens::Parse(*text);
  if (!tokens) return tokens.error();
  if (!tokens->operator_token()) {
    return Error{ErrorKind::invalid_input, server.tokens_file +
                                               " holds no operator entry with its token in plain "
                                               "text, which the command line needs to speak to "
                                               "the daemon; add one, or stop the daemon first"};
  }
  return *tokens->operator_token();
}

// What the API says went wrong, as design section 5 numbers it. Only the API itself answers 401;
// a remote side's refusal comes with 403, 409, 502 or 503.
int CodeOf(int status) {
  switch (status) {
    case 400:
    case 401:
    case 404:
    case 405:
    case 413:
      return kUsage;
    case 500:
      return kDatabase;
    default:
      return kUnreachable;
  }
}

Failure FailureOf(const net::HttpResponse& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  std::string message = "the daemon answered HTTP " + std::to_string(response.status);
  if (json.is_object() && json.contains("error") && json["error"].is_object()) {
    message = json["error"].value("message", message);
  }
  return {CodeOf(response.status), message};
}

}  // namespace

std::string AskDaemon(const app::Config& config, const std::string& path, const std::string& body) {
  const auto token = OperatorToken(config.server);
  if (!token) throw Failure{kUsage, token.error().message};
  net::HttpsOptions options;
  options.ca_files = config.ca_files;
  options.timeout = kPatience;
  options.deadline = kPatience;
  const auto transport = net::MakeHttpsTransport(options, /*allow_plain_http=*/true);
  net::HttpRequest request{
      "POST", BaseUrl(config.server) + path, {{"Content-Type", "application/json"}}, body};
  if (!token->empty()) request.headers.emplace_back("Authorization", "Bearer " + *token);
  const auto answer = transport->Send(request);
  if (!answer) {
    throw Failure{kDatabase, "a daemon holds the database but does not answer at " +
                                 BaseUrl(config.server) + ": " + answer.error().message};
  }
  if (answer->status != 200) throw FailureOf(*answer);
  return answer->body;
}

std::string CommandPath(const std::string& connection, const std::string& command) {
  return "/api/v1/connections/" + connection + "/" + command;
}

}  // namespace cosell::cli
