#include "tools/sandbox/world/registration.h"

#include <algorithm>
#include <array>

#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/world/encoding.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/reply.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kBase = "/webhooks/v1/registration";
constexpr std::chrono::hours kReportsKept{24 * 7};

// Ours and some of the others that exist (contract 4.2).
constexpr std::array<const char*, 12> kEvents = {"referral-created",
                                                 "referral-updated",
                                                 "related-referral-created",
                                                 "related-referral-updated",
                                                 "test-created",
                                                 "subscription-updated",
                                                 "subscription-active",
                                                 "invoice-ready",
                                                 "azure-fraud-event-detected",
                                                 "usagerecords-thresholdExceeded",
                                                 "granular-admin-relationship-approved",
                                                 "new-commerce-migration-completed"};

// A member by its name in any case.
Json Member(const Json& object, std::string_view name) {
  for (const auto& [key, value] : object.items())
    if (EqualsIgnoreCase(key, name)) return value;
  return nullptr;
}

std::string StatusName(int status) {
  switch (status) {
    case 0:
      return "";
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "NoContent";
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 404:
      return "NotFound";
    case 503:
      return "ServiceUnavailable";
    default:
      return status >= 500 ? "InternalServerError" : std::to_string(status);
  }
}

bool IsKnownEvent(const Json& name) {
  return name.is_string() &&
         std::find(kEvents.begin(), kEvents.end(), name.get<std::string>()) != kEvents.end();
}

}  // namespace

RegistrationService::RegistrationService(Clock& clock, Random& random, const Switches& switches,
                                         const Origins& origins, const Identities& identities,
                                         const TokenCheck& tokens, EventQueue& queue)
    : clock_(clock),
      random_(random),
      switches_(switches),
      origins_(origins),
      identities_(identities),
      tokens_(tokens),
      queue_(queue) {}

net::HttpResponse RegistrationService::Handle(const net::HttpRequest& request) {
  net::HttpResponse answer;
  if (!tokens_.Check(HeaderOf(request, "Authorization"), origins_.webhooks))
    answer = WebhooksError(401, "The access token is not valid.");
  else
    answer = Route(request, ParseUrl(request.url).path);
  for (const char* name : {"MS-CorrelationId", "MS-RequestId"}) {
    const std::string sent = HeaderOf(request, name);
    answer.headers.emplace_back(name, sent.empty() ? NewGuid(random_) : sent);
  }
  answer.headers.emplace_back("X-Locale", "en-US");
  return answer;
}

net::HttpResponse RegistrationService::Route(const net::HttpRequest& request,
                                             const std::string& path) {
  if (!path.starts_with(kBase)) return WebhooksError(404, "There is nothing at this path.");
  const std::string rest = path.substr(kBase.size());
  const std::string& method = request.method;
  const std::string validation = "/validationEvents";
  if (rest == "/events" && method == "GET") return JsonReply(200, Json(kEvents).dump());
  if (rest.empty() && method == "GET")
    return queue_.subscription() ? JsonReply(200, View(false))
                                 : WebhooksError(404, "There is no registration.");
  if (rest.empty() && method == "POST")
    return queue_.subscription() ? WebhooksError(409, "This tenant already has a registration.")
                                 : Save(request);
  if (rest.empty() && method == "PUT")
    return queue_.subscription() ? Save(request) : WebhooksError(404, "There is no registration.");
  if (rest == validation && method == "POST") return Validate();
  if (rest.starts_with(validation + "/") && method == "GET")
    return Report(rest.substr(validation.size() + 1));
  return WebhooksError(404, "There is nothing at this path for " + method + ".");
}

// POST and PUT: the whole registration is replaced.
net::HttpResponse RegistrationService::Save(const net::HttpRequest& request) {
  const Json body = Json::parse(request.body, nullptr, false);
  if (!body.is_object()) return WebhooksError(400, "The body must be a registration.");
  const Json url = Member(body, "WebhookUrl");
  const Json events = Member(body, "WebhookEvents");
  const Json header = Member(body, "SignatureTokenToMsSignatureHeader");
  if (!url.is_string() || !url.get<std::string>().starts_with("https://"))
    return WebhooksError(400, "WebhookUrl must be an https address.");
  if (!events.is_array() || events.empty() ||
      !std::all_of(events.begin(), events.end(), IsKnownEvent))
    return WebhooksError(400, "WebhookEvents must name known events.");
  if (!header.is_null() && !header.is_boolean())
    return WebhooksError(400, "SignatureTokenToMsSignatureHeader must be true or false.");
  queue_.subscription() = Subscription{identities_.tenant_id, url.get<std::string>(),
                                       events.get<std::vector<std::string>>(),
                                       header.is_boolean() && header.get<bool>(), clock_.Now()};
  return JsonReply(200, View(true));
}

std::string RegistrationService::View(bool with_subscriber) const {
  const Subscription& kept = *queue_.subscription();
  const bool pascal = switches_.registration_pascal_case;
  const auto name = [pascal](std::string text) {
    if (pascal) text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
  };
  Json out = {{name("webhookUrl"), kept.url},
              {name("webhookEvents"), kept.events},
              {name("signatureTokenToMsSignatureHeader"), kept.ms_signature_header},
              {name("lastModifiedTimestamp"), FormatInstant(kept.modified_at)}};
  if (with_subscriber) out[name("subscriberId")] = kept.subscriber_id;
  return out.dump();
}

net::HttpResponse RegistrationService::Validate() {
  const auto& kept = queue_.subscription();
  if (!kept ||
      std::find(kept->events.begin(), kept->events.end(), "test-created") == kept->events.end())
    return WebhooksError(400, "The event test-created is not registered.");
  while (!validated_at_.empty() && clock_.Now() - validated_at_.front() >= std::chrono::minutes(1))
    validated_at_.pop_front();
  if (validated_at_.size() >= 2) {
    net::HttpResponse answer = WebhooksError(429, "At most two validation events a minute.");
    answer.headers.emplace_back("Retry-After", "60");
    return answer;
  }
  validated_at_.push_back(clock_.Now());
  const std::string correlation_id = NewGuid(random_);
  queue_.RaiseTest(correlation_id);
  return JsonReply(200, switches_.validation_bare_string
                            ? Json(correlation_id).dump()
                            : Json{{"correlationId", correlation_id}}.dump());
}

net::HttpResponse RegistrationService::Report(const std::string& correlation_id) const {
  const auto& all = queue_.deliveries();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Delivery& delivery) {
    return !delivery.correlation_id.empty() && delivery.correlation_id == correlation_id;
  });
  const bool forgotten = found != all.end() && clock_.Now() - found->queued_at > kReportsKept;
  if (found == all.end() || forgotten)
    return WebhooksError(404, "There is no such validation event.");
  Json results = Json::array();
  for (const DeliveryAttempt& attempt : found->attempts) {
    std::string at = FormatInstant(attempt.at);
    at.pop_back();  // dateTimeUtc has no zone
    results.push_back({{"responseCode", StatusName(attempt.status)},
                       {"responseMessage", ""},
                       {"systemError", attempt.status == 0},
                       {"dateTimeUtc", at}});
  }
  const bool over =
      found->state == Delivery::State::delivered || found->state == Delivery::State::dead;
  return JsonReply(200, Json{{"correlationId", correlation_id},
                             {"partnerId", identities_.tenant_id},
                             {"status", over ? "completed" : "inProgress"},
                             {"callbackUrl", found->url},
                             {"results", results}}
                            .dump());
}

}  // namespace cosell::sandbox
