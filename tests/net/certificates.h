#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

// Certificates made for one test, so that none in the repository can run out.
namespace cosell::test {

// A folder that is gone when the test is.
class ScratchFolder {
 public:
  ScratchFolder() {
    path_ = std::filesystem::temp_directory_path() /
            ("cosell-net-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string Write(const std::string& name, const std::string& content) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

// Where a server finds its identity.
struct ServerFiles {
  std::string certificate;
  std::string private_key;
};

struct CertificateWish {
  std::string names = "DNS:localhost,IP:127.0.0.1";  // subjectAltName
  std::chrono::hours valid_from{-24};                // from now
  std::chrono::hours valid_to{24};
};

// A certificate authority of its own.
class TestAuthority {
 public:
  explicit TestAuthority(const ScratchFolder& folder, const std::string& name = "Contoso Test CA")
      : folder_(folder),
        key_(NewKey()),
        certificate_(NewCertificate({}, name, *key_, *key_, true)) {
    file_ = folder_.Write(Unique("ca.pem"), CertificateText());
  }

  // PEM file of the authority's certificate.
  const std::string& file() const { return file_; }

  ServerFiles Issue(const CertificateWish& wish = {}) const {
    const Key key = NewKey();
    const X509Ptr leaf = NewCertificate(wish, "server", *key, *key_, false);
    return Save(*leaf, *key);
  }
  // One that vouches for itself.
  ServerFiles SelfSigned(const CertificateWish& wish = {}) const {
    const Key key = NewKey();
    return Save(*NewCertificate(wish, "self", *key, *key, false), *key);
  }
  // With an RSA key, as client assertions need it.
  ServerFiles IssueRsa() const {
    const Key key(EVP_RSA_gen(2048));
    return Save(*NewCertificate({}, "client", *key, *key_, false), *key);
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using X509Ptr = std::unique_ptr<X509, Free>;

  static Key NewKey() { return Key(EVP_EC_gen("P-256")); }

  static std::string Unique(const std::string& name) {
    static std::atomic<int> count{0};
    return std::to_string(++count) + "-" + name;
  }

  static void AddExtension(X509& certificate, int nid, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    if (extension == nullptr) throw std::runtime_error("bad extension " + value);
    X509_add_ext(&certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  X509Ptr NewCertificate(const CertificateWish& wish, const std::string& name, EVP_PKEY& key,
                         EVP_PKEY& signing_key, bool authority) const {
    X509Ptr certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()),
                     static_cast<long>(std::random_device{}() >> 1));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()),
                    static_cast<long>(std::chrono::seconds(wish.valid_from).count()));
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()),
                    static_cast<long>(std::chrono::seconds(wish.valid_to).count()));
    X509_set_pubkey(certificate.get(), &key);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const bool own = &key == &signing_key;
    X509_set_issuer_name(certificate.get(),
                         own ? subject : X509_get_subject_name(certificate_.get()));
    AddExtension(*certificate, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!authority) AddExtension(*certificate, NID_subject_alt_name, wish.names);
    X509_sign(certificate.get(), &signing_key, EVP_sha256());
    return certificate;
  }

  template <typename Writer>
  static std::string Text(const Writer& writer) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    writer(bio.get());
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(length));
  }

  std::string CertificateText() const {
    return Text([this](BIO* bio) { PEM_write_bio_X509(bio, certificate_.get()); });
  }

  ServerFiles Save(X509& certificate, EVP_PKEY& key) const {
    return {.certificate = folder_.Write(Unique("certificate.pem"), Text([&](BIO* bio) {
                                           PEM_write_bio_X509(bio, &certificate);
                                         })),
            .private_key = folder_.Write(Unique("key.pem"), Text([&](BIO* bio) {
                                           PEM_write_bio_PrivateKey(bio, &key, nullptr, nullptr, 0,
                                                                    nullptr, nullptr);
                                         }))};
  }

  const ScratchFolder& folder_;
  Key key_;
  X509Ptr certificate_;
  std::string file_;
};

}  // namespace cosell::test
