#include "tools/sandbox/program/tls_files.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tools/sandbox/world/x509.h"

namespace cosell::sandbox {
namespace {

void MakeServer(X509* ca, EVP_PKEY* ca_key, const std::string& name,
                const std::string& certificate_file, const std::string& key_file) {
  const KeyPtr key = NewRsaKey();
  CertificateWish wish;
  wish.common_name = name;
  wish.organization = "cosell-sync sandbox";
  wish.alternative_names = "DNS:localhost,IP:127.0.0.1";
  WriteFile(certificate_file, ToPem(NewCertificate(wish, key.get(), ca, ca_key).get()));
  WriteSecretFile(key_file, ToPem(key.get()));
}

}  // namespace

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (!file) throw std::runtime_error("cannot write " + path);
}

void WriteSecretFile(const std::string& path, const std::string& text) {
  WriteFile(path, "");
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  WriteFile(path, text);
}

TlsFiles MakeTlsFiles(const std::string& folder) {
  const TlsFiles files{folder + "/ca.pem", folder + "/sandbox.pem", folder + "/sandbox.key",
                       folder + "/cosell-sync.pem", folder + "/cosell-sync.key"};
  const KeyPtr ca_key = NewRsaKey();
  CertificateWish wish;
  wish.common_name = "cosell-sync sandbox CA";
  wish.organization = "cosell-sync sandbox";
  wish.authority = true;
  const CertificatePtr ca = NewCertificate(wish, ca_key.get(), nullptr, ca_key.get());
  WriteFile(files.ca_file, ToPem(ca.get()));
  MakeServer(ca.get(), ca_key.get(), "sandbox", files.certificate_file, files.key_file);
  MakeServer(ca.get(), ca_key.get(), "cosell-sync", files.product_certificate_file,
             files.product_key_file);
  return files;
}

}  // namespace cosell::sandbox
