#include "webhook/signature_verifier.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <stdexcept>
#include <utility>

#include "webhook/certificates.h"

namespace cosell::webhook {
namespace {

constexpr int kIssuerDownloadsMax = 4;
constexpr int kChainDepthMax = 6;
constexpr int kSecurityLevel =
    2;  // 112 bits: no SHA-1, no RSA under 2048 bits anywhere in the chain

std::string ReadFile(const std::string& path) {
  const std::u8string utf8(path.begin(), path.end());
  std::ifstream file(std::filesystem::path(utf8), std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) text.clear();
  return text;
}

// One attempt at a chain.
struct Attempt {
  int error = X509_V_OK;
  Certificate lacks_issuer;  // the certificate whose issuer was not found, if that is what failed
};

bool IsMissingIssuer(int error) {
  return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

bool IsOutsideValidity(int error) {
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

void SetRules(X509_STORE_CTX* context, Instant now) {
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(seconds));
  X509_VERIFY_PARAM_set_depth(rules, kChainDepthMax);
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
}

Attempt TryChain(X509_STORE* anchors, X509* leaf, STACK_OF(X509) * intermediates, Instant now) {
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
      X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  Attempt attempt;
  attempt.error = X509_V_ERR_UNSPECIFIED;
  if (!context || X509_STORE_CTX_init(context.get(), anchors, leaf, intermediates) != 1) {
    return attempt;
  }
  SetRules(context.get(), now);
  const bool good = X509_verify_cert(context.get()) == 1;
  attempt.error = good ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
  if (!good && attempt.error == X509_V_OK) attempt.error = X509_V_ERR_UNSPECIFIED;
  X509* const current = X509_STORE_CTX_get_current_cert(context.get());
  if (IsMissingIssuer(attempt.error) && current != nullptr && X509_up_ref(current) == 1) {
    attempt.lacks_issuer.reset(current);
  }
  ERR_clear_error();
  return attempt;
}

// The first of the certificate's issuers that can be had.
Certificates FetchIssuerOf(const X509* certificate, const SignatureVerifier::FetchIssuer& fetch) {
  for (const std::string& url : IssuerUrls(certificate)) {
    const auto file = fetch(url);
    if (!file) continue;
    auto issuers = ParseCertificates(*file);
    if (!issuers.empty()) return issuers;
  }
  return {};
}

}  // namespace

// The anchors, and the intermediates that came with them.
struct SignatureVerifier::Trust {
  std::unique_ptr<X509_STORE, FreeStore> anchors{X509_STORE_new()};
  Certificates intermediates;
  int anchor_count = 0;

  void Add(const std::string& path) {
    auto certificates = ParseCertificates(ReadFile(path));
    if (certificates.empty()) {
      throw std::invalid_argument("partner_center.webhook.ca_files: " + path +
                                  " cannot be read, or is no certificate in PEM or DER");
    }
    for (auto& certificate : certificates) {
      if (!IsSelfSigned(certificate.get())) {
        intermediates.push_back(std::move(certificate));
      } else if (X509_STORE_add_cert(anchors.get(), certificate.get()) == 1) {
        ++anchor_count;
      }
    }
  }

  // X509_V_OK, or OpenSSL's word for what is wrong with the chain.
  int Check(const Certificates& certificates, Instant now, const FetchIssuer& fetch) const {
    const std::unique_ptr<STACK_OF(X509), FreeX509Stack> pool(sk_X509_new_null());
    if (!pool) throw std::bad_alloc();
    const auto offer = [&pool](const Certificates& more) {
      for (const auto& certificate : more) sk_X509_push(pool.get(), certificate.get());
    };
    offer(intermediates);
    offer(certificates);
    std::vector<Certificates> fetched;  // owns what the pool points at
    for (int downloads = 0;; ++downloads) {
      const Attempt attempt = TryChain(anchors.get(), certificates.front().get(), pool.get(), now);
      if (!attempt.lacks_issuer || downloads == kIssuerDownloadsMax) return attempt.error;
      fetched.push_back(FetchIssuerOf(attempt.lacks_issuer.get(), fetch));
      if (fetched.back().empty()) return attempt.error;
      offer(fetched.back());
    }
  }
};

SignatureVerifier::SignatureVerifier(std::string issuer_organization,
                                     const std::vector<std::string>& ca_files)
    : issuer_organization_(std::move(issuer_organization)), trust_(std::make_unique<Trust>()) {
  if (!trust_->anchors) throw std::bad_alloc();
  for (const std::string& path : ca_files) trust_->Add(path);
  if (ca_files.empty()) {
    X509_STORE_set_default_paths(trust_->anchors.get());
  } else if (trust_->anchor_count == 0) {
    throw std::invalid_argument(
        "partner_center.webhook.ca_files hold no self-signed certificate, so nothing would be "
        "trusted; add the root of the signature chain");
  }
  ERR_clear_error();
}

SignatureVerifier::~SignatureVerifier() = default;

Verdict SignatureVerifier::Verify(const SignedBody& signed_body, Instant now,
                                  const FetchIssuer& fetch_issuer) const {
  const auto certificates = ParseCertificates(signed_body.certificate_file);
  if (certificates.empty()) return Verdict::certificate_unreadable;
  X509* const leaf = certificates.front().get();
  const int chain = trust_->Check(certificates, now, fetch_issuer);
  if (IsOutsideValidity(chain)) return Verdict::certificate_expired;
  // A short key shows up here as well, as a chain below the security level.
  if (!HasStrongRsaKey(leaf)) return Verdict::key_refused;
  if (chain != X509_V_OK) return Verdict::chain_untrusted;
  if (IssuerOrganization(leaf) != issuer_organization_) return Verdict::issuer_refused;
  const bool good = VerifyRsa(leaf, signed_body.hash, signed_body.signature, signed_body.body);
  return good ? Verdict::genuine : Verdict::signature_wrong;
}

}  // namespace cosell::webhook
