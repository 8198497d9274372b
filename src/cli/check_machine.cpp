#include <filesystem>
#include <set>
#include <stdexcept>

#include "base/text.h"
#include "cli/check.h"
#include "platform/files.h"
#include "store/store_factory.h"

namespace cosell::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMebibyte = 1024 * 1024;
constexpr std::uintmax_t kFreeMin = 200 * kMebibyte;

void CheckDisk(const std::string& folder, Findings& findings) {
  std::error_code failed;
  const auto space = fs::space(platform::ToPath(folder), failed);
  if (failed) return;  // the folder's own trouble is said already
  const std::string free = std::to_string(space.available / kMebibyte) + " MiB are free";
  if (space.available < kFreeMin) {
    findings.Problem("disk", folder + ": only " + free + "; make room for the database");
  } else {
    findings.Ok("disk", folder + ": " + free);
  }
}

// A folder that takes a file and gives it back.
bool IsWritable(const std::string& folder) {
  const std::string probe = platform::ResolvePath(folder, ".cosell-sync-check");
  const bool written =
      platform::WriteFileAtomically(probe, "", platform::FileAccess::owner_only).ok();
  std::error_code failed;
  fs::remove(platform::ToPath(probe), failed);
  return written;
}

void CheckFile(const std::string& file, Findings& findings) {
  try {
    OpenReadOnlyStore(file);
  } catch (const std::runtime_error& error) {
    return findings.Failed("database", error.what());
  }
  findings.Ok("database", file + " has this program's schema");
  const std::string folder = platform::FolderOf(file);
  if (platform::IsReadableByOthers(file) && platform::IsReadableByOthers(folder)) {
    findings.Note("database", file +
                                  " can be read by other accounts, and holds deal and contact "
                                  "data: keep it in a folder for its owner alone (chmod 700 " +
                                  folder + ")");
  }
}

void CheckDatabase(Session& session, Findings& findings) {
  const std::string& file = session.config().database_path;
  const std::string folder = platform::FolderOf(file);
  std::error_code failed;
  if (!fs::is_directory(platform::ToPath(folder), failed)) {
    return findings.Failed("database", "the folder " + folder +
                                           " does not exist: create it for the service's account");
  }
  const bool daemon = session.DaemonRuns();
  if (!daemon && !IsWritable(folder)) {
    findings.Failed("database", "this account may not write in " + folder +
                                    ": give the folder to the account the service runs under");
  }
  if (fs::exists(platform::ToPath(file), failed)) {
    CheckFile(file, findings);
  } else {
    findings.Note("database", file + " does not exist yet: the daemon makes it");
  }
  CheckDisk(folder, findings);
  findings.Note("daemon", daemon ? "is running" : "is not running");
}

void CheckAddress(const std::string& public_url, Findings& findings) {
  if (public_url.empty()) {
    return findings.Note("public address",
                         "server.public_url is not set: no events arrive, changes are found by "
                         "polling");
  }
  for (const char* local :
       {"https://localhost", "https://127.", "https://10.", "https://192.168.", "https://[::1]"}) {
    if (!StartsWithIgnoreCase(public_url, local)) continue;
    return findings.Hint("public address",
                         public_url +
                             " is an address of this machine or network: Microsoft cannot "
                             "reach it, unless everything runs here");
  }
  findings.Hint("public address",
                public_url +
                    " must lead to this service from the internet, with a certificate "
                    "the world trusts: `cosell-sync webhook test CONNECTION` shows it");
}

// A source of a secret and where the configuration names it.
struct Named {
  std::string key;
  const SecretSource* source;
};

std::vector<Named> SecretsOf(const app::AuthConfig& auth, const std::string& part) {
  std::vector<Named> secrets;
  const auto add = [&](const char* key, const SecretSource& source) {
    if (!source.empty()) secrets.push_back({part + ".auth." + key, &source});
  };
  add("client_secret", auth.client_secret);
  add("token", auth.token);
  if (auth.grant == app::Grant::refresh_token) add("refresh_token", auth.refresh_token);
  if (auth.grant == app::Grant::password) add("password", auth.password);
  if (auth.grant == app::Grant::password) add("security_token", auth.security_token);
  return secrets;
}

bool CheckOpenness(const std::string& key, const std::string& file, Findings& findings) {
  if (!platform::IsReadableByOthers(file)) return true;
  findings.Problem("secrets", key + ": the file " + file +
                                  " can be read by other accounts: restrict it (chmod 600)");
  return false;
}

std::string MendOf(const Named& named) {
  const bool token = named.key.ends_with("refresh_token");
  return token ? "; `cosell-sync auth login CONNECTION` yields the token" : "";
}

bool CheckSecret(Session& session, const Named& named, Findings& findings) {
  const auto value = session.secrets().Read(*named.source);
  if (!value) {
    findings.Problem("secrets", named.key + ": " + value.error().message + MendOf(named));
    return false;
  }
  if (!named.source->literal.empty()) {
    findings.Note("secrets", named.key +
                                 " stands in the configuration itself: better {\"file\": ...} or "
                                 "{\"env\": ...}");
  }
  return named.source->file.empty() || CheckOpenness(named.key, named.source->file, findings);
}

}  // namespace

void CheckMachine(Session& session, Findings& findings) {
  const std::size_t count = session.config().connections.size();
  findings.Ok("configuration", std::to_string(count) +
                                   (count == 1 ? " connection" : " connections") +
                                   ", every key known and every named file there");
  CheckDatabase(session, findings);
  CheckAddress(session.config().server.public_url, findings);
}

void CheckSecrets(Session& session, const app::ConnectionConfig& config, Findings& findings) {
  std::vector<Named> secrets = SecretsOf(config.partner_center.auth, "partner_center");
  const auto crm = SecretsOf(config.crm.auth, "crm");
  secrets.insert(secrets.end(), crm.begin(), crm.end());
  if (!config.crm.push_key.empty()) secrets.push_back({"crm.push.key", &config.crm.push_key});
  bool good = true;
  for (const Named& named : secrets) good = CheckSecret(session, named, findings) && good;
  const std::pair<const char*, const std::string*> keys[] = {
      {"partner_center.auth.private_key_file", &config.partner_center.auth.private_key_file},
      {"crm.auth.private_key_file", &config.crm.auth.private_key_file}};
  for (const auto& [key, file] : keys) {
    if (!file->empty()) good = CheckOpenness(key, *file, findings) && good;
  }
  if (good) findings.Ok("secrets", "all can be read, and by nobody else");
}

}  // namespace cosell::cli
