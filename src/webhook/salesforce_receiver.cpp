#include "webhook/salesforce_receiver.h"

#include <exception>
#include <utility>

#include "webhook/answers.h"
#include "webhook/soap.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kBodyBytesMax = 1'048'576;

InboundAnswer OrganizationUnknown(const std::string& why) {
  return TryLater(
      "organization_unknown",
      "Whose message it is cannot be checked before the sign-in at Salesforce works: " + why);
}

}  // namespace

SalesforceReceiver::SalesforceReceiver(SalesforcePushOptions options, Store& store,
                                       const Clock& clock, WakeUp wake_up)
    : connection_(std::move(options.connection)),
      key_(options.key, {"key"}),
      organization_id_(std::move(options.organization_id)),
      store_(store),
      clock_(clock),
      wake_up_(std::move(wake_up)) {}

InboundAnswer SalesforceReceiver::Receive(const InboundRequest& request) {
  try {
    return AsSoap(Judge(request));
  } catch (const std::exception& failure) {
    return AsSoap(TryLater("internal_error", failure.what()));
  }
}

InboundAnswer SalesforceReceiver::Judge(const InboundRequest& request) {
  if (request.body.size() > kBodyBytesMax) return TooLarge(kBodyBytesMax);
  if (!key_.Opens(request)) {
    return Unauthorized("key_wrong",
                        "The message carries no key or another one than crm.push.key; end the "
                        "endpoint URL of the outbound message in Salesforce with ?key= and the "
                        "key.");
  }
  const auto message = ParseOutboundMessage(request.body);
  if (!message) return BadRequest("body_unreadable", message.error().message);
  const auto organization = organization_id_();
  if (!organization) return OrganizationUnknown(Summarize(organization.error()));
  if (organization->empty()) return OrganizationUnknown("its answer names no organisation.");
  if (message->organization_id != *organization) {
    return Forbidden("organization_wrong",
                     "The message comes from the organisation " + message->organization_id +
                         ", and this connection is signed in at " + *organization +
                         "; correct the endpoint URL of that organisation's outbound message.");
  }
  return TakeIn(*message);
}

InboundAnswer SalesforceReceiver::TakeIn(const OutboundMessage& message) {
  std::vector<Event> events;
  for (const OutboundNotification& notification : message.notifications) {
    const std::string& type = notification.object_type;
    if (type != "Opportunity" && type != "Lead") continue;
    if (notification.record_id.empty()) {
      return BadRequest("record_id_missing", "A record of the message has no valid sf:Id.");
    }
    events.push_back(EventFor(notification));
  }
  if (events.empty()) return Accepted("ignored_table");
  return AnswerForAppend([&] { return store_.AppendEvents(events) > 0; }, wake_up_);
}

Event SalesforceReceiver::EventFor(const OutboundNotification& notification) const {
  Event event;
  event.connection = connection_;
  event.side = Side::crm;
  event.source = "push";
  event.name = "outbound-message";
  event.record_id = notification.record_id;
  event.kind = notification.object_type == "Lead" ? RecordKind::lead : RecordKind::opportunity;
  event.changed_at = notification.changed_at;
  event.dedupe_key = "outbound|" + notification.id;
  event.received_at = clock_.Now();
  return event;
}

}  // namespace cosell::webhook
