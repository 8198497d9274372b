#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "support/temp_folder.h"
#include "system/child_process.h"
#include "system/database_view.h"
#include "system/remote_sides.h"
#include "system/waiting.h"

namespace cosell::system_test {

// A machine of a partner: the remote sides (one cosell-sandbox process), a configuration, a
// database, and cosell-syncd and cosell-sync to be run. Everything lives in a folder of its own.
class Installation {
 public:
  struct Options {
    std::vector<std::string> sandbox = {"--empty"};  // arguments
    // Changes the configuration the sandbox wrote, before anything reads it.
    std::function<void(Json& configuration)> configure;
  };
  // Starts the remote sides. Throws std::runtime_error when they do not come up.
  explicit Installation(const Options& options);
  ~Installation();

  RemoteSides& remote() { return *remote_; }
  const DatabaseView& database() const { return database_; }
  std::string File(const std::string& name) const { return folder_.File(name); }
  std::string configuration_file() const { return File("cosell-sync.json"); }
  void Configure(const std::function<void(Json& configuration)>& change);

  // --- the daemon
  void StartDaemon();   // returns when it is ready
  void LaunchDaemon();  // returns at once
  void KillDaemon();    // as kill -9 does
  void StopDaemon();    // as a service manager does; expects exit code 0
  ChildProcess& daemon() { return *daemon_; }
  bool DaemonIsReady();
  bool DaemonAnswers(const std::string& path, int status);
  // Partner Center knows where to send events.
  bool IsRegistered() { return remote_->Overview()["registered_webhook"].is_string(); }
  // The round a daemon begins with is over: from here on, only what is new makes it work.
  testing::AssertionResult HasLookedAround() const;
  std::string Log() const { return ReadText(File("daemon.log")); }
  // A second daemon on the same configuration file or another one, run to its end.
  CommandResult RunDaemon(const std::string& configuration_file) const;

  // --- the command line
  CommandResult Command(const std::vector<std::string>& arguments) const;
  // The same with --json: the one document it printed. Fails the test when it printed anything
  // else.
  Json CommandJson(const std::vector<std::string>& arguments, int exit_code = 0) const;

  // Sweeps until one writes nothing, at most five: the sides have come to rest.
  testing::AssertionResult ComesToRest();

  // What the daemon logged holds no secret and nobody's e-mail address.
  testing::AssertionResult LogIsClean();
  void StopRemoteSides() { sandbox_.reset(); }

 private:
  std::vector<std::string> Secrets();
  std::vector<std::string> EMailAddresses();

  test::TempFolder folder_;
  std::unique_ptr<ChildProcess> sandbox_;
  std::unique_ptr<RemoteSides> remote_;
  DatabaseView database_;
  std::unique_ptr<ChildProcess> daemon_;
};

// A suite whose tests share one installation with a running daemon. `Suite` has
// `static Installation::Options Choice()`.
template <typename Suite>
class SharedInstallation : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Installation>(Suite::Choice());
    shared_->StartDaemon();
  }
  static void TearDownTestSuite() {
    if (shared_) {
      EXPECT_TRUE(shared_->LogIsClean());
    }
    shared_.reset();
  }
  void TearDown() override {
    if (HasFailure()) std::cerr << "The daemon's log ends:\n" << Tail(shared_->Log());
  }

  Installation& here() { return *shared_; }
  RemoteSides& remote() { return shared_->remote(); }
  const DatabaseView& database() const { return shared_->database(); }

  static std::string Tail(const std::string& text) {
    constexpr std::size_t kTail = 4'000;
    return text.size() <= kTail ? text : text.substr(text.size() - kTail);
  }

 private:
  static inline std::unique_ptr<Installation> shared_;
};

}  // namespace cosell::system_test
