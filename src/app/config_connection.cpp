#include "app/config_connection.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/config_enums.h"
#include "base/text.h"

namespace cosell::app {
namespace {

constexpr char kEntraAuthority[] = "https://login.microsoftonline.com";
constexpr char kCertificateHost[] = "3psostorageacct.blob.core.windows.net";

void Require(const Reader& in, const std::string& key, Grant grant) {
  if (in.Has(key)) return;
  in.Wrong(key, "is missing: the grant \"" + std::string(ToString(grant)) + "\" needs it");
}

// How the application itself proves who it is to Entra: secret or certificate, not both.
void CheckClientProof(const Reader& in, const AuthConfig& auth) {
  const bool certificate = in.Has("certificate_file");
  if (certificate != in.Has("private_key_file") && auth.grant != Grant::jwt_bearer) {
    in.Wrong(certificate ? "private_key_file" : "certificate_file",
             "is missing: certificate_file and private_key_file go together");
  }
  if (certificate && in.Has("client_secret")) {
    in.Wrong("client_secret", "stands beside certificate_file; keep one of them");
  }
  if (auth.grant == Grant::client_credentials && !certificate && !in.Has("client_secret")) {
    in.Wrong("client_secret",
             "is missing: the grant \"client_credentials\" needs it, or certificate_file and "
             "private_key_file");
  }
}

void CheckEntra(const Reader& in, const AuthConfig& auth) {
  if (!in.Has("tenant_id")) {
    in.Wrong("tenant_id", "is missing: the GUID of the Entra tenant, or one of its domain names");
  }
  if (auth.grant == Grant::jwt_bearer) {
    in.Wrong("grant",
             "\"jwt_bearer\" is for Salesforce; use certificate_file with client_credentials");
  }
  if (in.Has("security_token")) in.Wrong("security_token", "is for Salesforce; remove it");
}

// The schema cannot say that only a key of a service needs no application.
void CheckApplication(const Reader& in, const AuthConfig& auth) {
  if (!in.Has("client_id")) in.Wrong("client_id", "is missing: the application's id");
  if (auth.grant == Grant::token) {
    in.Wrong("grant", "\"token\" is for a CRM of kind \"rest\"; use another one");
  }
  if (in.Has("token")) in.Wrong("token", "is for a CRM of kind \"rest\"; remove it");
}

// How a described service is signed in to; the description file says where its secrets travel.
void CheckService(const Reader& in, const AuthConfig& auth) {
  if (auth.grant == Grant::refresh_token || auth.grant == Grant::jwt_bearer) {
    in.Wrong("grant", "\"" + std::string(ToString(auth.grant)) +
                          "\" is not for a CRM of kind \"rest\"; use token, password or "
                          "client_credentials");
  }
  if (auth.grant == Grant::client_credentials) {
    for (const char* key : {"client_id", "client_secret"}) {
      if (!in.Has(key)) Require(in, key, auth.grant);
    }
  }
  for (const char* key :
       {"tenant_id", "certificate_file", "private_key_file", "security_token", "refresh_token"}) {
    if (in.Has(key)) in.Wrong(key, "is not for a CRM of kind \"rest\"; remove it");
  }
}

// Contract salesforce.md section 2.1: no tenants, no certificates in place of a secret.
void CheckSalesforce(const Reader& in) {
  for (const char* key : {"tenant_id", "certificate_file"}) {
    if (in.Has(key)) in.Wrong(key, "is for Entra; remove it");
  }
}

void CheckConsumerSecret(const Reader& in, const AuthConfig& auth) {
  const bool wanted = auth.grant == Grant::client_credentials || auth.grant == Grant::password;
  if (wanted && !in.Has("client_secret")) {
    in.Wrong("client_secret", "is missing: the consumer secret of the Salesforce app");
  }
}

enum class SignIn { entra, salesforce, service };

void CheckGrant(const Reader& in, const AuthConfig& auth, SignIn kind) {
  switch (auth.grant) {
    case Grant::refresh_token:
      Require(in, "refresh_token", auth.grant);
      break;
    case Grant::client_credentials:
      break;
    case Grant::password:
      Require(in, "username", auth.grant);
      Require(in, "password", auth.grant);
      break;
    case Grant::jwt_bearer:
      Require(in, "username", auth.grant);
      Require(in, "private_key_file", auth.grant);
      break;
    case Grant::token:
      Require(in, "token", auth.grant);
      break;
  }
  if (kind == SignIn::entra) CheckClientProof(in, auth);
  if (kind == SignIn::salesforce) CheckConsumerSecret(in, auth);
}

// `authority` stands in where the file names none.
AuthConfig ReadAuth(const Reader& in, SignIn kind, const std::string& authority) {
  AuthConfig auth;
  auth.authority_url = in.Url("authority_url", authority);
  auth.tenant_id = in.Text("tenant_id");
  auth.grant = GrantOf(in.Text("grant"));
  auth.client_id = in.Text("client_id");
  auth.client_secret = in.Secret("client_secret");
  auth.refresh_token = in.Secret("refresh_token");
  auth.username = in.Text("username");
  auth.password = in.Secret("password");
  auth.security_token = in.Secret("security_token");
  auth.token = in.Secret("token");
  auth.certificate_file = in.File("certificate_file");
  auth.private_key_file = in.File("private_key_file");
  // An unknown grant has been reported; what it would need is anybody's guess.
  if (ToString(auth.grant) == in.Text("grant")) CheckGrant(in, auth, kind);
  if (kind == SignIn::entra) CheckEntra(in, auth);
  if (kind == SignIn::salesforce) CheckSalesforce(in);
  kind == SignIn::service ? CheckService(in, auth) : CheckApplication(in, auth);
  return auth;
}

WebhookConfig ReadWebhook(const Reader& in) {
  WebhookConfig webhook;
  for (const auto& host : in.Texts("certificate_hosts")) {
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string::npos && host.back() != ']';
    int port = 443;
    if (has_port) std::from_chars(host.data() + colon + 1, host.data() + host.size(), port);
    if (port < 1 || port > 65535)
      in.Wrong("certificate_hosts", "\"" + host + "\" has no valid port");
    webhook.certificate_hosts.push_back(ToLower(host));
  }
  if (webhook.certificate_hosts.empty()) webhook.certificate_hosts = {kCertificateHost};
  webhook.issuer_organization = in.Text("issuer_organization", "Microsoft Corporation");
  webhook.ca_files = in.Files("ca_files");
  return webhook;
}

std::string ReadLinkTemplate(const Reader& in) {
  constexpr char kKey[] = "referral_link_template";
  std::string link = in.Text(kKey);
  if (link.empty()) return link;
  const bool filled = link.find("{referral_id}") != std::string::npos ||
                      link.find("{engagement_id}") != std::string::npos;
  if (!filled) in.Wrong(kKey, "names no referral; put {referral_id} or {engagement_id} in it");
  if (!StartsWithIgnoreCase(link, "https://")) in.Wrong(kKey, "must begin with https://");
  return link;
}

PartnerCenterConfig ReadPartnerCenter(const Reader& in) {
  PartnerCenterConfig config;
  config.referrals_url = in.Url("referrals_url", "https://api.partner.microsoft.com");
  config.webhooks_url = in.Url("webhooks_url", "https://api.partnercenter.microsoft.com");
  config.auth = ReadAuth(in.Member("auth"), SignIn::entra, kEntraAuthority);
  config.webhook = ReadWebhook(in.Member("webhook"));
  config.referral_link_template = ReadLinkTemplate(in);
  return config;
}

std::vector<RecordKind> ReadRecords(const Reader& in) {
  const bool leads = in.Text("kind") != ToString(CrmKind::rest);
  if (!in.Has("records") && !leads) return {RecordKind::opportunity};
  if (!in.Has("records")) return {RecordKind::opportunity, RecordKind::lead};
  std::vector<RecordKind> records;
  for (const auto& name : in.Texts("records")) {
    records.push_back(name == ToString(RecordKind::lead) ? RecordKind::lead
                                                         : RecordKind::opportunity);
  }
  if (!records.empty() && std::count(records.begin(), records.end(), RecordKind::opportunity) == 0)
    in.Wrong("records", "lacks \"opportunity\": an accepted lead becomes one");
  return records;
}

AuthConfig ReadCrmAuth(const Reader& in, CrmKind kind, const std::string& url) {
  switch (kind) {
    case CrmKind::dynamics365:
      return ReadAuth(in, SignIn::entra, kEntraAuthority);
    case CrmKind::salesforce:  // a My Domain address takes sign-ins itself
      return ReadAuth(in, SignIn::salesforce, url);
    case CrmKind::rest:
      return ReadAuth(in, SignIn::service, url);
  }
  return {};
}

// What only a described service has, and what it has not.
void CheckDescribed(const Reader& in, const CrmConfig& config) {
  if (config.kind != CrmKind::rest) {
    if (in.Has("description_file")) {
      in.Wrong("description_file", "is for the kind \"rest\"; remove it");
    }
    return;
  }
  if (!in.Has("description_file")) {
    in.Wrong("description_file",
             "is missing: how the service is spoken to; 'cosell-sync init --crm rest' writes one");
  }
  if (config.leads()) {
    in.Wrong("records", "names \"lead\", and leads are not synchronised with the kind \"rest\"");
  }
  if (in.Has("push")) {
    in.Wrong("push", "is for Dynamics 365 and Salesforce; remove it, changes are found by polling");
  }
  const auto host = config.url.find("://");
  if (host != std::string::npos && config.url.find('/', host + 3) != std::string::npos) {
    in.Wrong("url", "must end behind the host; what follows is base_path of the description file");
  }
}

CrmConfig ReadCrm(const Reader& in) {
  CrmConfig config;
  config.kind = CrmKindOf(in.Text("kind"));
  config.url = in.Url("url");
  config.auth = ReadCrmAuth(in.Member("auth"), config.kind, config.url);
  config.description_file = in.File("description_file");
  config.records = ReadRecords(in);
  config.push_key = in.Member("push").Secret("key");
  const Reader fields = in.Member("fields");
  for (const auto& role : fields.Keys()) config.fields[role] = fields.Text(role);
  config.mark = in.Text("mark", "check") == "check";
  CheckDescribed(in, config);
  return config;
}

ConflictConfig ReadConflicts(const Reader& in) {
  ConflictConfig config;
  for (const auto& field : in.Keys()) {
    const ConflictPolicy policy = ConflictPolicyOf(in.Text(field));
    if (field == "default") {
      config.otherwise = policy;
    } else {
      config.fields[field] = policy;
    }
  }
  return config;
}

}  // namespace

ConnectionConfig ReadConnection(const Reader& in) {
  ConnectionConfig config;
  config.name = ConnectionName{in.Text("name")};
  config.shadow = in.Text("mode") == "shadow";
  config.partner_center = ReadPartnerCenter(in.Member("partner_center"));
  config.crm = ReadCrm(in.Member("crm"));
  config.mapping_file = in.File("mapping_file");
  config.conflicts = ReadConflicts(in.Member("conflicts"));
  config.deletion.on_reopen = ReopenPolicyOf(in.Member("deletion").Text("on_reopen"));
  const Reader schedule = in.Member("schedule");
  config.schedule.poll_interval = std::chrono::seconds(schedule.Integer("poll_interval_s", 30));
  config.schedule.sweep_interval = std::chrono::seconds(schedule.Integer("sweep_interval_s", 600));
  const Reader safety = in.Member("safety");
  config.safety.change_ratio_max = safety.Number("change_ratio_max", 0.5);
  config.safety.first_share_count_max = safety.Integer("first_share_count_max", 25);
  return config;
}

void CheckConnections(const std::vector<ConnectionConfig>& connections,
                      const std::vector<Reader>& places) {
  for (std::size_t i = 0; i < connections.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const ConnectionConfig& one = connections[i];
      const ConnectionConfig& other = connections[j];
      if (!one.name.empty() && EqualsIgnoreCase(one.name.text, other.name.text)) {
        places[i].Wrong("name", "is also the name of " + places[j].path() + "; names must differ");
      }
      const bool same_tenant =
          !one.partner_center.auth.tenant_id.empty() &&
          EqualsIgnoreCase(one.partner_center.auth.tenant_id, other.partner_center.auth.tenant_id);
      if (same_tenant && !one.crm.url.empty() && EqualsIgnoreCase(one.crm.url, other.crm.url)) {
        places[i].Wrong("crm", "pairs the same tenant and CRM as " + places[j].path() +
                                   "; every deal would be made twice");
      }
    }
  }
}

}  // namespace cosell::app
