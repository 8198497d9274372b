#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "platform/lock.h"
#include "store/store_factory.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"
#include "web/api.h"
#include "web/server.h"

namespace cosell::cli {

using Json = nlohmann::json;

inline bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What a command did, as the caller of the program sees it.
struct Outcome {
  int exit_code = -1;
  std::string output;
  std::string errors;
  Json document() const { return Json::parse(output); }
};

// An operator's desk: a configuration with the connections contoso and fabrikam, its database, and
// sometimes a daemon that holds it and answers what the test told it to.
class Desk : public testing::Test {
 protected:
  Desk() { WriteConfig(9); }

  // --- the database
  Store& store() {
    if (store_) return *store_;
    StoreOptions options;
    options.path = folder_.File("cosell-sync.db");
    options.clock = &clock_;
    store_ = OpenStore(options);
    store_->OpenConnection(contoso_, "live");
    return *store_;
  }
  // A link of contoso; `number` makes the ids.
  std::int64_t Pair(int number, LinkState state) {
    Link link;
    link.referral_id.text = ReferralOf(number);
    link.crm_id.text = CrmOf(number);
    link.state = state;
    link.reason = state == LinkState::quarantined ? "the CRM refused it twice" : "";
    link.attempts = state == LinkState::quarantined ? 2 : 0;
    if (state == LinkState::quarantined) link.not_before = *ParseInstant("2026-03-01T10:00:00Z");
    return store().InsertLink(contoso_, link);
  }
  static std::string ReferralOf(int number) {
    return "11111111-0000-0000-0000-00000000000" + std::to_string(number);
  }
  static std::string CrmOf(int number) {
    return "22222222-0000-0000-0000-00000000000" + std::to_string(number);
  }

  // --- the daemon
  // Holds the database and listens. What it is asked stands in asked(); it answers
  // answers_[command] or failures_[command].
  void StartDaemon() {
    HoldDatabase();
    web::ServerOptions options;
    options.host = "127.0.0.1";
    options.port = 0;
    auto server = web::Server::Start(options, web::ApiRoutes(store(), clock_, Commands()), clock_,
                                     traffic_, log_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    WriteConfig(server_->port());
  }
  // Holds the database and is deaf.
  void HoldDatabase() {
    store();
    auto lock = platform::InstanceLock::Acquire(folder_.File("cosell-sync.db"));
    ASSERT_TRUE(lock) << lock.error().message;
    lock_ = std::move(*lock);
  }
  // "contoso sync {...}", in order.
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::string last_asked() {
    const auto all = asked();
    return all.empty() ? "" : all.back();
  }

  // --- commands
  Outcome Run(const std::function<int(Session&)>& command, bool json = false) {
    std::ostringstream out;
    std::ostringstream err;
    std::streambuf* const kept_out = std::cout.rdbuf(out.rdbuf());
    std::streambuf* const kept_err = std::cerr.rdbuf(err.rdbuf());
    Outcome outcome;
    try {
      Session session({folder_.File("cosell-sync.json"), json});
      outcome.exit_code = command(session);
    } catch (const Failure& failure) {
      outcome.exit_code = failure.exit_code;
      err << failure.message;
    }
    std::cout.rdbuf(kept_out);
    std::cerr.rdbuf(kept_err);
    outcome.output = out.str();
    outcome.errors = err.str();
    return outcome;
  }

  std::string File(const std::string& name) const { return folder_.File(name); }
  std::string ReadFile(const std::string& name) const {
    std::ifstream in(File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  void WriteFile(const std::string& name, const std::string& text) const {
    std::ofstream(File(name), std::ios::binary) << text;
  }

  const ConnectionName contoso_{"contoso"};
  std::map<std::string, std::string> answers_;
  std::map<std::string, Error> failures_;

 private:
  static Json Auth() {
    return {{"authority_url", "https://login.contoso.example"},
            {"tenant_id", "33333333-0000-0000-0000-000000000003"},
            {"grant", "client_credentials"},
            {"client_id", "44444444-0000-0000-0000-000000000004"},
            {"client_secret", {{"env", "COSELL_TEST_SECRET"}}}};
  }
  static Json ConnectionNamed(const std::string& name) {
    return {
        {"name", name},
        {"mode", "live"},
        {"partner_center",
         {{"referrals_url", "https://referrals.contoso.example"},
          {"webhooks_url", "https://webhooks.contoso.example"},
          {"auth", Auth()}}},
        {"crm",
         {{"kind", "dynamics365"}, {"url", "https://" + name + ".crm.example"}, {"auth", Auth()}}}};
  }
  void WriteConfig(int port) const {
    const Json config = {
        {"database", {{"path", "cosell-sync.db"}}},
        {"server", {{"listen", "127.0.0.1:" + std::to_string(port)}}},
        {"connections", {ConnectionNamed("contoso"), ConnectionNamed("fabrikam")}}};
    WriteFile("cosell-sync.json", config.dump());
  }

  Result<std::string> Answer(const ConnectionName& connection, const std::string& command,
                             const std::string& request) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(connection.text + " " + command + (request.empty() ? "" : " " + request));
    if (const auto it = failures_.find(command); it != failures_.end()) return it->second;
    return answers_[command];
  }
  web::ApiCommands Commands() {
    const auto told = [this](const std::string& command) {
      return [this, command](const ConnectionName& name, const std::string& request) {
        return Answer(name, command, request);
      };
    };
    web::ApiCommands commands;
    commands.sync = told("sync");
    commands.plan = [this](const ConnectionName& name) { return Answer(name, "plan", ""); };
    commands.apply = told("apply");
    commands.resolve = told("resolve");
    commands.retry = told("retry");
    commands.redact = told("redact");
    return commands;
  }

  test::TempFolder folder_;
  SystemClock clock_;
  test::RecordingLog log_;
  web::TrafficCounters traffic_;
  std::mutex mutex_;
  std::vector<std::string> asked_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<platform::InstanceLock> lock_;
  std::unique_ptr<web::Server> server_;
};

}  // namespace cosell::cli
