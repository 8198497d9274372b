#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace cosell::webhook {

// One notification of a Salesforce outbound message: a hint, and no more. A value.
struct OutboundNotification {
  std::string id;                     // 18 characters; the same when it is delivered again
  std::string object_type;            // "Opportunity": the local name of the sObject's xsi:type
  std::string record_id;              // 18 characters; empty when sf:Id is absent or no id
  std::optional<Instant> changed_at;  // SystemModstamp, where the message carries it
};

// What is taken from an outbound message (contract salesforce.md section 16.1). A value. Of all
// else in it, the SessionId first, nothing is kept.
struct OutboundMessage {
  std::string organization_id;                      // 18 characters
  std::vector<OutboundNotification> notifications;  // 1 to 100
};

// Reads the SOAP envelope strictly: UTF-8, no document type, no entities but XML's own, elements
// only in their namespaces and places, none of them repeated, depth and number bounded.
// invalid_input with what is wrong, in words that hold nothing of the body. Pure; safe from any
// thread.
Result<OutboundMessage> ParseOutboundMessage(const std::string& body);

}  // namespace cosell::webhook
