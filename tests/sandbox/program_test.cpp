#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "net/https_transport.h"

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The program over TLS, spoken to with the product's own transport.
class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    folder =
        fs::temp_directory_path() / ("cosell-sandbox-test-" + std::to_string(Poco::Process::id()));
    Poco::Pipe out;
    process = std::make_unique<Poco::ProcessHandle>(Poco::Process::launch(
        std::string(COSELL_BIN_DIR) + "/cosell-sandbox",
        {"--dir", folder.string(), "--pairs", "10", "--simulated-clock"}, nullptr, &out, nullptr));
    Poco::PipeInputStream lines(out);
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    ASSERT_TRUE(line.starts_with("ready ")) << line;
    sandbox = Json::parse(ReadFile(line.substr(6)));
    net::HttpsOptions options;
    options.ca_files = {sandbox["ca_file"]};
    transport = net::MakeHttpsTransport(options);
  }
  void TearDown() override {
    Poco::Process::requestTermination(process->id());
    EXPECT_EQ(process->wait(), 0);
    fs::remove_all(folder);
  }

  std::string Url(const char* name) const { return sandbox["urls"][name]; }
  Json Send(net::HttpRequest request) {
    const auto answer = transport->Send(request);
    EXPECT_TRUE(answer.ok()) << Describe(answer.ok() ? Error{} : answer.error());
    return answer ? Json::parse(answer->body, nullptr, false) : Json();
  }
  Json Control(const std::string& method, const std::string& path, const Json& body = Json()) {
    return Send({method, Url("control") + path, {}, body.is_null() ? "" : body.dump()});
  }

  fs::path folder;
  Json sandbox;
  std::unique_ptr<Poco::ProcessHandle> process;
  std::unique_ptr<net::HttpTransport> transport;
};

TEST_F(ProgramTest, ServesAllOriginsOverTls) {
  const Json& accounts = sandbox["accounts"];
  const std::string form =
      "grant_type=refresh_token&client_id=" + accounts["partner_client_id"].get<std::string>() +
      "&client_secret=" + UrlEncode(ReadFile(accounts["partner_client_secret_file"])) +
      "&refresh_token=" + UrlEncode(ReadFile(accounts["refresh_token_file"])) +
      "&scope=" + UrlEncode(Url("referrals") + "/.default");
  const Json token =
      Send({"POST",
            Url("login") + "/" + accounts["tenant_id"].get<std::string>() + "/oauth2/v2.0/token",
            {{"Content-Type", "application/x-www-form-urlencoded"}},
            form});
  ASSERT_TRUE(token.contains("access_token")) << token.dump();
  const net::HttpRequest list{
      "GET",
      Url("referrals") + "/v1.0/engagements/referrals",
      {{"Authorization", "Bearer " + token["access_token"].get<std::string>()}},
      ""};
  EXPECT_EQ(Send(list)["value"].size(), 100u);

  Control("POST", "/faults", {{"service", "referrals"}, {"kind", "drop_after"}, {"times", 0}});
  const auto dropped = transport->Send(list);
  ASSERT_FALSE(dropped.ok());
  EXPECT_EQ(dropped.error().kind, ErrorKind::unknown_outcome);
  Control("DELETE", "/faults");
  Control("POST", "/faults", {{"service", "referrals"}, {"kind", "truncate"}});
  EXPECT_FALSE(transport->Send(list).ok());

  const auto certificate = transport->Send(
      {"GET", Url("certificates") + "/cert/pcnotifications-dispatch.microsoft.com.cer", {}, ""});
  ASSERT_TRUE(certificate.ok());
  EXPECT_TRUE(certificate->body.starts_with("-----BEGIN CERTIFICATE-----"));
  net::HttpsOptions options;
  const auto plain = net::MakeHttpsTransport(options, true);
  const auto issuer = plain->Send({"GET", Url("aia") + "/cert/intermediate.crt", {}, ""});
  ASSERT_TRUE(issuer.ok());
  EXPECT_EQ(issuer->status, 200);

  const std::string before = Control("GET", "/clock")["now"];
  const std::string after = Control("POST", "/clock", {{"advance_s", 86'400}})["now"];
  EXPECT_GT(after, before);
}

TEST_F(ProgramTest, WritesAConfigurationWithEveryFileItNames) {
  const Json configuration = Json::parse(ReadFile(sandbox["configuration_file"]));
  const Json& server = configuration["server"];
  EXPECT_EQ(server["public_url"], sandbox["urls"]["cosell_sync"]);
  const Json& connection = configuration["connections"][0];
  EXPECT_EQ(connection["name"], "contoso");
  std::vector<std::string> files = {server["tls"]["certificate_file"],
                                    server["tls"]["private_key_file"],
                                    configuration["tls"]["ca_files"][0],
                                    connection["partner_center"]["webhook"]["ca_files"][0],
                                    connection["partner_center"]["auth"]["refresh_token"]["file"],
                                    connection["crm"]["auth"]["client_secret"]["file"],
                                    connection["crm"]["push"]["key"]["file"]};
  for (const std::string& file : files) EXPECT_FALSE(ReadFile(folder / file).empty()) << file;
}

}  // namespace
}  // namespace cosell::sandbox
