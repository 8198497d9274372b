#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "partner_center/json_member.h"
#include "partner_center/partner_center_client.h"
#include "partner_center/rest.h"

namespace cosell {
namespace {

using nlohmann::json;

constexpr std::string_view kRegistrationPath = "/webhooks/v1/registration";
constexpr std::string_view kRoles =
    "The account needs the roles Admin agent and Referrals admin in Partner Center.";

bool Flag(const json& value) { return value.is_boolean() && value.get<bool>(); }

std::vector<std::string> Texts(const json& value) {
  std::vector<std::string> texts;
  if (!value.is_array()) return texts;
  for (const json& element : value) {
    if (element.is_string()) texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::optional<WebhookRegistration> ParseRegistration(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!Member(parsed, "webhookUrl").is_string()) return std::nullopt;
  WebhookRegistration registration;
  registration.url = Text(Member(parsed, "webhookUrl"));
  registration.events = Texts(Member(parsed, "webhookEvents"));
  registration.ms_signature_header = Flag(Member(parsed, "signatureTokenToMsSignatureHeader"));
  registration.last_modified = Text(Member(parsed, "lastModifiedTimestamp"));
  return registration;
}

std::string RegistrationBody(const WebhookRegistration& registration) {
  return json{{"WebhookUrl", registration.url},
              {"WebhookEvents", registration.events},
              {"SignatureTokenToMsSignatureHeader", registration.ms_signature_header}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

WebhookReport ParseReport(const json& parsed) {
  WebhookReport report;
  report.status = Text(Member(parsed, "status"));
  report.callback_url = Text(Member(parsed, "callbackUrl"));
  for (const json& result : Member(parsed, "results")) {
    report.deliveries.push_back({Text(Member(result, "responseCode")),
                                 Text(Member(result, "responseMessage")),
                                 Flag(Member(result, "systemError"))});
  }
  return report;
}

class Registrar final : public WebhookRegistrar {
 public:
  Registrar(net::ApiClient& api, const std::string& webhooks_url) : api_(api) {
    std::string_view origin = webhooks_url;
    while (origin.ends_with('/')) origin.remove_suffix(1);
    url_ = std::string(origin).append(kRegistrationPath);
  }

  Result<std::optional<WebhookRegistration>> Get() override {
    const Question question{"reading the webhook registration", false, std::string(kRoles)};
    const auto answer = api_.Send(MakeCall("GET", url_, net::Repeat::safe));
    if (!answer) return answer.error();
    if (answer->response.status == 404) return std::optional<WebhookRegistration>{};
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    auto registration = ParseRegistration(answer->response.body);
    if (!registration) return Unreadable(*answer, question, "it names no webhook URL.");
    return registration;
  }

  Result<std::vector<std::string>> Events() override {
    const Question question{"listing the webhook events", false, std::string(kRoles)};
    const auto answer = api_.Send(MakeCall("GET", url_ + "/events", net::Repeat::safe));
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    const json parsed = json::parse(answer->response.body, nullptr, false);
    if (!parsed.is_array()) return Unreadable(*answer, question, "it is not a JSON array.");
    return Texts(parsed);
  }

  Result<WebhookRegistration> Create(const WebhookRegistration& registration) override {
    return Write("POST", net::Repeat::never, registration);
  }

  Result<WebhookRegistration> Replace(const WebhookRegistration& registration) override {
    return Write("PUT", net::Repeat::safe, registration);
  }

  Result<std::string> SendValidationEvent() override {
    const Question question{"asking for a validation event", true, std::string(kRoles)};
    auto call = MakeCall("POST", url_ + "/validationEvents", net::Repeat::never);
    call.request.headers.emplace_back("Content-Length", "0");
    const auto answer = api_.Send(call);
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    const json parsed = json::parse(answer->response.body, nullptr, false);
    std::string id = Text(parsed.is_object() ? Member(parsed, "correlationId") : parsed);
    if (id.empty()) return DoneButUnread(*answer, question, "it names no correlation id.");
    return id;
  }

  Result<WebhookReport> ValidationReport(const std::string& correlation_id) override {
    const Question question{"reading the validation report " + correlation_id, false,
                            std::string(kRoles)};
    const auto answer = api_.Send(MakeCall(
        "GET", url_ + "/validationEvents/" + UrlEncode(correlation_id), net::Repeat::safe));
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    const json parsed = json::parse(answer->response.body, nullptr, false);
    if (!parsed.is_object()) return Unreadable(*answer, question, "it is not a JSON object.");
    return ParseReport(parsed);
  }

 private:
  Result<WebhookRegistration> Write(const std::string& method, net::Repeat repeat,
                                    const WebhookRegistration& registration) {
    const Question question{"registering the webhook", true, std::string(kRoles)};
    auto call = MakeCall(method, url_, repeat);
    call.request.body = RegistrationBody(registration);
    const auto answer = api_.Send(call);
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return WriteError(*answer, question);
    auto registered = ParseRegistration(answer->response.body);
    if (!registered) return DoneButUnread(*answer, question, "it names no webhook URL.");
    return std::move(*registered);
  }

  static Error WriteError(const net::ApiAnswer& answer, const Question& question) {
    Error error = ErrorFromAnswer(answer, question);
    if (answer.response.status == 409) error.kind = ErrorKind::already_exists;
    return error;
  }

  net::ApiClient& api_;
  std::string url_;
};

}  // namespace

std::unique_ptr<WebhookRegistrar> MakeWebhookRegistrar(net::ApiClient& api,
                                                       const std::string& webhooks_url) {
  return std::make_unique<Registrar>(api, webhooks_url);
}

}  // namespace cosell
