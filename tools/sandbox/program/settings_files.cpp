#include "tools/sandbox/program/settings_files.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/sandbox/world/world.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::ordered_json;

std::string HostOf(const std::string& origin) { return origin.substr(origin.find("://") + 3); }

Json SecretFile(const std::string& name) { return {{"file", "secrets/" + name}}; }

void WriteSecrets(World& world, const Settings& settings) {
  const std::string folder = settings.folder + "/secrets";
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const Identities& who = world.identities();
  WriteSecretFile(folder + "/partner-client-secret", who.partner_client_secret);
  WriteSecretFile(folder + "/partner-refresh-token", world.NewRefreshToken());
  const bool salesforce = settings.crm == CrmProduct::salesforce;
  WriteSecretFile(folder + "/crm-client-secret",
                  salesforce ? who.salesforce_consumer_secret : who.crm_client_secret);
  WriteSecretFile(folder + "/crm-push-key", settings.push_key);
}

Json PartnerCenterPart(const World& world) {
  const Origins& at = world.origins();
  const Identities& who = world.identities();
  return {{"referrals_url", at.referrals},
          {"webhooks_url", at.webhooks},
          {"auth",
           {{"authority_url", at.login},
            {"tenant_id", who.tenant_id},
            {"grant", "refresh_token"},
            {"client_id", who.partner_client_id},
            {"client_secret", SecretFile("partner-client-secret")},
            {"refresh_token", SecretFile("partner-refresh-token")}}},
          {"webhook",
           {{"certificate_hosts", {HostOf(at.certificates), HostOf(at.aia)}},
            {"issuer_organization", "Microsoft Corporation"},
            {"ca_files", {"signature-root.pem"}}}},
          {"referral_link_template", SeedOptions{}.referral_link_template}};
}

Json DynamicsPart(const World& world) {
  const Identities& who = world.identities();
  return {{"kind", "dynamics365"},
          {"url", world.origins().dataverse},
          {"auth",
           {{"authority_url", world.origins().login},
            {"tenant_id", who.tenant_id},
            {"grant", "client_credentials"},
            {"client_id", who.crm_client_id},
            {"client_secret", SecretFile("crm-client-secret")}}}};
}

Json SalesforcePart(const World& world) {
  return {{"kind", "salesforce"},
          {"url", world.origins().salesforce},
          {"auth",
           {{"grant", "client_credentials"},
            {"client_id", world.identities().salesforce_consumer_key},
            {"client_secret", SecretFile("crm-client-secret")}}}};
}

Json CrmPart(const World& world, CrmProduct product) {
  Json part = product == CrmProduct::salesforce ? SalesforcePart(world) : DynamicsPart(world);
  part.update({{"records", {"opportunity", "lead"}},
               {"push", {{"key", SecretFile("crm-push-key")}}},
               {"mark", "check"}});
  return part;
}

Json ProductConfiguration(const World& world, const Settings& settings) {
  return {{"database", {{"path", "cosell-sync.db"}}},
          {"server",
           {{"listen", "127.0.0.1:" + std::to_string(settings.product_port)},
            {"public_url", settings.product_url()},
            {"tls",
             {{"certificate_file", settings.tls.product_certificate_file},
              {"private_key_file", settings.tls.product_key_file}}}}},
          {"tls", {{"ca_files", {settings.tls.ca_file}}}},
          {"connections",
           {{{"name", settings.connection},
             {"mode", "live"},
             {"partner_center", PartnerCenterPart(world)},
             {"crm", CrmPart(world, settings.crm)},
             {"schedule", {{"poll_interval_s", 1}, {"sweep_interval_s", 30}}},
             {"safety", {{"change_ratio_max", 0.5}, {"first_share_count_max", 10'000}}}}}}};
}

Json Addresses(const World& world, const Settings& settings) {
  const Origins& at = world.origins();
  return {{"login", at.login},
          {"referrals", at.referrals},
          {"webhooks", at.webhooks},
          {"certificates", at.certificates},
          {"aia", at.aia},
          {"dataverse", at.dataverse},
          {"salesforce_login", at.salesforce_login},
          {"salesforce", at.salesforce},
          {"control", at.control + "/sandbox/v1"},
          {"cosell_sync", settings.product_url()}};
}

Json Accounts(const World& world, const Settings& settings) {
  const Identities& who = world.identities();
  return {{"tenant_id", who.tenant_id},
          {"organization_id", who.organization_id},
          {"partner_client_id", who.partner_client_id},
          {"partner_client_secret_file", settings.folder + "/secrets/partner-client-secret"},
          {"refresh_token_file", settings.folder + "/secrets/partner-refresh-token"},
          {"crm_client_id", settings.crm == CrmProduct::salesforce ? who.salesforce_consumer_key
                                                                   : who.crm_client_id},
          {"crm_client_secret_file", settings.folder + "/secrets/crm-client-secret"},
          {"crm_push_key_file", settings.folder + "/secrets/crm-push-key"},
          {"public_client_id", who.public_client_id},
          {"user_name", who.user_name},
          {"user_password", who.user_password},
          {"salesforce_user_name", who.salesforce_user_name},
          {"salesforce_password", who.salesforce_password + who.salesforce_security_token}};
}

}  // namespace

std::string WriteSettings(World& world, const Settings& settings, const SeedSummary& seeded) {
  WriteSecrets(world, settings);
  const std::string root = settings.folder + "/signature-root.pem";
  const std::string configuration = settings.folder + "/cosell-sync.json";
  {
    const auto lock = world.Lock();
    WriteFile(root, world.signing().RootPem());
  }
  WriteFile(configuration, ProductConfiguration(world, settings).dump(2) + "\n");
  const Json document = {{"urls", Addresses(world, settings)},
                         {"ca_file", settings.tls.ca_file},
                         {"signature_root_file", root},
                         {"configuration_file", configuration},
                         {"accounts", Accounts(world, settings)},
                         {"seeded",
                          {{"referrals", seeded.referrals},
                           {"pairs", seeded.pairs},
                           {"opportunities", seeded.opportunities},
                           {"shareable", seeded.shareable}}}};
  const std::string path = settings.folder + "/sandbox.json";
  WriteFile(path, document.dump(2) + "\n");
  return path;
}

}  // namespace cosell::sandbox
