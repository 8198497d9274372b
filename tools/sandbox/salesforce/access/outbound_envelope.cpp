#include "tools/sandbox/salesforce/access/outbound_envelope.h"

#include "base/text.h"
#include "tools/sandbox/salesforce/access/record_id.h"
#include "tools/sandbox/salesforce/access/xml.h"

namespace cosell::sandbox {
namespace {

constexpr std::string_view kEnvelope = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kOutbound = "http://soap.sforce.com/2005/09/outbound";

void Add(std::string& out, const std::string& indent, const std::string& name,
         std::string_view text) {
  out += indent + "<" + name + ">" + XmlEscape(text) + "</" + name + ">\n";
}

void AddSession(std::string& out, const std::optional<std::string>& session_id) {
  if (session_id) {
    Add(out, "   ", "SessionId", *session_id);
  } else {
    out += "   <SessionId xsi:nil=\"true\"/>\n";
  }
}

void AddNotification(std::string& out, const std::string& object,
                     const OutboundNotification& notification) {
  out += "   <Notification>\n";
  Add(out, "    ", "Id", notification.id);
  out += "    <sObject xsi:type=\"sf:" + XmlEscape(object) +
         "\" xmlns:sf=\"urn:sobject.enterprise.soap.sforce.com\">\n";
  Add(out, "     ", "sf:Id", notification.record_id);
  for (const auto& [field, text] : notification.fields) Add(out, "     ", "sf:" + field, text);
  out += "    </sObject>\n   </Notification>\n";
}

}  // namespace

std::string RenderOutboundMessage(const OutboundEnvelope& envelope) {
  const std::string tail =
      "/" + envelope.api_version + "/" + WithoutChecksum(envelope.organization_id);
  std::string out =
      R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
)";
  Add(out, "   ", "OrganizationId", envelope.organization_id);
  Add(out, "   ", "ActionId", envelope.action_id);
  AddSession(out, envelope.session_id);
  Add(out, "   ", "EnterpriseUrl", envelope.instance_url + "/services/Soap/c" + tail);
  Add(out, "   ", "PartnerUrl", envelope.instance_url + "/services/Soap/u" + tail);
  for (const auto& notification : envelope.notifications)
    AddNotification(out, envelope.object, notification);
  return out + "  </notifications>\n </soapenv:Body>\n</soapenv:Envelope>\n";
}

bool IsAcknowledgement(std::string_view body) {
  const auto root = ParseXml(body);
  if (!root || root->name != "Envelope" || root->name_space != kEnvelope) return false;
  const XmlElement* const content = root->Child(kEnvelope, "Body");
  const XmlElement* const response =
      content == nullptr ? nullptr : content->Child(kOutbound, "notificationsResponse");
  const XmlElement* const ack = response == nullptr ? nullptr : response->Child(kOutbound, "Ack");
  return ack != nullptr && Trim(ack->text) == "true";
}

}  // namespace cosell::sandbox
