#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/intent.h"
#include "model/side.h"

namespace cosell {

enum class AuditOutcome {
  done,      // the remote confirmed it
  adopted,   // outcome was unknown; the effect was found and taken over
  unknown,   // sent, no answer yet known; resolved by a later entry with the same correlation id
  not_done,  // outcome was unknown; the effect was looked up and is not there
  refused,   // the remote said no
  failed,    // never reached the remote
};

std::string_view ToString(AuditOutcome outcome);

// One remote write (or refused attempt), as it was. A value. The store chains entries with
// SHA3-256; `before` and `after` may be personal and are kept outside the chained text, which holds
// their hashes.
struct AuditEntry {
  Instant at;
  Side side = Side::crm;
  std::string record_kind;  // "referral", "opportunity", "account", "contact"
  std::string record_id;
  std::string referral_id;
  std::string operation;  // "create", "update", "close", ...: schema/schema.sql lists them
  std::vector<FieldChange> changes;
  std::string reason;
  std::string rule;
  std::string cause;
  std::string run_id;
  std::string correlation_id;
  std::string request_id{};  // the remote's own id of the request; empty when it gave none
  AuditOutcome outcome = AuditOutcome::done;
  std::int64_t duration_ms = 0;
};

}  // namespace cosell
