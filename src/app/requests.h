#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/person.h"
#include "engine/rails.h"

// What the API's commands are asked, as JSON, both ways: the command line writes these bodies and
// the daemon reads them. Every Parse answers invalid_input for a body it does not understand, in
// words that name the member. Pure functions.
namespace cosell::app {

// "mass-change", "empty-side", "first-share", "fingerprint"; invalid_input for any other word.
Result<Confirmations> ParseConfirmations(const std::vector<std::string>& words);

// sync: {"confirm":"<rail>"}, or an empty body.
std::string SyncRequest(const std::vector<std::string>& confirm);
Result<Confirmations> ParseSyncRequest(const std::string& body);

// apply: {"fingerprint":"...","links":[{"link":12,"digest":"..."}]}.
std::string ApplyRequest(const ReviewedPlan& reviewed);
Result<ReviewedPlan> ParseApplyRequest(const std::string& body);

// conflicts/resolve: {"id":"...","field":"...","take":"partner_center"|"crm"|"leave"|"lost_value"}.
std::string ResolveRequest(const Resolution& resolution);
Result<Resolution> ParseResolveRequest(const std::string& body);

// quarantine/retry: {"id":"..."} for one link, {"all":true} for all; `record_id` is empty for all.
std::string RetryRequest(const std::string& record_id);
Result<std::string> ParseRetryRequest(const std::string& body);

// {"id","allow"}: a person to erase, or to let in again.
struct RedactionAsked {
  std::string id;  // as at Store::Erase
  bool allow = false;
};
std::string RedactRequest(const RedactionAsked& asked);
Result<RedactionAsked> ParseRedactRequest(const std::string& body);

}  // namespace cosell::app
