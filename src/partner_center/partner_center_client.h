#pragma once

#include <memory>
#include <string>

#include "net/api_client.h"
#include "ports/partner_center.h"
#include "ports/webhook_registrar.h"

namespace cosell {

// The PartnerCenter port over REST. `referrals_url` is the origin
// ("https://api.partner.microsoft.com"); paths below it are the contract's. `api` must outlive the
// client and carry tokens for that origin.
std::unique_ptr<PartnerCenter> MakePartnerCenterClient(net::ApiClient& api,
                                                       const std::string& referrals_url);

// The WebhookRegistrar port over REST; `webhooks_url` is the origin
// ("https://api.partnercenter.microsoft.com").
std::unique_ptr<WebhookRegistrar> MakeWebhookRegistrar(net::ApiClient& api,
                                                       const std::string& webhooks_url);

}  // namespace cosell
