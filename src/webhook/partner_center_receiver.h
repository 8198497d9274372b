#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "ports/store.h"
#include "webhook/download_cache.h"
#include "webhook/host_allow_list.h"
#include "webhook/notification.h"
#include "webhook/receiver.h"
#include "webhook/signature_headers.h"
#include "webhook/signature_verifier.h"

namespace cosell::webhook {

// Configuration section partner_center.webhook, and the connection it belongs to. A value.
struct PartnerCenterOptions {
  ConnectionName connection;
  std::vector<std::string> certificate_hosts{"3psostorageacct.blob.core.windows.net"};
  std::string issuer_organization = "Microsoft Corporation";
  std::vector<std::string> ca_files;  // absolute; empty: the system's anchors
};

// The event `test-created` that a validation event causes. A value.
struct TestEvent {
  std::string resource_id;  // GUID, empty when the event named none
  Instant received_at;
};

// Partner Center's callbacks for one connection: proves that a body is Microsoft's own (contract
// partner-center.md section 4.4, in its order) and queues the referral it names. The body is only a
// hint; nothing in it is believed but that one referral deserves a look. Safe from any thread;
// Receive blocks while a certificate is downloaded.
//
//   200  accepted, duplicate, test_event, ignored_event (not about referrals), ignored_resource
//        (names no referral id)
//   400  length_mismatch, certificate_url_missing, algorithm_missing, body_unreadable
//   401  signature_missing, signature_malformed, algorithm_refused, certificate_url_refused,
//        certificate_refused, certificate_unreadable, certificate_expired, chain_untrusted,
//        issuer_refused, key_refused, signature_wrong
//   413  too_large
//   503  certificate_unreachable, download_limit, store_failed, internal_error
class PartnerCenterReceiver final : public Receiver {
 public:
  // Everything by reference must outlive the receiver. `transport` fetches certificates only: give
  // it a short time limit, a small body limit, and http:// allowed (issuer certificates come that
  // way; the signing certificate's own URL is held to https here). `on_test` is called before a
  // test event is answered, from any thread. Throws std::invalid_argument for options that cannot
  // work, naming the configuration key.
  PartnerCenterReceiver(PartnerCenterOptions options, Store& store, net::HttpTransport& transport,
                        const Clock& clock, WakeUp wake_up,
                        std::function<void(const TestEvent&)> on_test);

  InboundAnswer Receive(const InboundRequest& request) override;

 private:
  InboundAnswer Judge(const InboundRequest& request);
  std::optional<InboundAnswer> CheckSignature(const std::string& body, const SignatureClaim& claim);
  Verdict Verify(const std::string& body, const SignatureClaim& claim, const std::string& url,
                 const std::string& certificate_file);
  std::optional<std::string> FetchIssuer(const std::string& url);
  InboundAnswer TakeIn(const Notification& notification);

  const PartnerCenterOptions options_;
  Store& store_;
  const Clock& clock_;
  const WakeUp wake_up_;
  const std::function<void(const TestEvent&)> on_test_;
  const HostAllowList hosts_;
  const SignatureVerifier verifier_;
  DownloadCache downloads_;
};

}  // namespace cosell::webhook
