#include "web/gate.h"

#include <gtest/gtest.h>

#include "world.h"

namespace cosell::web {
namespace {

constexpr char kHashOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string Problem(const std::string& text) {
  const auto tokens = Tokens::Parse(text);
  return tokens ? "" : tokens.error().message;
}

TEST(TokensTest, TokenOrItsHashGivesTheRole) {
  const auto tokens = Tokens::Parse(std::string(R"(// ours
    [ {"name": "ops", "role": "operator", "token": "operator-token-of-the-tests"},
      {"name": "grafana", "role": "viewer", "token_sha256": ")") +
                                    kHashOfAbc + "\"} ]");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->RoleOf("operator-token-of-the-tests"), Role::operator_);
  EXPECT_EQ(tokens->RoleOf("abc"), Role::viewer);
  EXPECT_EQ(tokens->RoleOf("abd"), Role::none);
  EXPECT_EQ(tokens->RoleOf(""), Role::none);
  EXPECT_EQ(tokens->RoleOf(kHashOfAbc), Role::none);
  EXPECT_EQ(tokens->operator_token(), "operator-token-of-the-tests");
}

TEST(TokensTest, FileOfHashesHasNoTokenForTheCommandLine) {
  const auto tokens =
      Tokens::Parse(std::string(R"([{"name": "ops", "role": "operator", "token_sha256": ")") +
                    kHashOfAbc + "\"}]");
  ASSERT_TRUE(tokens);
  EXPECT_FALSE(tokens->operator_token());
}

TEST(TokensTest, EveryProblemOfTheFileIsNamedWithoutItsTokens) {
  const std::string problem = Problem(R"([
    {"name": "a", "role": "admin", "token": "sesame-sesame-sesame-sesame"},
    {"name": "b", "role": "viewer", "token": "sesame"},
    {"name": "c", "role": "viewer"},
    {"name": "d", "role": "viewer", "token_sha256": "12"},
    {"role": "viewer", "token": "sesame-sesame-sesame-sesame"},
    {"name": "e", "rol": "viewer", "token": "sesame-sesame-sesame-sesame"},
    5 ])");
  for (const char* place : {"[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]"}) {
    EXPECT_NE(problem.find(place), std::string::npos) << place;
  }
  EXPECT_EQ(problem.find("sesame"), std::string::npos) << problem;
}

TEST(TokensTest, WhatIsNoListOfTokensIsRefused) {
  for (const char* text : {"", "{}", "[]", "null", "[", "\xFF"})
    EXPECT_NE(Problem(text), "") << text;
}

InboundHttp From(const std::string& address, net::Headers headers) {
  InboundHttp request;
  request.remote_address = address;
  request.headers = std::move(headers);
  return request;
}

TEST(GateTest, ProgramOnThisMachineIsOperatorWithoutTokens) {
  const Gate gate(std::nullopt);
  for (const char* host : {"127.0.0.1:8080", "localhost:8080", "localhost", "[::1]:8080"}) {
    EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {{"Host", host}})), Role::operator_) << host;
  }
  EXPECT_EQ(gate.RoleOf(From("::1", {{"host", "[::1]"}, {"Origin", "http://localhost:8080"}})),
            Role::operator_);
}

TEST(GateTest, ProxiesAndForeignPagesAreNobodyWithoutTokens) {
  const Gate gate(std::nullopt);
  const std::pair<std::string, std::string> local{"Host", "127.0.0.1:8080"};
  EXPECT_EQ(gate.RoleOf(From("192.0.2.1", {local})), Role::none);
  EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {})), Role::none);
  EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {{"Host", "hooks.contoso.example"}})), Role::none);
  EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {{"Host", "localhost.evil.example"}})), Role::none);
  for (const auto& [name, value] : net::Headers{{"X-Forwarded-For", "192.0.2.1"},
                                                {"Forwarded", "for=192.0.2.1"},
                                                {"Via", "1.1 proxy"},
                                                {"X-Real-IP", "192.0.2.1"},
                                                {"Origin", "https://evil.example"},
                                                {"Origin", "null"},
                                                {"Origin", "http://127.0.0.1.evil.example"},
                                                {"Sec-Fetch-Site", "cross-site"}}) {
    EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {local, {name, value}})), Role::none) << name << value;
  }
}

TEST(GateTest, WithTokensNothingElseCounts) {
  Gate gate(*Tokens::Parse(kTokens));
  const std::pair<std::string, std::string> local{"Host", "127.0.0.1:8080"};
  EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {local})), Role::none);
  EXPECT_EQ(
      gate.RoleOf(From("192.0.2.1", {{"authorization", std::string("bearer ") + kOperatorToken}})),
      Role::operator_);
  EXPECT_EQ(
      gate.RoleOf(From("192.0.2.1", {{"Authorization", std::string("Basic ") + kViewerToken}})),
      Role::none);
  gate.Replace(std::nullopt);
  EXPECT_EQ(gate.RoleOf(From("127.0.0.1", {local})), Role::operator_);
}

TEST(GateTest, RolesDecideThroughTheServer) {
  const Files files;
  ServerOptions options;
  options.tokens_file = files.Write("tokens.json", kTokens);
  World world(options);
  const std::string viewer = std::string("Authorization: Bearer ") + kViewerToken + "\r\n";
  const std::string ops = std::string("Authorization: Bearer ") + kOperatorToken + "\r\n";
  const auto status = [&](const std::string& request) {
    return Client(world.port()).Ask(request).status;
  };
  const Answer unknown = Client(world.port()).Ask(Get("/view"));
  EXPECT_EQ(unknown.status, 401);
  EXPECT_TRUE(unknown.Has("WWW-Authenticate: Bearer realm=\"cosell-sync\""));
  EXPECT_EQ(status(Get("/view", viewer)), 200);
  EXPECT_EQ(status(Get("/view", ops)), 200);
  EXPECT_EQ(status(Post("/operate", "{}", viewer)), 403);
  EXPECT_EQ(status(Post("/operate", "{}", ops)), 200);
  EXPECT_EQ(status(Post("/operate", "{}", "Authorization: Bearer wrong\r\n")), 401);
  EXPECT_EQ(status(Get("/healthz")), 200);
}

TEST(GateTest, ReloadTakesNewTokensAndKeepsTheOldOnesWhenTheFileIsBroken) {
  const Files files;
  ServerOptions options;
  options.tokens_file = files.Write("tokens.json", kTokens);
  World world(options);
  const std::string ops = std::string("Authorization: Bearer ") + kOperatorToken + "\r\n";
  Client client(world.port());
  files.Write("tokens.json", "[");
  const Status broken = world.server().Reload();
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("tokens.json"), std::string::npos);
  EXPECT_EQ(client.Ask(Get("/view", ops)).status, 200);
  files.Write("tokens.json", std::string(R"([{"name": "x", "role": "viewer", "token_sha256": ")") +
                                 kHashOfAbc + "\"}]");
  ASSERT_TRUE(world.server().Reload());
  EXPECT_EQ(client.Ask(Get("/view", ops)).status, 401);
  EXPECT_EQ(client.Ask(Get("/view", "Authorization: Bearer abc\r\n")).status, 200);
}

}  // namespace
}  // namespace cosell::web
