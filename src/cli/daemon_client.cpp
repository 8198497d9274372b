#include "cli/daemon_client.h"

#include <nlohmann/json.hpp>

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

Error ErrorOf(const net::HttpResponse& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  Error error{ErrorKind::refused, "the daemon answered HTTP " + std::to_string(response.status), "",
              response.status};
  if (json.is_object() && json.contains("error") && json["error"].is_object()) {
    error.message = json["error"].value("message", error.message);
  }
  return error;
}

}  // namespace

Result<std::string> AskDaemon(const app::Config& config, const std::string& path,
                              const std::string& body) {
  const auto token = OperatorToken(config.server);
  if (!token) return token.error();
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
    return Error{ErrorKind::unreachable, "a daemon holds the database but does not answer at " +
                                             BaseUrl(config.server) + ": " +
                                             answer.error().message};
  }
  if (answer->status != 200) return ErrorOf(*answer);
  return answer->body;
}

}  // namespace cosell::cli
