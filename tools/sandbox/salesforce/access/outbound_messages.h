#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/http.h"
#include "tools/sandbox/salesforce/access/outbound_envelope.h"

namespace cosell::sandbox {

// What an administrator configured: which changes are told to whom. A value.
struct OutboundAction {
  std::string id;                   // 18 characters, prefix 04k
  std::string object;               // "Opportunity"
  std::vector<std::string> fields;  // sent beside Id, which always is
  std::string url;                  // of the endpoint; absolute
  // An update that changes none of these is not told; empty: every update is.
  std::set<std::string> watched_fields;
  bool include_session = false;  // the message carries a session of `send_as`
  std::string send_as;           // user id
};

// A committed change of a record. A value.
struct OutboundChange {
  std::string object;
  std::string record_id;                 // 18 characters
  std::string operation;                 // "create" or "update"; others start no message
  std::set<std::string> changed_fields;  // API names; for an update
  std::string user_id;                   // who made it
};

struct OutboundOptions {
  std::string organization_id = "00D5g000004TqAzEAK";
  std::string instance_url = "https://northwind-orchard.my.salesforce.com";
  std::string api_version = "67.0";
};

// What the contract infers, and faults. May change at any time. The faults `lost` and `delay_ms`
// strike when a change is enqueued, the others when messages are sent.
struct OutboundSwitches {
  bool lost = false;        // changes start no message
  bool duplicated = false;  // an acknowledged message comes once more
  bool reordered = false;   // what is due is sent in random order
  std::int64_t delay_ms = 0;
  std::chrono::seconds first_retry{5};  // doubled each time, up to 2 h
  bool fields_sorted = true;            // by name; else as the action lists them
  std::string soap_action = "\"\"";
  // Users with "send outbound messages" disabled on their profile: the guard against ping-pong.
  std::set<std::string> silent_users;
};

// One message that was sent, and the answer. A value.
struct OutboundDelivery {
  Instant at;
  std::string action_id;
  std::string url;
  std::vector<std::string> notification_ids;
  std::vector<std::string> record_ids;  // in the same order
  int status = 0;                       // 0: no answer
  bool acknowledged = false;
};

// Counted in notifications.
struct OutboundTotals {
  std::int64_t queued = 0;
  std::int64_t acknowledged = 0;
  std::int64_t expired = 0;  // dropped after 24 h
  std::int64_t gone = 0;     // dropped because the record was gone when its turn came
  std::int64_t lost = 0;     // by the switch
};

// The sender of outbound messages (contract salesforce.md section 16.1): up to 100 notifications in
// a message, repeated with growing pauses until acknowledged, dropped after 24 h. Fields are read
// when a message is sent, so states in between are never seen. It sends only in Pump. Single-
// threaded, but `send` may enqueue. `clock` and `random` must outlive it.
class OutboundMessages {
 public:
  // The fields of a record as text for the wire (datetimes end in Z); those without a value are
  // left out. Nothing when the record is gone.
  using Rows = std::function<std::optional<OutboundFields>(
      const std::string& object, const std::string& id, const std::vector<std::string>& fields)>;
  // A session id of the user.
  using NewSession = std::function<std::string(const std::string& user_id)>;
  struct Answer {
    int status = 0;  // 0: none came
    std::string body;
  };
  using Send = std::function<Answer(const std::string& url, const net::Headers& headers,
                                    const std::string& body)>;

  OutboundMessages(Clock& clock, Random& random, OutboundOptions options, Rows rows,
                   NewSession new_session);

  OutboundSwitches& switches() { return switches_; }
  // Takes the place of an action of the same id; what is queued for it goes to the new address.
  void AddAction(OutboundAction action);
  // Queues one notification for every action the change is for.
  void Enqueue(const OutboundChange& change);

  // Sends what is due. Only HTTP 200 with a proper acknowledgement counts as received.
  void Pump(const Send& send);
  std::optional<Instant> NextDue() const;

  // Notifications that wait for their first or next attempt.
  std::size_t pending() const { return queue_.size(); }
  const OutboundTotals& totals() const { return totals_; }
  // Oldest first; bounded to the newest 10,000.
  const std::deque<OutboundDelivery>& deliveries() const { return deliveries_; }
  void ClearDeliveries() { deliveries_.clear(); }

 private:
  struct Waiting {
    std::string id;
    std::string action_id;
    std::string record_id;
    Instant queued_at;
    Instant due;
    int attempts = 0;
  };
  struct Message {
    OutboundAction action;
    std::vector<Waiting> waiting;
    std::string body;
  };

  std::vector<Waiting> TakeDue();
  void DropExpired(std::vector<Waiting>& due);
  Message Compose(const OutboundAction& action, std::vector<Waiting> waiting);
  OutboundFields Ordered(OutboundFields fields) const;
  void Deliver(const Message& message, const Send& send);
  bool Attempt(const Message& message, const Send& send);
  void Retry(Waiting waiting);

  Clock& clock_;
  Random& random_;
  OutboundOptions options_;
  Rows rows_;
  NewSession new_session_;
  OutboundSwitches switches_;
  std::vector<OutboundAction> actions_;
  std::deque<Waiting> queue_;
  OutboundTotals totals_;
  std::deque<OutboundDelivery> deliveries_;
  std::uint64_t last_number_ = 0;
};

}  // namespace cosell::sandbox
