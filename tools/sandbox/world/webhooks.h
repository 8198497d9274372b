#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "tools/sandbox/world/identities.h"
#include "tools/sandbox/world/signing.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// The one webhook registration of the tenant (contract partner-center.md 4.1). A value.
struct Subscription {
  std::string subscriber_id;
  std::string url;
  std::vector<std::string> events;
  bool ms_signature_header = false;  // x-ms-signature instead of Authorization
  Instant modified_at;
};

// One attempt to deliver.
struct DeliveryAttempt {
  Instant at;
  int status = 0;  // 0: no answer
};

// An event and what became of it. A value.
struct Delivery {
  enum class State { waiting, in_flight, delivered, dead, lost };
  std::int64_t sequence = 0;
  Instant queued_at;
  std::string event;
  std::string referral_id;     // empty for test-created
  std::string correlation_id;  // of a validation event
  std::string url;
  std::string body;
  bool ms_signature_header = false;
  State state = State::waiting;
  std::vector<DeliveryAttempt> attempts;
};

// Partner Center's event dispatcher (contract 4.2 to 4.5): builds and signs callbacks, ten attempts
// with growing pauses, then the offline queue. Loss, duplicates, reordering and tampering by
// switch. It never sends by itself: TakeDue hands out what is due, Report takes the answer, so that
// nobody holds the world while the receiver works. Single-threaded.
class EventQueue {
 public:
  EventQueue(Clock& clock, Random& random, const Switches& switches, const Origins& origins,
             SigningChain& chain);

  std::optional<Subscription>& subscription() { return subscription_; }

  // Queues the event when somebody subscribed to it.
  void Raise(const std::string& event, const std::string& referral_id, Instant at);
  void RaiseTest(const std::string& correlation_id);

  // Damages the next `times` attempts: "body_byte", "wrong_key", "expired_certificate",
  // "foreign_issuer", "untrusted_root", "foreign_host", "sha1", "missing_signature",
  // "missing_certificate_url", "missing_algorithm", "bare_base64", "bearer". invalid_input else.
  Status Tamper(const std::string& mode, int times);

  struct Outbound {
    std::int64_t sequence = 0;
    std::string url;
    net::Headers headers;
    std::string body;
  };
  std::vector<Outbound> TakeDue();
  // 2xx ends the delivery; anything else plans the next attempt.
  void Report(std::int64_t sequence, int status);
  std::optional<Instant> NextDue() const;

  // Every event since the start, oldest first; bounded to the newest 100,000.
  const std::deque<Delivery>& deliveries() const { return deliveries_; }
  void Clear();

 private:
  void Enqueue(Delivery delivery, bool faults);
  Outbound Prepare(const Delivery& delivery);
  std::string Body(const std::string& event, const std::string& uri, std::string_view name,
                   Instant at) const;
  Delivery* Find(std::int64_t sequence);
  bool Happens(int percent);

  Clock& clock_;
  Random& random_;
  const Switches& switches_;
  const Origins& origins_;
  SigningChain& chain_;
  std::optional<Subscription> subscription_;
  std::deque<Delivery> deliveries_;
  std::multimap<Instant, std::int64_t> due_;
  std::int64_t next_sequence_ = 1;
  std::string tamper_mode_;
  int tamper_times_ = 0;
};

}  // namespace cosell::sandbox
