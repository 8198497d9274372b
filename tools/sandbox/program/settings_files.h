#pragma once

#include <cstdint>
#include <string>

#include "tools/sandbox/program/tls_files.h"
#include "tools/sandbox/seed.h"

namespace cosell::sandbox {

class World;

// What the files in the sandbox's folder are written from.
struct Settings {
  std::string folder;  // absolute
  TlsFiles tls;
  std::uint16_t product_port = 0;  // where cosell-syncd is to listen
  std::string push_key;            // of the CRM's push channel
  CrmProduct crm = CrmProduct::dynamics365;
  std::string connection;  // its name
  std::string product_url() const { return "https://localhost:" + std::to_string(product_port); }
};

// The secrets cosell-sync reads, one file each, below `folder`/secrets; signature-root.pem; the
// ready configuration cosell-sync.json; and sandbox.json with every address, account and file.
// Returns the path of sandbox.json. Throws std::runtime_error naming a file that cannot be written.
std::string WriteSettings(World& world, const Settings& settings, const SeedSummary& seeded);

}  // namespace cosell::sandbox
