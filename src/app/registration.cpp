#include "app/registration.h"

#include <algorithm>

#include "base/text.h"

namespace cosell::app {
namespace {

const std::vector<std::string>& WantedEvents() {
  static const std::vector<std::string> events = {"referral-created", "referral-updated",
                                                  "related-referral-created",
                                                  "related-referral-updated", "test-created"};
  return events;
}

bool HasAllEvents(const WebhookRegistration& registration) {
  return std::all_of(WantedEvents().begin(), WantedEvents().end(), [&](const std::string& wanted) {
    return std::any_of(registration.events.begin(), registration.events.end(),
                       [&](const std::string& event) { return EqualsIgnoreCase(event, wanted); });
  });
}

Result<RegistrationResult> Registered(Result<WebhookRegistration> answer) {
  if (!answer) return answer.error();
  return RegistrationResult{RegistrationOutcome::registered, std::move(*answer)};
}

}  // namespace

std::string CallbackUrl(const std::string& public_url, const std::string& connection) {
  return public_url + "/webhooks/" + connection + "/partner-center";
}

Result<RegistrationResult> RegisterWebhook(WebhookRegistrar& registrar, const std::string& url,
                                           bool overwrite) {
  const auto known = registrar.Get();
  if (!known) return known.error();
  WebhookRegistration wanted{url, WantedEvents(), true, ""};
  if (!known->has_value()) return Registered(registrar.Create(wanted));
  const WebhookRegistration& there = **known;
  if (there.url != url && !overwrite)
    return RegistrationResult{RegistrationOutcome::foreign, there};
  if (there.url == url && HasAllEvents(there))
    return RegistrationResult{RegistrationOutcome::already_ours, there};
  return Registered(registrar.Replace(wanted));
}

}  // namespace cosell::app
