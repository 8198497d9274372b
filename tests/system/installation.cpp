#include "system/installation.h"

#include <filesystem>
#include <random>
#include <stdexcept>

namespace cosell::system_test {
namespace {

constexpr int kAttempts = 20;

// Ports below those the system hands out by itself, so that nobody takes the daemon's while it is
// down. The sandbox takes ten in a row, the daemon's among them.
int RandomPortBase() {
  static std::mt19937 random{std::random_device{}()};
  return 10'000 + 10 * std::uniform_int_distribution<int>(0, 2'200)(random);
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void CollectEMails(const Json& json, std::vector<std::string>* found) {
  if (json.is_string() && Contains(json.get<std::string>(), "@") &&
      !Contains(json.get<std::string>(), " "))
    found->push_back(json);
  for (const auto& item : json.items())
    if (json.is_structured()) CollectEMails(item.value(), found);
}

}  // namespace

Installation::Installation(const Options& options) : database_(folder_.File("cosell-sync.db")) {
  const std::string ready = File("sandbox.out");
  for (int attempt = 0; attempt < kAttempts && !remote_; ++attempt) {
    WriteText(ready, "");
    std::vector<std::string> command = {BuiltProgram("cosell-sandbox"), "--dir", folder_.path(),
                                        "--port-base", std::to_string(RandomPortBase())};
    command.insert(command.end(), options.sandbox.begin(), options.sandbox.end());
    sandbox_ = std::make_unique<ChildProcess>(command, ready, File("sandbox.err"));
    (void)WaitUntil(
        [&] { return Contains(ReadText(ready), "ready ") || sandbox_->exit_code().has_value(); },
        "the sandbox is ready");
    if (sandbox_->exit_code()) continue;  // a port of the row is taken
    remote_ = std::make_unique<RemoteSides>(Json::parse(ReadText(File("sandbox.json"))));
  }
  if (!remote_)
    throw std::runtime_error("the sandbox does not start: " + ReadText(File("sandbox.err")));
  if (options.configure) Configure(options.configure);
}

Installation::~Installation() = default;

void Installation::Configure(const std::function<void(Json& configuration)>& change) {
  Json configuration = Json::parse(ReadText(configuration_file()));
  change(configuration);
  WriteText(configuration_file(), configuration.dump(2));
}

void Installation::LaunchDaemon() {
  daemon_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{BuiltProgram("cosell-syncd"), "--config=" + configuration_file(),
                               "--log-file=" + File("daemon.log")},
      File("daemon.out"), File("daemon.err"));
}

void Installation::StartDaemon() {
  LaunchDaemon();
  ASSERT_TRUE(WaitUntil([this] { return DaemonIsReady() || daemon_->exit_code().has_value(); },
                        "the daemon is ready"))
      << Log();
  ASSERT_FALSE(daemon_->exit_code()) << "the daemon ended: " << ReadText(File("daemon.err"));
}

void Installation::KillDaemon() { daemon_.reset(); }

void Installation::StopDaemon() {
  daemon_->Terminate();
  EXPECT_EQ(daemon_->WaitForEnd(std::chrono::seconds(10)), 0)
      << "it did not stop within 10 seconds";
  daemon_.reset();
}

bool Installation::DaemonIsReady() { return DaemonAnswers("/readyz", 200); }

bool Installation::DaemonAnswers(const std::string& path, int status) {
  const auto answer = remote_->transport().Send({"GET", remote_->service_url() + path, {}, ""});
  return answer && answer->status == status;
}

testing::AssertionResult Installation::HasLookedAround() const {
  const std::string begun =
      "SELECT count(*) FROM sync_runs WHERE kind = 'start' AND finished_at IS ";
  return WaitUntil([&] { return database_.Count(begun + "NOT NULL") > 0; },
                   "the daemon has looked at both sides");
}

CommandResult Installation::RunDaemon(const std::string& configuration_file) const {
  return RunCommand({BuiltProgram("cosell-syncd"), "--config=" + configuration_file});
}

CommandResult Installation::Command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {BuiltProgram("cosell-sync"), "--config",
                                      configuration_file()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunCommand(command);
}

Json Installation::CommandJson(const std::vector<std::string>& arguments, int exit_code) const {
  std::vector<std::string> command = {"--json"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const CommandResult result = Command(command);
  EXPECT_EQ(result.exit_code, exit_code) << arguments.front() << ": " << result.errors;
  Json document = Json::parse(result.output, nullptr, false);
  EXPECT_FALSE(document.is_discarded())
      << arguments.front() << " did not print one JSON document but: " << result.output;
  return document;
}

testing::AssertionResult Installation::ComesToRest() {
  for (int sweep = 0; sweep < 5; ++sweep) {
    const Json rounds = CommandJson({"sync"});
    if (rounds.is_array() && rounds[0]["outcome"] == "done" && rounds[0]["written"] == 0)
      return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "five sweeps did not bring the two sides to rest";
}

std::vector<std::string> Installation::Secrets() {
  std::vector<std::string> secrets = {remote_->settings()["accounts"]["user_password"]};
  for (const auto& file : std::filesystem::directory_iterator(File("secrets")))
    secrets.push_back(ReadText(file.path().string()));
  return secrets;
}

std::vector<std::string> Installation::EMailAddresses() {
  std::vector<std::string> addresses;
  for (const Json& referral : remote_->Referrals())
    CollectEMails(remote_->Referral(referral["id"]), &addresses);
  for (const char* set : {"contacts", "systemusers"})
    for (const Json& row : remote_->Rows(set)) CollectEMails(row, &addresses);
  return addresses;
}

testing::AssertionResult Installation::LogIsClean() {
  const std::string log = Log() + ReadText(File("daemon.err")) + ReadText(File("daemon.out"));
  if (!Contains(log, "\"ready\"")) return testing::AssertionFailure() << "there is no log";
  for (const std::string& secret : Secrets())
    if (Contains(log, secret)) return testing::AssertionFailure() << "a secret is in the log";
  for (const std::string& address : EMailAddresses())
    if (Contains(log, address)) return testing::AssertionFailure() << address << " is in the log";
  return testing::AssertionSuccess();
}

}  // namespace cosell::system_test
