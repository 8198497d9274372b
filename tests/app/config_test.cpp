#include "app/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "platform/files.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

// The smallest configuration that is good; each test bends one thing.
Json Good() {
  return Json::parse(R"({
    "connections": [ {
      "name": "contoso",
      "partner_center": { "auth": { "tenant_id": "contoso.example", "grant": "refresh_token", "client_id": "app",
                                    "refresh_token": {"file": "token"} } },
      "crm": { "kind": "dynamics365", "url": "https://contoso.crm.dynamics.com",
               "auth": { "tenant_id": "contoso.example", "grant": "client_credentials", "client_id": "app",
                         "client_secret": {"env": "CRM_CLIENT_SECRET"} } }
    } ] })");
}

LoadedConfig Parse(const Json& document) {
  return ParseConfig(document.dump(), "/etc/cosell-sync");
}

std::string All(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) lines.push_back(Describe(problem));
  return Join(lines, "\n");
}

class ConfigTest : public ::testing::Test {
 protected:
  Json& Connection() { return document_["connections"][0]; }
  Json& PartnerCenterAuth() { return Connection()["partner_center"]["auth"]; }
  Json& CrmAuth() { return Connection()["crm"]["auth"]; }

  void ExpectGood() { EXPECT_EQ(All(Parse(document_).problems), ""); }

  // Exactly one problem, at `path`, whose message has `part` in it.
  void ExpectOnly(const std::string& path, const std::string& part) {
    const auto loaded = Parse(document_);
    ASSERT_EQ(loaded.problems.size(), 1u) << All(loaded.problems);
    EXPECT_EQ(loaded.problems[0].path, path) << All(loaded.problems);
    EXPECT_NE(loaded.problems[0].message.find(part), std::string::npos) << All(loaded.problems);
  }

  Config Loaded() { return Parse(document_).config; }

  Json document_ = Good();
};

TEST_F(ConfigTest, SmallestConfigurationGetsEveryDefault) {
  ExpectGood();
  const Config config = Loaded();
  EXPECT_TRUE(platform::ToPath(config.database_path).is_absolute());
  EXPECT_EQ(config.server.host, "127.0.0.1");
  EXPECT_EQ(config.server.port, 8080);
  EXPECT_TRUE(config.server.loopback);
  EXPECT_EQ(config.http.timeout, std::chrono::seconds(30));
  EXPECT_EQ(config.http.body_bytes_max, 33554432u);
  const ConnectionConfig& connection = config.connections.at(0);
  EXPECT_FALSE(connection.shadow);
  EXPECT_EQ(connection.partner_center.referrals_url, "https://api.partner.microsoft.com");
  EXPECT_EQ(connection.partner_center.webhooks_url, "https://api.partnercenter.microsoft.com");
  EXPECT_EQ(connection.partner_center.auth.authority_url, "https://login.microsoftonline.com");
  EXPECT_EQ(connection.partner_center.webhook.issuer_organization, "Microsoft Corporation");
  EXPECT_EQ(connection.partner_center.webhook.certificate_hosts.size(), 1u);
  EXPECT_EQ(connection.crm.records,
            (std::vector<RecordKind>{RecordKind::opportunity, RecordKind::lead}));
  EXPECT_TRUE(connection.crm.mark);
  EXPECT_TRUE(connection.crm.push_key.empty());
  EXPECT_EQ(connection.conflicts.otherwise, ConflictPolicy::newest_wins);
  EXPECT_EQ(connection.deletion.on_reopen, ReopenPolicy::reclose);
  EXPECT_EQ(connection.schedule.poll_interval, std::chrono::seconds(30));
  EXPECT_EQ(connection.schedule.sweep_interval, std::chrono::seconds(600));
  EXPECT_EQ(connection.safety.change_ratio_max, 0.5);
  EXPECT_EQ(connection.safety.first_share_count_max, 25);
}

TEST_F(ConfigTest, EverythingThatIsSaidIsRead) {
  document_["database"]["path"] = "data/sync.db";
  document_["server"] = {
      {"listen", "[::]:8443"},
      {"public_url", "https://hooks.contoso.example/"},
      {"tls", {{"certificate_file", "server.pem"}, {"private_key_file", "server.key"}}},
      {"tokens_file", "tokens.json"}};
  document_["audit"] = {
      {"anchor_file", "anchors.jsonl"}, {"anchor_interval_s", 60}, {"retention_days", 400}};
  document_["tls"]["ca_files"] = {"ca.pem", "/srv/other.pem"};
  document_["http"] = {{"proxy_url", "http://proxy.contoso.example:3128"},
                       {"timeout_s", 10},
                       {"body_bytes_max", 100000}};
  document_["report"] = {
      {"folder", "reports"}, {"interval_s", 3600}, {"formats", {"csv", "xlsx"}}, {"keep_count", 7}};
  Connection()["mode"] = "shadow";
  Connection()["mapping_file"] = "mapping.json";
  Connection()["conflicts"] = {{"default", "ask"}, {"status", "crm_wins"}};
  Connection()["deletion"] = {{"crm", "keep_referral"}, {"on_reopen", "unlink"}};
  Connection()["schedule"] = {{"poll_interval_s", 0}, {"sweep_interval_s", 86400}};
  Connection()["safety"] = {{"change_ratio_max", 1}, {"first_share_count_max", 0}};
  Connection()["crm"]["records"] = {"opportunity"};
  Connection()["crm"]["push"]["key"]["file"] = "push-key";
  Connection()["crm"]["fields"]["sync"] = "new_sync";
  Connection()["crm"]["mark"] = "none";
  Connection()["partner_center"]["webhook"] = {
      {"certificate_hosts", {"Files.Contoso.example:8443"}}, {"ca_files", {"chain.pem"}}};
  ExpectGood();
  const Config config = Loaded();
  EXPECT_EQ(config.database_path, "/etc/cosell-sync/data/sync.db");
  EXPECT_EQ(config.audit.anchor_file, "/etc/cosell-sync/anchors.jsonl");
  EXPECT_EQ(config.audit.anchor_interval.count(), 60);
  EXPECT_EQ(config.audit.retention.count(), 400);
  EXPECT_EQ(config.server.host, "::");
  EXPECT_EQ(config.server.port, 8443);
  EXPECT_FALSE(config.server.loopback);
  EXPECT_EQ(config.server.public_url, "https://hooks.contoso.example");
  EXPECT_EQ(config.server.tls->private_key_file, "/etc/cosell-sync/server.key");
  EXPECT_EQ(config.server.tokens_file, "/etc/cosell-sync/tokens.json");
  EXPECT_EQ(config.ca_files,
            (std::vector<std::string>{"/etc/cosell-sync/ca.pem", "/srv/other.pem"}));
  EXPECT_EQ(config.http.proxy_url, "http://proxy.contoso.example:3128");
  ASSERT_TRUE(config.report);
  EXPECT_EQ(config.report->folder, "/etc/cosell-sync/reports");
  EXPECT_EQ(config.report->interval.count(), 3600);
  EXPECT_EQ(config.report->formats,
            (std::vector<report::Format>{report::Format::csv, report::Format::xlsx}));
  EXPECT_EQ(config.report->keep_count, 7);
  const ConnectionConfig& connection = config.connections.at(0);
  EXPECT_TRUE(connection.shadow);
  EXPECT_EQ(connection.mapping_file, "/etc/cosell-sync/mapping.json");
  EXPECT_EQ(connection.conflicts.otherwise, ConflictPolicy::ask);
  EXPECT_EQ(connection.conflicts.fields.at("status"), ConflictPolicy::crm_wins);
  EXPECT_EQ(connection.deletion.on_reopen, ReopenPolicy::unlink);
  EXPECT_EQ(connection.schedule.poll_interval.count(), 0);
  EXPECT_EQ(connection.safety.change_ratio_max, 1.0);
  EXPECT_EQ(connection.crm.records, std::vector<RecordKind>{RecordKind::opportunity});
  EXPECT_EQ(connection.crm.push_key.file, "/etc/cosell-sync/push-key");
  EXPECT_EQ(connection.crm.fields.at("sync"), "new_sync");
  EXPECT_FALSE(connection.crm.mark);
  EXPECT_EQ(connection.partner_center.webhook.certificate_hosts,
            std::vector<std::string>{"files.contoso.example:8443"});
  EXPECT_EQ(connection.partner_center.webhook.ca_files,
            std::vector<std::string>{"/etc/cosell-sync/chain.pem"});
  EXPECT_EQ(connection.partner_center.auth.refresh_token.file, "/etc/cosell-sync/token");
  EXPECT_EQ(connection.crm.auth.client_secret.env, "CRM_CLIENT_SECRET");
}

TEST_F(ConfigTest, ReportsAreDailyPagesUnlessToldOtherwise) {
  EXPECT_FALSE(Loaded().report);
  document_["report"] = {{"folder", "/srv/reports"}};
  ExpectGood();
  EXPECT_EQ(Loaded().report->interval, std::chrono::hours(24));
  EXPECT_EQ(Loaded().report->formats, std::vector<report::Format>{report::Format::html});
  EXPECT_EQ(Loaded().report->keep_count, 30);
}

TEST_F(ConfigTest, ReportOfAnUnknownFormatIsRefused) {
  document_["report"] = {{"folder", "reports"}, {"formats", {"pdf"}}};
  ExpectOnly("report.formats[0]", "xlsx");
}

TEST_F(ConfigTest, ExampleIsGoodAndSaysNoSecret) {
  const auto loaded =
      LoadConfig(std::string(COSELL_SOURCE_DIR) + "/packaging/cosell-sync.example.json");
  EXPECT_EQ(All(loaded.problems), "");
  EXPECT_EQ(All(loaded.warnings), "");
  EXPECT_TRUE(loaded.config.connections.at(0).shadow);
}

TEST_F(ConfigTest, StarterIsTheExampleToTheByte) {
  const auto file =
      platform::ReadFile(std::string(COSELL_SOURCE_DIR) + "/packaging/cosell-sync.example.json");
  EXPECT_EQ(StarterConfig(), *file);
  EXPECT_EQ(ConfigSchema(),
            *platform::ReadFile(std::string(COSELL_SOURCE_DIR) + "/schema/config.schema.json"));
}

// Every key of the schema stands in the example, so that nobody has to look for one.
void ExpectNamed(const Json& schema, std::string_view example) {
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [key, member] : schema["properties"].items()) {
      EXPECT_NE(example.find(key), std::string_view::npos) << key;
    }
  }
  if (!schema.is_structured()) return;
  for (const auto& member : schema) ExpectNamed(member, example);
}

TEST_F(ConfigTest, ExampleNamesEveryKey) {
  Json schema = Json::parse(ConfigSchema());
  schema["properties"].erase("$schema");
  for (const char* other_grants : {"username", "password", "security_token"}) {
    schema["definitions"]["auth"]["properties"].erase(other_grants);
  }
  ExpectNamed(schema, StarterConfig());
}

void ExpectDescribed(const Json& schema, const std::string& path) {
  EXPECT_TRUE(schema.contains("$ref") || schema.contains("description")) << path;
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [key, member] : properties.items()) {
    ExpectDescribed(member, path + "." + key);
  }
}

TEST_F(ConfigTest, SchemaDescribesEveryKey) {
  const Json schema = Json::parse(ConfigSchema());
  ExpectDescribed(schema, "root");
  for (const auto& [name, definition] : schema["definitions"].items())
    ExpectDescribed(definition, name);
}

TEST_F(ConfigTest, AllProblemsAreReportedAtOnce) {
  Connection()["name"] = "con toso";
  Connection()["schedule"]["poll_interval_s"] = 90000;
  Connection()["crm"].erase("url");
  PartnerCenterAuth().erase("refresh_token");
  document_["htpp"] = Json::object();
  document_["server"]["listen"] = "0.0.0.0:80";
  std::vector<std::string> paths;
  for (const auto& problem : Parse(document_).problems) paths.push_back(problem.path);
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(paths, (std::vector<std::string>{"connections[0].crm.url", "connections[0].name",
                                             "connections[0].partner_center.auth.refresh_token",
                                             "connections[0].schedule.poll_interval_s", "htpp",
                                             "server.tls", "server.tokens_file"}));
}

TEST_F(ConfigTest, UnknownKeyIsAnErrorWithTheOneMeant) {
  Connection()["schedule"]["poll_intervall_s"] = 30;
  ExpectOnly("connections[0].schedule.poll_intervall_s", "did you mean \"poll_interval_s\"?");
}

TEST_F(ConfigTest, ForgottenUnitIsRecognised) {
  document_["http"]["timeout"] = 30;
  ExpectOnly("http.timeout", "did you mean \"timeout_s\"?");
}

TEST_F(ConfigTest, UnknownKeyUnlikeAnyOtherListsThem) {
  document_["tls"]["zzzzzzzz"] = 1;
  ExpectOnly("tls.zzzzzzzz", "known here: ca_files");
}

TEST_F(ConfigTest, SecondsAreOneToADay) {
  for (const Json& wrong : {Json(-1), Json(86401), Json(1.5), Json("30")}) {
    Connection()["schedule"]["poll_interval_s"] = wrong;
    ExpectOnly("connections[0].schedule.poll_interval_s", "1 to 86400");
  }
  Connection().erase("schedule");
  document_["http"]["timeout_s"] = 0;
  ExpectOnly("http.timeout_s", "1 to 86400");
}

TEST_F(ConfigTest, WrongValueOfAListIsNamedWithTheList) {
  Connection()["conflicts"]["status"] = "crm_win";
  ExpectOnly("connections[0].conflicts.status", "did you mean \"crm_wins\"?");
}

TEST_F(ConfigTest, DeletedCrmRecordKeepsItsReferralWhateverIsAsked) {
  Connection()["deletion"]["crm"] = "close_referral";
  ExpectOnly("connections[0].deletion.crm", "keep_referral");
}

TEST_F(ConfigTest, ConnectionNamesDifferWithoutRegardToCase) {
  Json other = Connection();
  other["name"] = "Contoso";
  other["crm"]["url"] = "https://fabrikam.crm.dynamics.com";
  document_["connections"].push_back(other);
  ExpectOnly("connections[1].name", "connections[0]");
}

TEST_F(ConfigTest, OnePairIsNotConnectedTwice) {
  Json other = Connection();
  other["name"] = "again";
  document_["connections"].push_back(other);
  ExpectOnly("connections[1].crm", "made twice");
}

TEST_F(ConfigTest, ConnectionNameKeepsToWhatAUrlTakes) {
  for (const char* wrong : {"", "con toso", "con/toso", "-contoso", "c\xC3\xB3ntoso"}) {
    Connection()["name"] = wrong;
    ExpectOnly("connections[0].name", "letters, digits and hyphens");
  }
}

TEST_F(ConfigTest, OffLoopbackTlsAndTokensAreRequired) {
  document_["server"] = {{"listen", "0.0.0.0:8443"}, {"tokens_file", "tokens.json"}};
  ExpectOnly("server.tls", "127.0.0.1");
  document_["server"] = {{"listen", "hooks.contoso.example:8443"},
                         {"tls", {{"certificate_file", "a"}, {"private_key_file", "b"}}}};
  ExpectOnly("server.tokens_file", "file of tokens");
}

TEST_F(ConfigTest, LoopbackHasSeveralNames) {
  for (const char* listen : {"127.0.0.1:8080", "127.1.2.3:1", "[::1]:8080", "localhost:0"}) {
    document_["server"]["listen"] = listen;
    ExpectGood();
    EXPECT_TRUE(Loaded().server.loopback) << listen;
  }
}

TEST_F(ConfigTest, NameThatOnlyBeginsLikeLoopbackIsNone) {
  document_["server"]["listen"] = "127.evil.example:8080";
  EXPECT_FALSE(Parse(document_).ok());
}

TEST_F(ConfigTest, PortMustExist) {
  document_["server"]["listen"] = "127.0.0.1:70000";
  ExpectOnly("server.listen", "port");
  document_["server"]["listen"] = "127.0.0.1";
  ExpectOnly("server.listen", "address:port");
}

TEST_F(ConfigTest, PlainHttpGoesOutNowhere) {
  Connection()["crm"]["url"] = "http://127.0.0.1:9000";
  ExpectOnly("connections[0].crm.url", "https://");
  Connection()["crm"]["url"] = "https://contoso.crm.dynamics.com";
  PartnerCenterAuth()["authority_url"] = "http://localhost";
  ExpectOnly("connections[0].partner_center.auth.authority_url", "https://");
  PartnerCenterAuth().erase("authority_url");
  document_["server"]["public_url"] = "http://hooks.contoso.example";
  ExpectOnly("server.public_url", "https://");
}

TEST_F(ConfigTest, AddressIsAHostAndPerhapsAPath) {
  for (const char* wrong : {"https://", "https://:443", "https://me:pw@contoso.example",
                            "https://contoso.example?x=1", "https://a b"}) {
    Connection()["crm"]["url"] = wrong;
    ExpectOnly("connections[0].crm.url", "https://contoso.example");
  }
}

TEST_F(ConfigTest, EachGrantSaysWhatItLacks) {
  const auto crm = [&](const Json& auth) { CrmAuth() = auth; };
  const std::string at = "connections[0].crm.auth.";
  const Json base = {{"tenant_id", "t"}, {"client_id", "app"}};
  Json auth = base;
  auth["grant"] = "client_credentials";
  crm(auth);
  ExpectOnly(at + "client_secret", "certificate_file");
  auth["certificate_file"] = "app.pem";
  crm(auth);
  ExpectOnly(at + "private_key_file", "go together");
  auth["private_key_file"] = "app.key";
  crm(auth);
  ExpectGood();
  auth["client_secret"] = {{"env", "X"}};
  crm(auth);
  ExpectOnly(at + "client_secret", "keep one");
  auth = base;
  auth["grant"] = "password";
  auth["username"] = "sync@contoso.example";
  crm(auth);
  ExpectOnly(at + "password", "grant \"password\" needs it");
  auth = base;
  auth["grant"] = "refresh_token";
  crm(auth);
  ExpectOnly(at + "refresh_token", "grant \"refresh_token\" needs it");
}

TEST_F(ConfigTest, UnknownGrantIsOneProblem) {
  CrmAuth()["grant"] = "client_credential";
  CrmAuth().erase("client_secret");
  ExpectOnly("connections[0].crm.auth.grant", "did you mean \"client_credentials\"?");
}

TEST_F(ConfigTest, PasswordInAnAddressIsNotRepeated) {
  Connection()["crm"]["url"] = "https://me:sesame@contoso.example";
  ExpectOnly("connections[0].crm.url", "password");
  EXPECT_EQ(All(Parse(document_).problems).find("sesame"), std::string::npos);
}

TEST_F(ConfigTest, SalesforceGrantIsRefusedByEntra) {
  CrmAuth() = {{"tenant_id", "t"},
               {"client_id", "app"},
               {"grant", "jwt_bearer"},
               {"username", "u"},
               {"private_key_file", "k"}};
  ExpectOnly("connections[0].crm.auth.grant", "Salesforce");
}

TEST_F(ConfigTest, EntraNeedsATenant) {
  PartnerCenterAuth().erase("tenant_id");
  ExpectOnly("connections[0].partner_center.auth.tenant_id", "is missing");
}

TEST_F(ConfigTest, SalesforceSignsInAtItsOwnAddressUnlessToldAnother) {
  Connection()["crm"]["kind"] = "salesforce";
  Connection()["crm"]["url"] = "https://contoso.my.salesforce.com";
  CrmAuth() = {{"client_id", "app"},
               {"grant", "jwt_bearer"},
               {"username", "sync@contoso.example"},
               {"private_key_file", "key.pem"}};
  const auto loaded = Parse(document_);
  EXPECT_TRUE(loaded.ok()) << All(loaded.problems);
  EXPECT_EQ(loaded.config.connections[0].crm.auth.authority_url,
            "https://contoso.my.salesforce.com");
  CrmAuth()["authority_url"] = "https://login.salesforce.com";
  EXPECT_EQ(Parse(document_).config.connections[0].crm.auth.authority_url,
            "https://login.salesforce.com");
}

TEST_F(ConfigTest, EntraSettingsAreRefusedForSalesforce) {
  Connection()["crm"]["kind"] = "salesforce";
  CrmAuth()["tenant_id"] = "contoso.example";
  ExpectOnly("connections[0].crm.auth.tenant_id", "is for Entra");
}

TEST_F(ConfigTest, SalesforceClientCredentialsNeedTheConsumerSecret) {
  Connection()["crm"]["kind"] = "salesforce";
  CrmAuth() = {{"client_id", "app"}, {"grant", "client_credentials"}};
  ExpectOnly("connections[0].crm.auth.client_secret", "consumer secret");
}

// --- a CRM behind a description file

class DescribedConfigTest : public ConfigTest {
 protected:
  DescribedConfigTest() {
    Connection()["crm"] = Json::parse(R"({"kind": "rest", "url": "https://sales.contoso.example",
        "description_file": "rest-crm.json", "auth": {"grant": "token", "token": {"env": "CRM_TOKEN"}}})");
  }
};

TEST_F(DescribedConfigTest, IsReadWithItsDescriptionAndItsToken) {
  ExpectGood();
  const CrmConfig crm = Loaded().connections[0].crm;
  EXPECT_EQ(crm.kind, CrmKind::rest);
  EXPECT_EQ(crm.description_file, "/etc/cosell-sync/rest-crm.json");
  EXPECT_EQ(crm.auth.grant, Grant::token);
  EXPECT_EQ(crm.auth.token.env, "CRM_TOKEN");
  EXPECT_FALSE(crm.leads());
}

TEST_F(DescribedConfigTest, NeedsItsDescription) {
  Connection()["crm"].erase("description_file");
  ExpectOnly("connections[0].crm.description_file", "init --crm rest");
}

TEST_F(DescribedConfigTest, HasNoLeads) {
  Connection()["crm"]["records"] = {"opportunity", "lead"};
  ExpectOnly("connections[0].crm.records", "not synchronised");
}

TEST_F(DescribedConfigTest, SendsNoNotifications) {
  Connection()["crm"]["push"] = {{"key", {{"env", "KEY"}}}};
  ExpectOnly("connections[0].crm.push", "polling");
}

TEST_F(DescribedConfigTest, HasItsPathInTheDescription) {
  Connection()["crm"]["url"] = "https://sales.contoso.example/api";
  ExpectOnly("connections[0].crm.url", "base_path");
}

TEST_F(DescribedConfigTest, EachGrantNeedsWhatItIsMadeOf) {
  CrmAuth() = {{"grant", "token"}};
  ExpectOnly("connections[0].crm.auth.token", "is missing");
  CrmAuth() = {{"grant", "client_credentials"}, {"client_id", "app"}};
  ExpectOnly("connections[0].crm.auth.client_secret", "is missing");
  CrmAuth() = {{"grant", "password"}, {"username", "sync"}};
  ExpectOnly("connections[0].crm.auth.password", "is missing");
  CrmAuth() = {{"grant", "jwt_bearer"}, {"username", "u"}};
  EXPECT_FALSE(Parse(document_).ok());
}

TEST_F(ConfigTest, ATokenAndADescriptionAreForDescribedCrmsAlone) {
  CrmAuth()["token"] = {{"env", "TOKEN"}};
  ExpectOnly("connections[0].crm.auth.token", "kind \"rest\"");
  CrmAuth().erase("token");
  Connection()["crm"]["description_file"] = "rest-crm.json";
  ExpectOnly("connections[0].crm.description_file", "kind \"rest\"");
}

TEST_F(ConfigTest, AnApplicationNeedsItsId) {
  PartnerCenterAuth().erase("client_id");
  ExpectOnly("connections[0].partner_center.auth.client_id", "the application's id");
}

TEST_F(ConfigTest, LiteralSecretIsAcceptedWithAWarningThatDoesNotRepeatIt) {
  CrmAuth()["client_secret"] = "open sesame";
  const auto loaded = Parse(document_);
  EXPECT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.config.connections[0].crm.auth.client_secret.literal, "open sesame");
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_EQ(loaded.warnings[0].path, "connections[0].crm.auth.client_secret");
  EXPECT_EQ(All(loaded.warnings).find("sesame"), std::string::npos);
}

TEST_F(ConfigTest, SecretComesFromOnePlace) {
  for (const char* wrong :
       {R"({"env": "A", "file": "b"})", "{}", R"({"envv": "A"})", "\"\"", "5", "null"}) {
    CrmAuth()["client_secret"] = Json::parse(wrong);
    const auto loaded = Parse(document_);
    ASSERT_FALSE(loaded.ok()) << wrong;
    EXPECT_EQ(loaded.problems[0].path.rfind("connections[0].crm.auth.client_secret", 0), 0u)
        << All(loaded.problems);
  }
}

TEST_F(ConfigTest, LinkTemplateNamesTheReferral) {
  Connection()["partner_center"]["referral_link_template"] = "https://partner.microsoft.com/x";
  ExpectOnly("connections[0].partner_center.referral_link_template", "{referral_id}");
}

TEST_F(ConfigTest, CertificateHostsAreHostsWithPerhapsAPort) {
  for (const char* wrong :
       {"https://files.contoso.example", "files.contoso.example/x", "host:99999", ""}) {
    Connection()["partner_center"]["webhook"]["certificate_hosts"] = {wrong};
    EXPECT_EQ(Parse(document_).problems.size(), 1u) << wrong << All(Parse(document_).problems);
  }
}

TEST_F(ConfigTest, DatabaseOnANetworkShareIsRefused) {
  document_["database"]["path"] = "//server/share/sync.db";
  ExpectOnly("database.path", "local disk");
}

TEST_F(ConfigTest, NothingWouldEverBeNoticed) {
  Connection()["schedule"] = {{"poll_interval_s", 0}, {"sweep_interval_s", 0}};
  const auto loaded = Parse(document_);
  EXPECT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.warnings.at(0).path, "connections[0].schedule");
}

TEST_F(ConfigTest, ProxyPasswordIsNotRepeated) {
  document_["http"]["proxy_url"] = "socks5://me:sesame@proxy.contoso.example";
  ExpectOnly("http.proxy_url", "http://");
  EXPECT_EQ(All(Parse(document_).problems).find("sesame"), std::string::npos);
}

TEST_F(ConfigTest, CommentsAndByteOrderMarkAreTolerated) {
  const std::string text =
      "\xEF\xBB\xBF// ours\n/* all\nof it */" + document_.dump() + "\n// end\n";
  EXPECT_EQ(All(ParseConfig(text, "/etc").problems), "");
}

TEST_F(ConfigTest, RepeatedKeysAreFoundWhereTheyStand) {
  std::string text = document_.dump();
  text = ReplaceAll(text, "\"name\":\"contoso\"", "\"name\":\"contoso\",\"name\":\"fabrikam\"");
  const auto loaded = ParseConfig(text, "/etc");
  ASSERT_EQ(loaded.problems.size(), 1u) << All(loaded.problems);
  EXPECT_EQ(loaded.problems[0].path, "connections[0].name");
  EXPECT_NE(loaded.problems[0].message.find("twice"), std::string::npos);
}

TEST_F(ConfigTest, SyntaxErrorHasLineColumnAndHint) {
  const auto loaded = ParseConfig("{\n  \"tls\": {},\n}\n", "/etc");
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].message.rfind("line 3, column 1: ", 0), 0u)
      << loaded.problems[0].message;
  EXPECT_NE(loaded.problems[0].message.find("remove the comma"), std::string::npos);
}

TEST_F(ConfigTest, SyntaxErrorDoesNotRepeatTheText) {
  for (const char* text :
       {"{\"client_secret\": \"open sesame\" \"x\"}", "{\"client_secret\": \"open sesame\n\"}",
        "{\"client_secret\": sesame}"}) {
    const auto loaded = ParseConfig(text, "/etc");
    ASSERT_EQ(loaded.problems.size(), 1u);
    EXPECT_EQ(All(loaded.problems).find("sesame"), std::string::npos) << All(loaded.problems);
  }
}

TEST_F(ConfigTest, FileThatIsNoConfigurationAtAllIsOneProblem) {
  for (const char* text : {"", "null", "[]", "5", "\"x\"", "\xFF"}) {
    EXPECT_EQ(ParseConfig(text, "/etc").problems.size(), 1u) << text;
  }
  EXPECT_EQ(All(ParseConfig("{}", "/etc").problems).rfind("connections: is missing", 0), 0u);
}

TEST_F(ConfigTest, MissingFileTellsHowToMakeOne) {
  const auto loaded = LoadConfig("/nonexistent/cosell-sync.json");
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_NE(loaded.problems[0].message.find("cosell-sync init"), std::string::npos);
}

TEST_F(ConfigTest, NamedFilesThatAreMissingAreFound) {
  document_["tls"]["ca_files"] = {"absent.pem"};
  Connection()["mapping_file"] = "absent.json";
  CrmAuth() = {{"tenant_id", "t"},
               {"client_id", "app"},
               {"grant", "client_credentials"},
               {"certificate_file", "absent.pem"},
               {"private_key_file", "absent.key"}};
  std::vector<std::string> paths;
  for (const auto& problem : FindMissingFiles(Loaded())) paths.push_back(problem.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"tls.ca_files[0]", "connections[0].mapping_file",
                                             "connections[0].crm.auth.certificate_file",
                                             "connections[0].crm.auth.private_key_file"}));
}

// Any member replaced by any other kind of value gives problems, never an exception.
void BendEverywhere(const Json& good, Json& root, Json& place) {
  for (const Json& wrong : {Json(nullptr), Json(5), Json("x"), Json::array({Json::object()}),
                            Json::object(), Json(true), Json(1e300)}) {
    const Json kept = place;
    place = wrong;
    EXPECT_NO_THROW(Parse(root)) << root.dump();
    place = kept;
  }
  if (!place.is_structured()) return;
  for (auto& member : place) BendEverywhere(good, root, member);
}

TEST_F(ConfigTest, NothingInTheFileThrows) {
  Json example = Json::parse(StarterConfig(), nullptr, true, true);
  BendEverywhere(example, example, example);
}

}  // namespace
}  // namespace cosell::app
