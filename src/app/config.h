#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/side.h"
#include "ports/secrets.h"
#include "report/format.h"

// The configuration file as values. Its keys, defaults and limits are described in
// schema/config.schema.json; packaging/cosell-sync.example.json shows every one of them. All file
// names here are absolute, all URLs are https (there is no switch for plain http going out), every
// default is filled in. Values: copy them freely.
namespace cosell::app {

struct TlsFiles {
  std::string certificate_file;
  std::string private_key_file;
};

struct ServerConfig {
  std::string host = "127.0.0.1";  // an address or name; IPv6 without brackets
  std::uint16_t port = 8080;       // 0: any free port
  bool loopback = true;    // reached from this machine only; else `tls` and `tokens_file` are set
  std::string public_url;  // without a slash at its end; may be empty
  std::optional<TlsFiles> tls;
  std::string tokens_file;  // may be empty on loopback
};

struct HttpConfig {
  std::string proxy_url;  // empty: none; may hold credentials, never log it
  std::chrono::seconds timeout{30};
  std::size_t body_bytes_max = 33'554'432;
};

enum class Grant { refresh_token, client_credentials, password, jwt_bearer, token };
std::string_view ToString(Grant grant);

// What `grant` needs is set; the rest may be empty.
struct AuthConfig {
  std::string authority_url;
  std::string tenant_id;  // Entra
  Grant grant = Grant::client_credentials;
  std::string client_id;
  SecretSource client_secret;
  SecretSource refresh_token;
  std::string username;
  SecretSource password;
  SecretSource security_token;   // Salesforce
  SecretSource token;            // grant token: a bearer token or API key
  std::string certificate_file;  // Entra, in place of client_secret
  std::string private_key_file;
};

struct WebhookConfig {
  std::vector<std::string> certificate_hosts;  // "host" or "host:port", lower case
  std::string issuer_organization;
  std::vector<std::string> ca_files;  // instead of the system's when not empty
};

struct PartnerCenterConfig {
  std::string referrals_url;  // origins, without a slash at their end
  std::string webhooks_url;
  AuthConfig auth;
  WebhookConfig webhook;
  std::string referral_link_template;  // with {referral_id} or {engagement_id}; empty: no link
};

enum class CrmKind { dynamics365, salesforce, rest };
std::string_view ToString(CrmKind kind);

struct CrmConfig {
  CrmKind kind = CrmKind::dynamics365;
  std::string url;  // origin, without a slash at its end
  AuthConfig auth;
  std::vector<RecordKind> records;            // opportunities always
  SecretSource push_key;                      // empty: no CRM notifications are taken
  std::map<std::string, std::string> fields;  // role -> column, only those named
  std::string description_file;               // kind rest
  bool mark = true;

  bool leads() const {
    return std::find(records.begin(), records.end(), RecordKind::lead) != records.end();
  }
};

enum class ConflictPolicy { partner_center_wins, crm_wins, newest_wins, ask };
std::string_view ToString(ConflictPolicy policy);

// Field names are those of the mapping; whether they exist is checked where the mapping is known.
struct ConflictConfig {
  ConflictPolicy otherwise = ConflictPolicy::newest_wins;  // the key "default"
  std::map<std::string, ConflictPolicy> fields;
};

enum class ReopenPolicy { reclose, unlink };
std::string_view ToString(ReopenPolicy policy);

// A deleted CRM record always keeps its referral: "keep_referral" is the only value of
// `deletion.crm`.
struct DeletionConfig {
  ReopenPolicy on_reopen = ReopenPolicy::reclose;
};

struct ScheduleConfig {
  std::chrono::seconds poll_interval{30};  // 0: off
  std::chrono::seconds sweep_interval{600};
};

struct SafetyConfig {
  double change_ratio_max = 0.5;
  std::int64_t first_share_count_max = 25;
};

struct ConnectionConfig {
  ConnectionName name;
  bool shadow = false;
  PartnerCenterConfig partner_center;
  CrmConfig crm;
  std::string mapping_file;  // empty: the built-in mapping of the CRM kind
  ConflictConfig conflicts;
  DeletionConfig deletion;
  ScheduleConfig schedule;
  SafetyConfig safety;
};

struct AuditConfig {
  std::string anchor_file;  // empty: none
  std::chrono::seconds anchor_interval{3600};
  std::chrono::days retention{0};  // 0: entries are kept for ever
};

struct BackupConfig {
  std::string folder;                     // empty: no scheduled backups
  std::chrono::seconds interval{86'400};  // 0: off
  int keep_count = 7;

  bool on() const { return !folder.empty() && interval.count() > 0; }
  bool operator==(const BackupConfig&) const = default;
};

// Reports the daemon writes by itself.
struct ReportConfig {
  std::string folder;                     // made when it is not there
  std::chrono::seconds interval{86'400};  // the length of a report's period; 0: none is written
  std::vector<report::Format> formats{report::Format::html};
  std::int64_t keep_count = 30;  // of each format
};

struct Config {
  std::string database_path;
  AuditConfig audit;
  // Somebody else checkpoints the write-ahead log: a replicator that ships it.
  bool external_checkpoints = false;
  BackupConfig backup;
  ServerConfig server;
  std::vector<std::string> ca_files;  // added to the system's trust for outgoing TLS
  HttpConfig http;
  std::optional<ReportConfig> report;
  std::vector<ConnectionConfig> connections;
};

// One thing that is wrong (or, as a warning, unwise), for a person.
struct ConfigProblem {
  std::string path;     // "connections[0].schedule.poll_interval_s"; empty: the file as a whole
  std::string message;  // what is wrong and how to mend it; never a secret's value
  bool operator==(const ConfigProblem&) const = default;
};

// "connections[0].name: ..." or the message alone.
std::string Describe(const ConfigProblem& problem);

struct LoadedConfig {
  Config config;                        // to be used only when ok()
  std::vector<ConfigProblem> problems;  // every one; empty when the file is good
  std::vector<ConfigProblem> warnings;
  bool ok() const { return problems.empty(); }
};

// Reads and checks the file. Never throws for anything the file holds, or for its absence: that is
// a problem in the list. Pure but for reading this one file: that the files and variables it names
// exist is FindMissingFiles' business and the secrets'.
LoadedConfig LoadConfig(const std::string& file);

// The same for a text that stands in `folder` (absolute), against which names are resolved.
LoadedConfig ParseConfig(std::string_view text, const std::string& folder);

// The files a good configuration names that cannot be read, as problems: certificates, keys,
// tokens, mappings. Files of secrets are left out (they may come later, or be replaced).
std::vector<ConfigProblem> FindMissingFiles(const Config& config);

// The commented starter file that `init` writes: packaging/cosell-sync.example.json.
std::string_view StarterConfig();

// The description file that `init --crm rest` writes: packaging/rest-crm.example.json.
std::string_view StarterDescription();

// The JSON schema, draft 7, for editors and the documentation.
std::string_view ConfigSchema();

}  // namespace cosell::app
