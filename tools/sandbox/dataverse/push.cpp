#include "tools/sandbox/dataverse/push.h"

#include <algorithm>

namespace cosell::sandbox::dataverse {
namespace {

bool Wants(const PushSubscription& subscription, const Change& change) {
  if (subscription.table != change.table->name()) return false;
  if (!subscription.messages.contains(change.message)) return false;
  if (change.message != "Update" || subscription.filtering_attributes.empty()) return true;
  return std::any_of(change.columns.begin(), change.columns.end(), [&](std::size_t at) {
    return subscription.filtering_attributes.contains(change.table->columns()[at].name);
  });
}

bool IsRetried(int status) { return status == 502 || status == 503 || status == 504; }

bool Succeeded(int status) { return status >= 200 && status < 300; }

}  // namespace

void PushQueue::Take(const Change& change) {
  const auto& switches = database_.switches();
  for (const auto& subscription : subscriptions_) {
    if (!Wants(subscription, change) || switches.push_lost) continue;
    Item item{Now() + switches.push_delay,
              subscription.url,
              {{"Content-Type", "application/json; charset=utf-8"},
               {"x-cosell-key", subscription.key},
               {"x-ms-dynamics-organization", database_.options().organization_name},
               {"x-ms-dynamics-entity-name", change.table->name()},
               {"x-ms-dynamics-request-name", change.message},
               {"x-ms-correlation-request-id", database_.NewId()}},
              ContextBody(database_, change, switches.push_oversized)};
    if (switches.push_oversized) item.headers.emplace_back("x-ms-dynamics-msg-size-exceeded", "1");
    if (switches.push_twice) queue_.push_back(item);
    queue_.push_back(std::move(item));
  }
}

std::optional<Instant> PushQueue::NextDue() const {
  const auto first = std::min_element(queue_.begin(), queue_.end(),
                                      [](const Item& a, const Item& b) { return a.due < b.due; });
  return first == queue_.end() ? std::nullopt : std::optional(first->due);
}

std::vector<PushQueue::Item> PushQueue::TakeDue() {
  const Instant now = Now();
  const auto later = std::stable_partition(queue_.begin(), queue_.end(),
                                           [&](const Item& item) { return item.due <= now; });
  std::vector<Item> due(std::make_move_iterator(queue_.begin()), std::make_move_iterator(later));
  queue_.erase(queue_.begin(), later);
  if (!database_.switches().push_shuffled) return due;
  for (std::size_t i = due.size(); i > 1; --i) {
    std::swap(due[i - 1], due[database_.random().Below(i)]);
  }
  return due;
}

PushReport PushQueue::Pump(const PushSender& send) {
  PushReport report;
  for (const auto& item : TakeDue()) {
    int status = send(item.url, item.headers, item.body);
    if (IsRetried(status)) status = send(item.url, item.headers, item.body);
    ++(Succeeded(status) ? report.delivered : report.failed);
  }
  return report;
}

}  // namespace cosell::sandbox::dataverse
