#pragma once

#include <string>

namespace cosell::sandbox {

// The program's own TLS identity, as files in its folder.
struct TlsFiles {
  std::string ca_file;           // who issued both certificates
  std::string certificate_file;  // of the sandbox: localhost and 127.0.0.1
  std::string key_file;
  std::string product_certificate_file;  // for cosell-syncd, same names
  std::string product_key_file;
};

// Writes `text` to `path` in binary mode. Throws std::runtime_error naming the file.
void WriteFile(const std::string& path, const std::string& text);

// The same for a key or another secret: readable by the owner alone.
void WriteSecretFile(const std::string& path, const std::string& text);

// Makes a new CA and two server certificates and writes them below `folder`.
TlsFiles MakeTlsFiles(const std::string& folder);

}  // namespace cosell::sandbox
