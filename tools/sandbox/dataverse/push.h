#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/dataverse/database.h"

// The webhook sender: a queue of execution contexts (contract section 12).
namespace cosell::sandbox::dataverse {

// The JSON body of one context; slashes are escaped as the platform does. `stripped` leaves out
// what an oversized context loses.
std::string ContextBody(Database& database, const Change& change, bool stripped);

class PushQueue {
 public:
  explicit PushQueue(Database& database) : database_(database) {}

  void Subscribe(PushSubscription subscription) {
    subscriptions_.push_back(std::move(subscription));
  }
  // Queues one context per subscription that wants the change.
  void Take(const Change& change);

  std::size_t pending() const { return queue_.size(); }
  std::optional<Instant> NextDue() const;
  // Sends every context that is due, each with at most one retry.
  PushReport Pump(const PushSender& send);

 private:
  struct Item {
    Instant due;
    std::string url;
    net::Headers headers;
    std::string body;
  };
  std::vector<Item> TakeDue();
  // Time as it passes: a queue does not look at the server's clock.
  Instant Now() const { return database_.Now() - database_.switches().clock_offset; }

  Database& database_;
  std::vector<PushSubscription> subscriptions_;
  std::deque<Item> queue_;
};

}  // namespace cosell::sandbox::dataverse
