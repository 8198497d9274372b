#include "tools/sandbox/salesforce/access/outbound_messages.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tools/sandbox/salesforce/access/record_id.h"

namespace cosell::sandbox {
namespace {

constexpr std::size_t kNotificationsMax = 100;
constexpr std::size_t kDeliveriesMax = 10'000;
constexpr std::chrono::hours kRetryMax{2};
constexpr std::chrono::hours kLifetime{24};

bool Wants(const OutboundAction& action, const OutboundChange& change) {
  if (action.object != change.object) return false;
  if (change.operation == "create") return true;
  if (change.operation != "update") return false;
  return action.watched_fields.empty() ||
         std::any_of(
             action.watched_fields.begin(), action.watched_fields.end(),
             [&](const std::string& field) { return change.changed_fields.contains(field); });
}

}  // namespace

OutboundMessages::OutboundMessages(Clock& clock, Random& random, OutboundOptions options, Rows rows,
                                   NewSession new_session)
    : clock_(clock),
      random_(random),
      options_(std::move(options)),
      rows_(std::move(rows)),
      new_session_(std::move(new_session)) {}

void OutboundMessages::AddAction(OutboundAction action) {
  std::erase_if(actions_, [&](const OutboundAction& other) { return other.id == action.id; });
  actions_.push_back(std::move(action));
}

void OutboundMessages::Enqueue(const OutboundChange& change) {
  if (switches_.silent_users.contains(change.user_id)) return;
  for (const OutboundAction& action : actions_) {
    if (!Wants(action, change)) continue;
    if (switches_.lost) {
      ++totals_.lost;
      continue;
    }
    const Instant now = clock_.Now();
    queue_.push_back({.id = NumberedId("04l", ++last_number_),
                      .action_id = action.id,
                      .record_id = change.record_id,
                      .queued_at = now,
                      .due = now + std::chrono::milliseconds(switches_.delay_ms)});
    ++totals_.queued;
  }
}

std::optional<Instant> OutboundMessages::NextDue() const {
  const auto first = std::min_element(queue_.begin(), queue_.end(),
                                      [](const auto& a, const auto& b) { return a.due < b.due; });
  return first == queue_.end() ? std::nullopt : std::optional(first->due);
}

std::vector<OutboundMessages::Waiting> OutboundMessages::TakeDue() {
  const auto rest =
      std::stable_partition(queue_.begin(), queue_.end(),
                            [now = clock_.Now()](const Waiting& one) { return one.due <= now; });
  std::vector<Waiting> due(std::make_move_iterator(queue_.begin()), std::make_move_iterator(rest));
  queue_.erase(queue_.begin(), rest);
  DropExpired(due);
  for (std::size_t i = due.size(); switches_.reordered && i > 1; --i)
    std::swap(due[i - 1], due[random_.Below(i)]);
  return due;
}

void OutboundMessages::DropExpired(std::vector<Waiting>& due) {
  const auto dropped = std::erase_if(
      due, [now = clock_.Now()](const Waiting& one) { return now - one.queued_at >= kLifetime; });
  totals_.expired += static_cast<std::int64_t>(dropped);
}

void OutboundMessages::Pump(const Send& send) {
  const std::vector<Waiting> due = TakeDue();
  const std::vector<OutboundAction> actions = actions_;  // `send` may change them
  for (const OutboundAction& action : actions) {
    std::vector<Waiting> batch;
    const auto flush = [&] {
      const Message message = Compose(action, std::exchange(batch, {}));
      if (!message.waiting.empty()) Deliver(message, send);
    };
    for (const Waiting& one : due) {
      if (one.action_id != action.id) continue;
      batch.push_back(one);
      if (batch.size() == kNotificationsMax) flush();
    }
    flush();
  }
}

OutboundFields OutboundMessages::Ordered(OutboundFields fields) const {
  std::erase_if(fields, [](const auto& field) { return field.first == "Id"; });
  if (switches_.fields_sorted) std::sort(fields.begin(), fields.end());
  return fields;
}

OutboundMessages::Message OutboundMessages::Compose(const OutboundAction& action,
                                                    std::vector<Waiting> waiting) {
  Message message{.action = action, .waiting = {}, .body = {}};
  OutboundEnvelope envelope{.organization_id = options_.organization_id,
                            .action_id = action.id,
                            .session_id = std::nullopt,
                            .instance_url = options_.instance_url,
                            .api_version = options_.api_version,
                            .object = action.object,
                            .notifications = {}};
  for (Waiting& one : waiting) {
    auto fields = rows_(action.object, one.record_id, action.fields);
    if (!fields) {
      ++totals_.gone;
      continue;
    }
    envelope.notifications.push_back({one.id, one.record_id, Ordered(std::move(*fields))});
    message.waiting.push_back(std::move(one));
  }
  if (message.waiting.empty()) return message;
  if (action.include_session) envelope.session_id = new_session_(action.send_as);
  message.body = RenderOutboundMessage(envelope);
  return message;
}

void OutboundMessages::Deliver(const Message& message, const Send& send) {
  if (!Attempt(message, send)) {
    for (const Waiting& one : message.waiting) Retry(one);
    return;
  }
  totals_.acknowledged += static_cast<std::int64_t>(message.waiting.size());
  if (switches_.duplicated) Attempt(message, send);
}

bool OutboundMessages::Attempt(const Message& message, const Send& send) {
  OutboundDelivery delivery{.at = clock_.Now(),
                            .action_id = message.action.id,
                            .url = message.action.url,
                            .notification_ids = {},
                            .record_ids = {}};
  for (const Waiting& one : message.waiting) {
    delivery.notification_ids.push_back(one.id);
    delivery.record_ids.push_back(one.record_id);
  }
  const net::Headers headers = {{"Content-Type", "text/xml; charset=utf-8"},
                                {"SOAPAction", switches_.soap_action}};
  const Answer answer = send(message.action.url, headers, message.body);
  delivery.status = answer.status;
  delivery.acknowledged = answer.status == 200 && IsAcknowledgement(answer.body);
  deliveries_.push_back(delivery);
  if (deliveries_.size() > kDeliveriesMax) deliveries_.pop_front();
  return delivery.acknowledged;
}

void OutboundMessages::Retry(Waiting waiting) {
  std::chrono::seconds pause = switches_.first_retry;
  for (int attempt = 0; attempt < waiting.attempts && pause < kRetryMax; ++attempt) pause *= 2;
  ++waiting.attempts;
  waiting.due = clock_.Now() + std::min<std::chrono::seconds>(pause, kRetryMax);
  queue_.push_back(std::move(waiting));
}

}  // namespace cosell::sandbox
