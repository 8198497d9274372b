#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "ports/store.h"
#include "webhook/push_context.h"
#include "webhook/push_key.h"
#include "webhook/receiver.h"

namespace cosell::webhook {

// Configuration section crm.push, and the connection it belongs to. A value; `key` is a secret and
// reaches no log.
struct DataversePushOptions {
  ConnectionName connection;
  std::string key;
  // Query parameters that may carry the key in place of the header: `code` is what Dataverse's
  // "WebhookKey" sends.
  std::vector<std::string> query_names{"code", "key"};
};

// Dataverse webhooks for one connection (contract dynamics365.md section 12): checks the shared
// key and queues the opportunity or lead the message names. Dataverse sends again once, and only
// after 502, 503 or 504; what is lost the poll finds. Safe from any thread.
//
//   200  accepted, duplicate, ignored_table (neither opportunity nor lead)
//   400  body_unreadable, record_id_missing
//   401  key_wrong
//   413  too_large
//   503  store_failed, internal_error
class DataversePushReceiver final : public Receiver {
 public:
  // `store` and `clock` must outlive the receiver. Throws std::invalid_argument for an empty key.
  DataversePushReceiver(const DataversePushOptions& options, Store& store, const Clock& clock,
                        WakeUp wake_up);

  InboundAnswer Receive(const InboundRequest& request) override;

 private:
  InboundAnswer Judge(const InboundRequest& request);
  InboundAnswer TakeIn(const PushContext& context);

  const ConnectionName connection_;
  const PushKey key_;
  Store& store_;
  const Clock& clock_;
  const WakeUp wake_up_;
};

}  // namespace cosell::webhook
