#include "webhook/partner_center_receiver.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <utility>
#include <variant>

#include "base/text.h"
#include "webhook/answers.h"

namespace cosell::webhook {
namespace {

constexpr std::size_t kBodyBytesMax = 1'048'576;

bool IsReferralEvent(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {"referral-created", "referral-updated",
                                                      "related-referral-created",
                                                      "related-referral-updated"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::optional<InboundAnswer> CheckSize(const InboundRequest& request) {
  if (request.body.size() > kBodyBytesMax) return TooLarge(kBodyBytesMax);
  const auto length = net::FindHeader(request.headers, "Content-Length");
  if (length && Trim(*length) != std::to_string(request.body.size())) {
    return BadRequest("length_mismatch", "Content-Length is not the length of the body.");
  }
  return std::nullopt;
}

InboundAnswer AnswerFor(Download::State state) {
  switch (state) {
    case Download::State::unreachable:
      return TryLater("certificate_unreachable",
                      "The signing certificate cannot be downloaded; is its host reachable from "
                      "here (http.proxy_url, tls.ca_files)?");
    case Download::State::limited:
      return TryLater("download_limit",
                      "Too many different certificate URLs were sent within a minute.");
    case Download::State::refused:
    case Download::State::ready:
      break;
  }
  return Unauthorized("certificate_refused",
                      "The host of the signing certificate does not serve a certificate there.");
}

std::optional<InboundAnswer> AnswerFor(Verdict verdict) {
  switch (verdict) {
    case Verdict::genuine:
      return std::nullopt;
    case Verdict::certificate_unreadable:
      return Unauthorized("certificate_unreadable",
                          "What the certificate URL serves is no certificate in PEM or DER.");
    case Verdict::certificate_expired:
      return Unauthorized("certificate_expired",
                          "The signing certificate or one of its issuers is outside its validity; "
                          "is this machine's clock right?");
    case Verdict::chain_untrusted:
      return Unauthorized("chain_untrusted",
                          "The signing certificate does not chain to a trusted root; name its root "
                          "and intermediates in partner_center.webhook.ca_files, or the host of "
                          "its issuer's certificate in partner_center.webhook.certificate_hosts.");
    case Verdict::issuer_refused:
      return Unauthorized("issuer_refused",
                          "The signing certificate's issuer is not the organisation in "
                          "partner_center.webhook.issuer_organization.");
    case Verdict::key_refused:
      return Unauthorized("key_refused",
                          "The signing certificate's key is not RSA with 2048 bits or more.");
    case Verdict::signature_wrong:
      return Unauthorized("signature_wrong",
                          "The body was not signed with the key of the signing certificate, or "
                          "was changed on its way (does a proxy rewrite bodies?).");
  }
  return std::nullopt;
}

}  // namespace

PartnerCenterReceiver::PartnerCenterReceiver(PartnerCenterOptions options, Store& store,
                                             net::HttpTransport& transport, const Clock& clock,
                                             WakeUp wake_up,
                                             std::function<void(const TestEvent&)> on_test)
    : options_(std::move(options)),
      store_(store),
      clock_(clock),
      wake_up_(std::move(wake_up)),
      on_test_(std::move(on_test)),
      hosts_(options_.certificate_hosts),
      verifier_(options_.issuer_organization, options_.ca_files),
      downloads_(transport, clock, DownloadCache::Options{}) {}

InboundAnswer PartnerCenterReceiver::Receive(const InboundRequest& request) {
  try {
    return Judge(request);
  } catch (const std::exception& failure) {
    return TryLater("internal_error", failure.what());
  }
}

InboundAnswer PartnerCenterReceiver::Judge(const InboundRequest& request) {
  if (auto refused = CheckSize(request)) return *refused;
  const auto claim = ReadSignatureClaim(request.headers);
  if (const auto* refused = std::get_if<InboundAnswer>(&claim)) return *refused;
  if (auto refused = CheckSignature(request.body, std::get<SignatureClaim>(claim))) {
    return *refused;
  }
  const auto notification = ParseNotification(request.body);
  if (!notification) {
    return BadRequest("body_unreadable",
                      "The body is genuine, but no JSON object with an EventName.");
  }
  return TakeIn(*notification);
}

// Nothing when the body is genuine. A certificate is renewed under its old URL, so one that does
// not do is looked at afresh before the message is turned away.
std::optional<InboundAnswer> PartnerCenterReceiver::CheckSignature(const std::string& body,
                                                                   const SignatureClaim& claim) {
  const auto url = hosts_.CertificateUrl(claim.certificate_url);
  if (!url) {
    return Unauthorized("certificate_url_refused",
                        "X-MS-Certificate-Url is not https://HOST/cert/NAME.cer with a host of "
                        "partner_center.webhook.certificate_hosts.");
  }
  Download download = downloads_.Get(*url);
  if (download.state != Download::State::ready) return AnswerFor(download.state);
  Verdict verdict = Verify(body, claim, *url, *download.bytes);
  if (verdict != Verdict::genuine) {
    const auto newer = downloads_.Newer(*url, download.bytes);
    if (newer && newer->bytes) verdict = Verify(body, claim, *url, *newer->bytes);
  }
  return AnswerFor(verdict);
}

Verdict PartnerCenterReceiver::Verify(const std::string& body, const SignatureClaim& claim,
                                      const std::string& url, const std::string& certificate_file) {
  std::vector<std::string> used = {url};
  const Verdict verdict = verifier_.Verify({body, claim.signature, claim.hash, certificate_file},
                                           clock_.Now(), [&](const std::string& issuer_url) {
                                             auto file = FetchIssuer(issuer_url);
                                             if (file)
                                               used.push_back(*hosts_.IssuerUrl(issuer_url));
                                             return file;
                                           });
  if (verdict == Verdict::genuine) {
    for (const std::string& proven : used) downloads_.MarkProven(proven);
  }
  return verdict;
}

std::optional<std::string> PartnerCenterReceiver::FetchIssuer(const std::string& url) {
  const auto allowed = hosts_.IssuerUrl(url);
  if (!allowed) return std::nullopt;
  const Download download = downloads_.Get(*allowed);
  return download.bytes ? std::optional(*download.bytes) : std::nullopt;
}

InboundAnswer PartnerCenterReceiver::TakeIn(const Notification& notification) {
  const Instant now = clock_.Now();
  if (notification.event_name == "test-created") {
    on_test_({notification.resource_id, now});
    return Accepted("test_event");
  }
  if (!IsReferralEvent(notification.event_name)) return Accepted("ignored_event");
  if (notification.resource_id.empty()) return Accepted("ignored_resource");
  Event event;
  event.connection = options_.connection;
  event.side = Side::partner_center;
  event.source = "webhook";
  event.name = notification.event_name;
  event.record_id = notification.resource_id;
  event.changed_at = notification.changed_at;
  event.received_at = now;
  // An event without a date must not pass for a repeat of every other one without.
  event.dedupe_key = WebhookDedupeKey(
      event.name, event.record_id,
      notification.change_text.empty() ? FormatInstant(now) : notification.change_text);
  return AnswerForAppend([&] { return store_.AppendEvent(event); }, wake_up_);
}

}  // namespace cosell::webhook
