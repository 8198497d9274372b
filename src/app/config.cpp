#include "app/config.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/config_connection.h"
#include "app/config_document.h"
#include "app/config_read.h"
#include "app/config_schema.h"
#include "base/text.h"
#include "platform/files.h"
#include "platform/folders.h"

namespace cosell::app {

extern const std::string_view kExampleConfig;  // embedded from packaging/
extern const std::string_view kExampleDescription;

namespace {

bool IsLoopback(const std::string& host) {
  const bool digits = host.find_first_not_of("0123456789.") == std::string::npos;
  return EqualsIgnoreCase(host, "localhost") || host == "::1" ||
         (digits && host.rfind("127.", 0) == 0);
}

// "[::1]:8080" -> "::1", 8080. The pattern of the schema has seen to the form.
void ReadListen(const Reader& in, ServerConfig& server) {
  const std::string listen = in.Text("listen", "127.0.0.1:8080");
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return;
  int port = -1;
  std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
  if (port < 0 || port > 65535)
    in.Wrong("listen", "\"" + listen + "\" has no valid port; 1 to 65535");
  server.port = static_cast<std::uint16_t>(port);
  server.host = listen.substr(0, colon);
  if (server.host.size() > 2 && server.host.front() == '[') {
    server.host = server.host.substr(1, server.host.size() - 2);
  }
  server.loopback = IsLoopback(server.host);
}

void CheckOffLoopback(const Reader& in, const ServerConfig& server) {
  if (server.loopback) return;
  const std::string why =
      "is missing: \"" + server.host + "\" can be reached from other machines; ";
  if (!server.tls) in.Wrong("tls", why + "give a certificate and its key, or listen on 127.0.0.1");
  if (server.tokens_file.empty()) {
    in.Wrong("tokens_file", why + "give a file of tokens, or listen on 127.0.0.1");
  }
}

ServerConfig ReadServer(const Reader& in) {
  ServerConfig server;
  ReadListen(in, server);
  server.public_url = in.Url("public_url");
  if (in.Has("tls")) {
    const Reader tls = in.Member("tls");
    server.tls = TlsFiles{tls.File("certificate_file"), tls.File("private_key_file")};
  }
  server.tokens_file = in.File("tokens_file");
  CheckOffLoopback(in, server);
  return server;
}

HttpConfig ReadHttp(const Reader& in) {
  HttpConfig http;
  http.proxy_url = in.Text("proxy_url");
  if (!http.proxy_url.empty() && !StartsWithIgnoreCase(http.proxy_url, "http://")) {
    // The address is not repeated: it may hold a password.
    in.Wrong("proxy_url", "must begin with http://; TLS to the remote goes through it untouched");
  }
  http.timeout = std::chrono::seconds(in.Integer("timeout_s", 30));
  http.body_bytes_max = static_cast<std::size_t>(in.Integer("body_bytes_max", 33'554'432));
  return http;
}

ReportConfig ReadReport(const Reader& in) {
  ReportConfig report;
  report.folder = in.File("folder");
  report.interval = std::chrono::seconds(in.Integer("interval_s", report.interval.count()));
  report.keep_count = in.Integer("keep_count", report.keep_count);
  if (!in.Has("formats")) return report;
  report.formats.clear();
  for (const auto& name : in.Texts("formats")) {
    if (const auto format = report::FormatFromText(name)) report.formats.push_back(*format);
  }
  return report;
}

std::string ReadDatabase(const Reader& in) {
  if (!in.Has("path")) return platform::ResolvePath(platform::DataFolder(), "cosell-sync.db");
  const std::string path = in.Text("path");
  const bool network = path.rfind("\\\\", 0) == 0 || path.rfind("//", 0) == 0;
  if (network)
    in.Wrong("path", "is on a network share, where SQLite cannot work safely; use a local disk");
  return in.File("path");
}

AuditConfig ReadAudit(const Reader& in) {
  AuditConfig audit;
  audit.anchor_file = in.File("anchor_file");
  audit.anchor_interval = std::chrono::seconds(in.Integer("anchor_interval_s", 3600));
  audit.retention = std::chrono::days(in.Integer("retention_days", 0));
  return audit;
}

BackupConfig ReadBackup(const Reader& in) {
  BackupConfig backup;
  backup.folder = in.File("folder");
  backup.interval = std::chrono::seconds(in.Integer("interval_s", 86'400));
  backup.keep_count = static_cast<int>(in.Integer("keep_count", 7));
  return backup;
}

void WarnWhenBlind(const Reader& place, const Config& config, const ConnectionConfig& connection) {
  const bool polls = connection.schedule.poll_interval.count() > 0 ||
                     connection.schedule.sweep_interval.count() > 0;
  if (polls || !config.server.public_url.empty()) return;
  place.Warn(
      "schedule",
      "polling and sweeps are off and there is no server.public_url: no change will be noticed");
}

void ReadConfig(const nlohmann::json& document, ReadContext& context, Config& config) {
  const Reader in(document, "", context);
  config.database_path = ReadDatabase(in.Member("database"));
  config.audit = ReadAudit(in.Member("audit"));
  config.external_checkpoints = in.Member("database").Text("checkpoints") == "external";
  config.backup = ReadBackup(in.Member("backup"));
  config.server = ReadServer(in.Member("server"));
  config.ca_files = in.Member("tls").Files("ca_files");
  config.http = ReadHttp(in.Member("http"));
  if (in.Has("report")) config.report = ReadReport(in.Member("report"));
  const auto places = in.Elements("connections");
  for (const Reader& place : places) config.connections.push_back(ReadConnection(place));
  CheckConnections(config.connections, places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    WarnWhenBlind(places[i], config, config.connections[i]);
  }
}

// Rules repeat what the schema has said about the same place only in other words.
void AddUnlessNamed(std::vector<ConfigProblem>& problems, std::vector<ConfigProblem> more) {
  const auto named = [&, count = problems.size()](const ConfigProblem& problem) {
    const auto end = problems.begin() + static_cast<std::ptrdiff_t>(count);
    return std::any_of(problems.begin(), end,
                       [&](const auto& other) { return other.path == problem.path; });
  };
  for (auto& problem : more) {
    if (!named(problem)) problems.push_back(std::move(problem));
  }
}

void AddIfUnreadable(std::vector<ConfigProblem>& problems, const std::string& path,
                     const std::string& file) {
  if (file.empty()) return;
  const auto content = platform::ReadFile(file);
  if (!content) problems.push_back({path, content.error().message});
}

void AddUnreadable(std::vector<ConfigProblem>& problems, const std::string& path,
                   const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < files.size(); ++i)
    AddIfUnreadable(problems, ElementPath(path, i), files[i]);
}

}  // namespace

std::string Describe(const ConfigProblem& problem) {
  return problem.path.empty() ? problem.message : problem.path + ": " + problem.message;
}

LoadedConfig ParseConfig(std::string_view text, const std::string& folder) {
  LoadedConfig loaded;
  const nlohmann::json document = ParseDocument(text, loaded.problems);
  if (document.is_null() && !loaded.problems.empty()) return loaded;
  AddUnlessNamed(loaded.problems, CheckAgainstSchema(document));
  ReadContext context{folder, {}, {}};
  ReadConfig(document, context, loaded.config);
  AddUnlessNamed(loaded.problems, std::move(context.problems));
  loaded.warnings = std::move(context.warnings);
  return loaded;
}

LoadedConfig LoadConfig(const std::string& file) {
  const auto text = platform::ReadFile(file);
  if (text) return ParseConfig(*text, platform::FolderOf(file));
  LoadedConfig loaded;
  loaded.problems.push_back(
      {"", text.error().message + "; 'cosell-sync init' writes a commented one"});
  return loaded;
}

std::vector<ConfigProblem> FindMissingFiles(const Config& config) {
  std::vector<ConfigProblem> problems;
  if (config.server.tls) {
    AddIfUnreadable(problems, "server.tls.certificate_file", config.server.tls->certificate_file);
    AddIfUnreadable(problems, "server.tls.private_key_file", config.server.tls->private_key_file);
  }
  AddIfUnreadable(problems, "server.tokens_file", config.server.tokens_file);
  AddUnreadable(problems, "tls.ca_files", config.ca_files);
  if (config.backup.on()) {
    const auto listed = platform::ListFiles(config.backup.folder);
    if (!listed)
      problems.push_back({"backup.folder", listed.error().message + "; create the folder first"});
  }
  for (std::size_t i = 0; i < config.connections.size(); ++i) {
    const ConnectionConfig& connection = config.connections[i];
    const std::string at = ElementPath("connections", i);
    AddIfUnreadable(problems, at + ".mapping_file", connection.mapping_file);
    AddIfUnreadable(problems, at + ".crm.description_file", connection.crm.description_file);
    AddUnreadable(problems, at + ".partner_center.webhook.ca_files",
                  connection.partner_center.webhook.ca_files);
    for (const auto& [side, auth] : {std::pair{".partner_center", &connection.partner_center.auth},
                                     std::pair{".crm", &connection.crm.auth}}) {
      AddIfUnreadable(problems, at + side + ".auth.certificate_file", auth->certificate_file);
      AddIfUnreadable(problems, at + side + ".auth.private_key_file", auth->private_key_file);
    }
  }
  return problems;
}

std::string_view StarterConfig() { return kExampleConfig; }

std::string_view StarterDescription() { return kExampleDescription; }

std::string_view ConfigSchema() { return kConfigSchema; }

}  // namespace cosell::app
