#include "app/starter_config.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cosell::app {
namespace {

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

constexpr const char* kTemplate =
    R"(// cosell-sync: the configuration. schema/config.schema.json describes every key; names of files
// are relative to this file. `cosell-sync check` says what is missing, line by line.
{
  "database": { "path": "cosell-sync.db" },
  "server": {
    "listen": "127.0.0.1:8080"{public_url}
  },
  "connections": [ {
    "name": {name},
    // "shadow" reads both sides and writes nothing remote: `cosell-sync plan` shows what would be
    // done. When that is right, set it to "live".
    "mode": "shadow",
    "partner_center": {
      "auth": {
        "tenant_id": {tenant_id}, "grant": "refresh_token", "client_id": {client_id},
        "client_secret": { "file": {partner_secret} },
        // `cosell-sync auth login {plain_name}` puts it there.
        "refresh_token": { "file": {refresh_token} }
      }
    },
    "crm": {
      "kind": {crm}, "url": {crm_url},
      {crm_auth},
      "records": {records}
    }{mapping_file}
  } ]
}
)";

std::string AuthOf(const StarterAnswers& answers, const std::string& secret) {
  if (answers.crm == CrmKind::rest) {
    // The grant goes with auth.scheme of the description file.
    return "\"description_file\": \"rest-crm.json\",\n      \"auth\": { \"grant\": \"token\", "
           "\"token\": { \"file\": " +
           secret + " } }";
  }
  const bool dynamics = answers.crm == CrmKind::dynamics365;
  return "\"auth\": {\n        " +
         (dynamics ? "\"tenant_id\": " + Quoted(answers.tenant_id) + ", " : std::string()) +
         "\"grant\": \"client_credentials\", \"client_id\": " + Quoted(answers.crm_client_id) +
         ",\n        \"client_secret\": { \"file\": " + secret + " }\n      }";
}

}  // namespace

std::string MakeStarterConfig(const StarterAnswers& answers) {
  const auto secret = [&](const char* name) { return Quoted(answers.secrets_folder + "/" + name); };
  const bool described = answers.crm == CrmKind::rest;
  const std::pair<const char*, std::string> places[] = {
      {"{public_url}",
       answers.public_url.empty() ? "" : ",\n    \"public_url\": " + Quoted(answers.public_url)},
      {"{crm_auth}", AuthOf(answers, secret(described ? "crm-token" : "crm-client-secret"))},
      // The starter mapping fits the example's description, so each company has its own.
      {"{mapping_file}", described ? ",\n    \"mapping_file\": \"mapping.json\"" : ""},
      {"{partner_secret}", secret("partner-client-secret")},
      {"{refresh_token}", secret("partner-refresh-token")},
      {"{records}",
       answers.leads && !described ? R"(["opportunity", "lead"])" : R"(["opportunity"])"},
      {"{crm}", Quoted(std::string(ToString(answers.crm)))},
      {"{crm_url}", Quoted(answers.crm_url)},
      {"{tenant_id}", Quoted(answers.tenant_id)},
      {"{client_id}", Quoted(answers.client_id)},
      {"{plain_name}", answers.name},
      {"{name}", Quoted(answers.name)}};
  std::string text = kTemplate;
  for (const auto& [place, value] : places) text = ReplaceAll(std::move(text), place, value);
  return text;
}

}  // namespace cosell::app
