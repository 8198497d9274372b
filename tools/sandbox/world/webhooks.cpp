#include "tools/sandbox/world/webhooks.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "tools/sandbox/world/certificates.h"
#include "tools/sandbox/world/json.h"

namespace cosell::sandbox {
namespace {

constexpr std::size_t kDeliveriesMax = 100'000;
constexpr std::size_t kAttemptsMax = 10;

constexpr std::array<std::string_view, 12> kTampering = {"body_byte",
                                                         "wrong_key",
                                                         "expired_certificate",
                                                         "foreign_issuer",
                                                         "untrusted_root",
                                                         "foreign_host",
                                                         "sha1",
                                                         "missing_signature",
                                                         "missing_certificate_url",
                                                         "missing_algorithm",
                                                         "bare_base64",
                                                         "bearer"};

SigningChain::Leaf LeafFor(const std::string& mode) {
  if (mode == "expired_certificate") return SigningChain::Leaf::expired;
  if (mode == "foreign_issuer") return SigningChain::Leaf::foreign_issuer;
  if (mode == "untrusted_root") return SigningChain::Leaf::untrusted_root;
  return SigningChain::Leaf::honest;
}

}  // namespace

EventQueue::EventQueue(Clock& clock, Random& random, const Switches& switches,
                       const Origins& origins, SigningChain& chain)
    : clock_(clock), random_(random), switches_(switches), origins_(origins), chain_(chain) {}

bool EventQueue::Happens(int percent) {
  return percent > 0 && random_.Below(100) < static_cast<std::uint64_t>(percent);
}

void EventQueue::Raise(const std::string& event, const std::string& referral_id, Instant at) {
  if (!subscription_) return;
  const auto& wanted = subscription_->events;
  if (std::find(wanted.begin(), wanted.end(), event) == wanted.end()) return;
  const std::string uri = switches_.resource_uri == "api_host"
                              ? origins_.referrals + "/v1.0/engagements/referrals/" + referral_id
                              : origins_.webhooks + "/engagements/v1/referrals/" + referral_id;
  Delivery delivery;
  delivery.event = event;
  delivery.referral_id = referral_id;
  delivery.body = Body(event, uri, "referral", at);
  Enqueue(delivery, true);
  if (Happens(switches_.event_duplicate_percent)) Enqueue(delivery, true);
}

void EventQueue::RaiseTest(const std::string& correlation_id) {
  Delivery delivery;
  delivery.event = "test-created";
  delivery.correlation_id = correlation_id;
  const std::string uri =
      ReplaceAll(origins_.webhooks, "https://", "http://") + "/webhooks/v1/registration/test";
  delivery.body = Body("test-created", uri, "test", clock_.Now());
  Enqueue(std::move(delivery), false);
}

// Compact, in the documented order of members (contract 8.9).
std::string EventQueue::Body(const std::string& event, const std::string& uri,
                             std::string_view name, Instant at) const {
  nlohmann::ordered_json body = {
      {"EventName", event},
      {"ResourceUri", uri},
      {"ResourceName", name},
      {"AuditUri", nullptr},
      {"ResourceChangeUtcDate", ReplaceAll(FormatInstant(at), "Z", "+00:00")}};
  if (!switches_.body_camel_case) return body.dump();
  nlohmann::ordered_json camel;
  for (const auto& [member, value] : body.items()) {
    std::string lower = member;
    lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
    camel[lower] = value;
  }
  return camel.dump();
}

void EventQueue::Enqueue(Delivery delivery, bool faults) {
  delivery.sequence = next_sequence_++;
  delivery.queued_at = clock_.Now();
  delivery.url = subscription_->url;
  delivery.ms_signature_header = subscription_->ms_signature_header;
  Instant at = clock_.Now() + std::chrono::milliseconds(switches_.event_delay_ms);
  if (faults && switches_.event_reorder_ms > 0)
    at += std::chrono::milliseconds(
        random_.Below(static_cast<std::uint64_t>(switches_.event_reorder_ms) + 1));
  if (faults && Happens(switches_.event_lost_percent))
    delivery.state = Delivery::State::lost;
  else
    due_.emplace(at, delivery.sequence);
  if (deliveries_.size() == kDeliveriesMax) deliveries_.pop_front();
  deliveries_.push_back(std::move(delivery));
}

Status EventQueue::Tamper(const std::string& mode, int times) {
  if (std::find(kTampering.begin(), kTampering.end(), mode) == kTampering.end())
    return Error{ErrorKind::invalid_input, "unknown tampering mode: " + mode};
  tamper_mode_ = mode;
  tamper_times_ = times;
  return Done{};
}

std::vector<EventQueue::Outbound> EventQueue::TakeDue() {
  std::vector<Outbound> ready;
  while (!due_.empty() && due_.begin()->first <= clock_.Now()) {
    Delivery* delivery = Find(due_.begin()->second);
    due_.erase(due_.begin());
    if (delivery == nullptr) continue;
    delivery->state = Delivery::State::in_flight;
    ready.push_back(Prepare(*delivery));
  }
  return ready;
}

EventQueue::Outbound EventQueue::Prepare(const Delivery& delivery) {
  std::string mode;
  if (tamper_times_ > 0) {
    --tamper_times_;
    mode = tamper_mode_;
  }
  const std::string signature = mode == "wrong_key" ? chain_.SignWithWrongKey(delivery.body)
                                                    : chain_.Sign(delivery.body, mode == "sha1");
  const std::string certificate_host =
      mode == "foreign_host" ? "https://evil.tailspin.example" : origins_.certificates;
  const bool bare = switches_.signature_bare || mode == "bare_base64";
  std::string scheme = bare ? "" : "Signature ";
  if (mode == "bearer") scheme = "Bearer ";
  Outbound out{
      delivery.sequence, delivery.url, {{"Content-Type", "application/json"}}, delivery.body};
  if (mode != "missing_signature")
    out.headers.emplace_back(delivery.ms_signature_header ? "x-ms-signature" : "Authorization",
                             scheme + signature);
  if (mode != "missing_certificate_url")
    out.headers.emplace_back("X-MS-Certificate-Url",
                             certificate_host + CertificatePath(LeafFor(mode)));
  if (mode != "missing_algorithm")
    out.headers.emplace_back("X-MS-Signature-Algorithm",
                             mode == "sha1" ? "rsa-sha1" : "rsa-sha256");
  out.headers.emplace_back("Accept-Encoding", "gzip, deflate");
  if (mode == "body_byte") out.body[out.body.size() / 2] ^= 1;
  return out;
}

void EventQueue::Report(std::int64_t sequence, int status) {
  Delivery* delivery = Find(sequence);
  if (delivery == nullptr || delivery->state != Delivery::State::in_flight) return;
  delivery->attempts.push_back({clock_.Now(), status});
  if (status >= 200 && status < 300) {
    delivery->state = Delivery::State::delivered;
  } else if (delivery->attempts.size() >= kAttemptsMax) {
    delivery->state = Delivery::State::dead;
  } else {
    delivery->state = Delivery::State::waiting;
    const auto pause = std::chrono::milliseconds(switches_.event_retry_first_ms) *
                       (1 << (delivery->attempts.size() - 1));
    due_.emplace(clock_.Now() + pause, sequence);
  }
}

std::optional<Instant> EventQueue::NextDue() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

Delivery* EventQueue::Find(std::int64_t sequence) {
  if (deliveries_.empty() || sequence < deliveries_.front().sequence) return nullptr;
  return &deliveries_[static_cast<std::size_t>(sequence - deliveries_.front().sequence)];
}

void EventQueue::Clear() {
  deliveries_.clear();
  due_.clear();
  subscription_.reset();
  tamper_times_ = 0;
}

}  // namespace cosell::sandbox
