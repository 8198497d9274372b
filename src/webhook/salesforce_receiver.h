#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ports/store.h"
#include "webhook/outbound_message.h"
#include "webhook/push_key.h"
#include "webhook/receiver.h"

namespace cosell::webhook {

// Configuration section crm.push, and the connection it belongs to. `key` is a secret and reaches
// no log.
struct SalesforcePushOptions {
  ConnectionName connection;
  std::string key;  // in the query as `key`: Salesforce can send no header
  // The organisation this connection is signed in at, 18 characters. Asked once per message, from
  // any thread; may sign in.
  std::function<Result<std::string>()> organization_id;
};

// Salesforce outbound messages for one connection (contract salesforce.md section 16.1): checks the
// shared key and the organisation, and queues the opportunities and leads the message names. All of
// them are durable before the message is acknowledged; Salesforce sends an unacknowledged one again
// for a day, and what is lost then the poll finds. Answers are SOAP: see soap.h for the status.
// Safe from any thread.
//
//   200  accepted, duplicate, ignored_table (neither opportunity nor lead)
//   401  key_wrong
//   403  organization_wrong
//   413  too_large (over 1 MiB)
//   400  body_unreadable, record_id_missing
//   503  organization_unknown (sign-in failed), store_failed, internal_error
class SalesforceReceiver final : public Receiver {
 public:
  // `store` and `clock` must outlive the receiver. Throws std::invalid_argument for an empty key.
  SalesforceReceiver(SalesforcePushOptions options, Store& store, const Clock& clock,
                     WakeUp wake_up);

  InboundAnswer Receive(const InboundRequest& request) override;

 private:
  InboundAnswer Judge(const InboundRequest& request);
  InboundAnswer TakeIn(const OutboundMessage& message);
  Event EventFor(const OutboundNotification& notification) const;

  const ConnectionName connection_;
  const PushKey key_;
  const std::function<Result<std::string>()> organization_id_;
  Store& store_;
  const Clock& clock_;
  const WakeUp wake_up_;
};

}  // namespace cosell::webhook
