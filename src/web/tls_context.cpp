#include "web/tls_context.h"

#include <Poco/Exception.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>

#include "web/text_file.h"

namespace cosell::web {
namespace {

struct Free {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Error Bad(const std::string& file, const std::string& why) {
  ::ERR_clear_error();
  return Error{ErrorKind::invalid_input, "the file " + file + " " + why, {}, 0, {}, {}};
}

Result<Bio> Open(const std::string& file) {
  const auto content = ReadTextFile(file);
  if (!content) return Bad(file, "cannot be read; create it or let this account read it");
  Bio bio(::BIO_new(::BIO_s_mem()));
  ::BIO_write(bio.get(), content->data(), static_cast<int>(content->size()));
  return bio;
}

// Instead of OpenSSL's own, which would ask on the terminal for ever.
int NoPassphrase(char*, int, int, void*) { return 0; }

Status UseCertificates(SSL_CTX* context, const std::string& file) {
  const auto bio = Open(file);
  if (!bio) return bio.error();
  const Certificate own(::PEM_read_bio_X509_AUX(bio->get(), nullptr, NoPassphrase, nullptr));
  if (!own) return Bad(file, "holds no certificate in PEM form");
  if (::SSL_CTX_use_certificate(context, own.get()) != 1) {
    return Bad(file, "holds a certificate that cannot be used; its key may be too short");
  }
  while (X509* next = ::PEM_read_bio_X509(bio->get(), nullptr, NoPassphrase, nullptr)) {
    ::SSL_CTX_add0_chain_cert(context, next);  // takes it over
  }
  ::ERR_clear_error();  // the end of the file counts as one
  return Done{};
}

Status UseKey(SSL_CTX* context, const std::string& file, const std::string& certificate_file) {
  const auto bio = Open(file);
  if (!bio) return bio.error();
  const Key key(::PEM_read_bio_PrivateKey(bio->get(), nullptr, NoPassphrase, nullptr));
  if (!key) return Bad(file, "holds no private key in PEM form without a passphrase");
  if (::SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      ::SSL_CTX_check_private_key(context) != 1) {
    return Bad(file, "is not the key of the certificate in " + certificate_file);
  }
  return Done{};
}

}  // namespace

Result<Poco::Net::Context::Ptr> MakeTlsContext(const std::string& certificate_file,
                                               const std::string& private_key_file) {
  using Poco::Net::Context;
  try {
    Context::Params params;
    params.verificationMode = Context::VERIFY_NONE;  // clients show tokens, not certificates
    params.loadDefaultCAs = false;
    Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    Status done = UseCertificates(context->sslContext(), certificate_file);
    if (done) done = UseKey(context->sslContext(), private_key_file, certificate_file);
    if (!done) return done.error();
    return context;
  } catch (const Poco::Exception& failed) {
    return Bad(certificate_file, "cannot be used for TLS: " + failed.displayText());
  }
}

}  // namespace cosell::web
