#pragma once

#include <memory>
#include <string>

#include "net/api_client.h"
#include "ports/partner_center.h"
#include "ports/webhook_registrar.h"

namespace cosell {

// The PartnerCenter port over REST. `referrals_url` is the origin
// ("https://api.partner.microsoft.com"); paths below it are the contract's. `api` must outlive the
// client and carry tokens for that origin. Safe from any thread.
//
// Where the port leaves a choice:
// - A write that was accepted, but whose result could neither be taken from the answer nor read
//   back, is unknown_outcome: it happened, and is looked up like any other write in doubt. So is a
//   write answered with 5xx or a redirect, and a change after which the old eTag is still served.
// - List leaves out a record without a valid id or date, so that it delays no other;
//   ListEngagement, from which creates are decided, gives invalid_response instead. So does the
//   first page of a full list on which no record at all is usable.
// - A page's `next` is a query string; the next page is always asked for at `referrals_url`.
std::unique_ptr<PartnerCenter> MakePartnerCenterClient(net::ApiClient& api,
                                                       const std::string& referrals_url);

// The WebhookRegistrar port over REST; `webhooks_url` is the origin
// ("https://api.partnercenter.microsoft.com"). `api` must outlive it and carry tokens for that
// origin. A 2xx answer to a write that names no registration is unknown_outcome: Get shows what
// became of it.
std::unique_ptr<WebhookRegistrar> MakeWebhookRegistrar(net::ApiClient& api,
                                                       const std::string& webhooks_url);

}  // namespace cosell
