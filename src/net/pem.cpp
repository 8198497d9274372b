#include "net/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cosell::net {
namespace {

using Bio = std::unique_ptr<BIO, FreeOpenSsl>;

Error FileError(const std::string& path, const std::string& what) {
  return Error{.kind = ErrorKind::invalid_input, .message = path + ": " + what};
}

Result<std::string> ReadFile(const std::string& path) {
  const std::filesystem::path native(std::u8string(path.begin(), path.end()));
  std::ifstream file(native, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || content.empty()) {
    return FileError(path, "cannot be read, or is empty: check the path and its permissions");
  }
  return content;
}

Bio OpenText(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int RefusePassphrase(char*, int, int, void*) { return -1; }

}  // namespace

Result<std::vector<Certificate>> ReadCertificates(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text) return text.error();
  const Bio bio = OpenText(*text);
  std::vector<Certificate> certificates;
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, &RefusePassphrase, nullptr)) {
    certificates.emplace_back(next);
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (certificates.empty()) return FileError(path, "holds no certificate in PEM form");
  if (!ended) return FileError(path, "holds a damaged certificate");
  return certificates;
}

Result<PrivateKey> ReadPrivateKey(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text) return text.error();
  const Bio bio = OpenText(*text);
  PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &RefusePassphrase, nullptr));
  ERR_clear_error();
  if (!key)
    return FileError(path, "holds no private key in PEM form that opens without passphrase");
  return key;
}

}  // namespace cosell::net
