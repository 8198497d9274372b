#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/RejectCertificateHandler.h>

#include <memory>
#include <string>
#include <vector>

// Internal to net: whom outgoing TLS connections believe.
namespace cosell::net {

// Turns every certificate down that failed verification, and remembers why.
class CertificateJudge final : public Poco::Net::RejectCertificateHandler {
 public:
  CertificateJudge() : RejectCertificateHandler(false) {}
  void onInvalidCertificate(const void* sender, Poco::Net::VerificationErrorArgs& args) override;
  // What is wrong and how to mend it, for a person; empty when no certificate was turned down.
  std::string Reason(const std::string& host) const;

 private:
  int error_ = 0;  // an X509_V_ERR_ code
};

// The system's certificate authorities and those of `ca_files` (PEM, one or more certificates
// each), read once. Immutable; safe from any thread.
class Trust {
 public:
  // Throws std::invalid_argument for a file that cannot be read or holds no certificate, naming it.
  explicit Trust(const std::vector<std::string>& ca_files);
  ~Trust();
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;

  // For one connection to `host` (a name or an IP address): at least TLS 1.2, the chain must end in
  // this trust and the certificate must be for that host; OpenSSL itself checks both before the
  // handshake can finish, for loopback hosts like for any other. The context shares ownership of
  // `judge`.
  Poco::Net::Context::Ptr NewContext(const std::string& host,
                                     Poco::SharedPtr<CertificateJudge> judge) const;

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

bool IsIpAddress(const std::string& host);

}  // namespace cosell::net
