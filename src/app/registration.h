#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ports/webhook_registrar.h"

namespace cosell::app {

// What registering did, or why it did not.
enum class RegistrationOutcome { already_ours, registered, foreign };

struct RegistrationResult {
  RegistrationOutcome outcome = RegistrationOutcome::already_ours;
  WebhookRegistration registration;  // as it stands now
};

// The callback address of a connection: "<public_url>/webhooks/<connection>/partner-center".
std::string CallbackUrl(const std::string& public_url, const std::string& connection);

// Makes sure that Partner Center calls `url` for the four referral events and the test event. A
// tenant has one registration: an address that is not ours is shown and left alone unless
// `overwrite`. Blocks; safe from any thread.
Result<RegistrationResult> RegisterWebhook(WebhookRegistrar& registrar, const std::string& url,
                                           bool overwrite);

}  // namespace cosell::app
