#include "net/trust.h"

#include <Poco/Net/IPAddress.h>
#include <Poco/Net/VerificationErrorArgs.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <new>
#include <stdexcept>

#include "net/pem.h"

namespace cosell::net {
namespace {

using Poco::Net::Context;

constexpr int kChainLengthMax = 9;

Context::Params ClientParams() {
  Context::Params params;
  params.verificationMode = Context::VERIFY_STRICT;
  params.verificationDepth = kChainLengthMax;
  params.loadDefaultCAs = false;  // Trust's own store replaces the context's
  params.cipherList = "DEFAULT:!aNULL:!eNULL";
  return params;
}

std::string DescribeCertificateError(int error, const std::string& host) {
  const std::string subject = "the certificate of " + host + " ";
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return subject + "has expired: its owner must renew it (or this machine's clock is wrong)";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return subject + "is not valid yet: check this machine's clock";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return subject + "is for another host: check the URL in the configuration";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return subject +
             "is self-signed and not trusted: if it is meant to be used, add it to tls.ca_files";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return subject +
             "comes from an unknown authority: add that authority's certificate to tls.ca_files";
    default:
      return subject + "is not acceptable: " + X509_verify_cert_error_string(error);
  }
}

}  // namespace

void CertificateJudge::onInvalidCertificate(const void* sender,
                                            Poco::Net::VerificationErrorArgs& args) {
  error_ = args.errorNumber();
  RejectCertificateHandler::onInvalidCertificate(sender, args);
}

std::string CertificateJudge::Reason(const std::string& host) const {
  return error_ == 0 ? std::string() : DescribeCertificateError(error_, host);
}

struct Trust::Store {
  X509_STORE* x509 = X509_STORE_new();
  ~Store() { X509_STORE_free(x509); }
};

Trust::Trust(const std::vector<std::string>& ca_files) : store_(std::make_unique<Store>()) {
  if (store_->x509 == nullptr) throw std::bad_alloc();
  X509_STORE_set_default_paths(store_->x509);
  for (const std::string& file : ca_files) {
    const auto certificates = ReadCertificates(file);
    if (!certificates) throw std::invalid_argument(certificates.error().message);
    for (const Certificate& certificate : *certificates) {
      X509_STORE_add_cert(store_->x509, certificate.get());
    }
  }
  ERR_clear_error();  // a system without a default bundle is no error of ours
}

Trust::~Trust() = default;

Context::Ptr Trust::NewContext(const std::string& host,
                               Poco::SharedPtr<CertificateJudge> judge) const {
  Context::Ptr context = new Context(Context::TLS_CLIENT_USE, ClientParams());
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  context->setInvalidCertificateHandler(judge);
  SSL_CTX* const ssl = context->sslContext();
  X509_VERIFY_PARAM* const param = SSL_CTX_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool named = IsIpAddress(host)
                         ? X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1
                         : X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1;
  if (!named) throw std::bad_alloc();
  SSL_CTX_set1_cert_store(ssl, store_->x509);
  return context;
}

bool IsIpAddress(const std::string& host) {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address);
}

}  // namespace cosell::net
