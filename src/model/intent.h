#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/side.h"

namespace cosell {

// One field a write changes, as audited and explained.
struct FieldChange {
  std::string field;   // the mapping's field name
  std::string before;  // canonical value, empty for none
  std::string after;
  std::string rule;    // "partner_center_changed", "newest_wins", ...
  std::string reason;  // for a person
};

enum class IntentOperation {
  create_referral,
  create_connected_referral,
  update_referral,
  create_crm,  // an opportunity
  create_lead,
  update_crm,
  close_crm,
  qualify_lead  // makes an opportunity of the lead
};

constexpr std::string_view ToString(IntentOperation operation) {
  switch (operation) {
    case IntentOperation::create_referral:
      return "create_referral";
    case IntentOperation::create_connected_referral:
      return "create_connected_referral";
    case IntentOperation::update_referral:
      return "update_referral";
    case IntentOperation::create_crm:
      return "create_crm";
    case IntentOperation::create_lead:
      return "create_lead";
    case IntentOperation::update_crm:
      return "update_crm";
    case IntentOperation::close_crm:
      return "close_crm";
    case IntentOperation::qualify_lead:
      return "qualify_lead";
  }
  return "update_crm";
}

// The side an operation writes to.
constexpr Side SideOf(IntentOperation operation) {
  return operation == IntentOperation::create_referral ||
                 operation == IntentOperation::create_connected_referral ||
                 operation == IntentOperation::update_referral
             ? Side::partner_center
             : Side::crm;
}

// A planned remote write, durable before it is sent. Open until its outcome is recorded; an intent
// found open after a crash is in doubt: its effect is looked up before anything else happens to the
// link. A value.
struct Intent {
  std::string id;  // GUID: the idempotency key, sent as the correlation id
  std::int64_t link_id = 0;
  IntentOperation operation = IntentOperation::update_crm;
  Side side = Side::crm;
  std::string target_id;  // record written; empty for a create whose id the remote gives
  std::string etag;       // precondition sent; empty for creates
  std::string body;  // what is sent (JSON of the port's request); personal data, erased when the
                     // intent closes
  std::vector<FieldChange> changes;
  std::string reason;
  std::string
      cause;  // "event", "poll", "sweep", "person", "retry", with the event's id where there is one
  Instant created_at;
  // The newest remote stamp seen on that side before sending: where a lookup of an unknown create
  // starts to search.
  Instant lookup_from;
  // It changes values of a pair that people see: counts for the change-ratio rail when it is
  // opened, and is not kept with the intent.
  bool rewrites = false;
};

}  // namespace cosell
