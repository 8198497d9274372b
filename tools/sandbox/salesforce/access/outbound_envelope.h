#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The SOAP texts of outbound messages (contract salesforce.md section 16.1). Pure functions.
namespace cosell::sandbox {

// Fields of a record by API name, as the wire writes them; fields without a value are absent.
using OutboundFields = std::vector<std::pair<std::string, std::string>>;

// One record in a message.
struct OutboundNotification {
  std::string id;  // 18 characters, prefix 04l; stays the same when the message is repeated
  std::string record_id;
  OutboundFields fields;  // written in this order, behind the id
};

struct OutboundEnvelope {
  std::string organization_id;
  std::string action_id;
  std::optional<std::string> session_id;
  std::string instance_url;
  std::string api_version;  // "67.0"
  std::string object;       // "Opportunity"
  std::vector<OutboundNotification> notifications;
};

std::string RenderOutboundMessage(const OutboundEnvelope& envelope);

// Whether the body of an answer is a SOAP envelope that acknowledges the message.
bool IsAcknowledgement(std::string_view body);

}  // namespace cosell::sandbox
