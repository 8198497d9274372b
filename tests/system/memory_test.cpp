// Backup, restore and rebuild with the programs themselves: beside a working daemon, after kill -9,
// and with files that are gone, damaged or older than they were.

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class MemoryTest : public testing::Test {
 protected:
  MemoryTest()
      : here_({{"--empty"}, [](Json& configuration) {
                 configuration["connections"][0]["schedule"] = {{"poll_interval_s", 1},
                                                                {"sweep_interval_s", 0}};
               }}) {
    remote().Switch({{"microsoft_decision", "none"}});
  }
  RemoteSides& remote() { return here_.remote(); }
  const std::string& database() const { return here_.database().file(); }

  void MicrosoftSends(int count) {
    for (int i = 0; i < count; ++i)
      referrals_.push_back(
          remote().MicrosoftSends("Telemetry, site " + std::to_string(referrals_.size())));
  }
  bool AllArrived() {
    return std::all_of(referrals_.begin(), referrals_.end(), [&](const std::string& id) {
      return here_.database().LinkState(id) == "in_sync";
    });
  }
  // Nothing is there twice, and there is nothing left to do.
  void ExpectEachOnceAndAtRest() {
    ASSERT_TRUE(here_.ComesToRest());
    EXPECT_EQ(remote().Rows("opportunities").size(), referrals_.size());
    for (const std::string& id : referrals_) EXPECT_FALSE(remote().OpportunityOf(id).empty());
    const int writes = remote().Writes();
    EXPECT_EQ(here_.CommandJson({"sync"})[0]["written"], 0);
    EXPECT_EQ(remote().Writes(), writes);
  }
  std::vector<std::string> Origins() {
    std::vector<std::string> origins;
    for (const auto& row : here_.database().Rows("SELECT origin FROM generations ORDER BY number"))
      origins.push_back(row.at(0));
    return origins;
  }
  std::string AuditProblem() {
    return RunCommand({"sqlite3", "-readonly", database(),
                       ".read " COSELL_SOURCE_DIR "/schema/verify_audit.sql"})
        .output;
  }
  void DestroyInTheMiddle() {
    const auto size = std::filesystem::file_size(database());
    std::fstream file(database(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(size / 2 / 16'384 * 16'384));
    file << std::string(3 * 16'384, '\xA5');
  }
  bool IsThere(const std::string& beginning) {
    const auto files = std::filesystem::directory_iterator(here_.File(""));
    return std::any_of(begin(files), end(files), [&](const auto& file) {
      return file.path().filename().string().starts_with(beginning);
    });
  }

  Installation here_;
  std::vector<std::string> referrals_;
};

TEST_F(MemoryTest, ABackupUnderLoadIsRestoredAfterAKill) {
  const std::string backup = here_.File("backup.db");
  here_.StartDaemon();
  MicrosoftSends(5);
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "the first deals arrive"));
  MicrosoftSends(5);  // the daemon is at work while the copy is made
  const Json made = here_.CommandJson({"backup", backup});
  EXPECT_GE(made["links"], 5);
  EXPECT_EQ(here_.Command({"backup", backup}).exit_code, 2) << "never overwrites unasked";
  EXPECT_EQ(here_.Command({"backup", backup, "--overwrite"}).exit_code, 0);
  const CommandResult refused = here_.Command({"restore", backup});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_TRUE(Says(refused.errors, "stop it")) << refused.errors;

  MicrosoftSends(5);
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "all deals arrive"));
  here_.KillDaemon();
  const Json restored = here_.CommandJson({"restore", backup});
  EXPECT_TRUE(std::filesystem::exists(restored["aside"].get<std::string>()));
  EXPECT_EQ(Origins(), (std::vector<std::string>{"created", "restored"}));
  here_.StartDaemon();
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "what came after the backup is found"));
  ExpectEachOnceAndAtRest();
  ASSERT_TRUE(WaitUntil([&] { return Says(here_.Log(), "gap certificate"); },
                        "the time between is accounted for"));
  EXPECT_EQ(here_.database().Value("SELECT cause FROM gap_certificates"), "restored");
  EXPECT_EQ(AuditProblem(), "");
  EXPECT_TRUE(here_.LogIsClean());
}

TEST_F(MemoryTest, AKillDuringTheRestoreIsMendedByTheNextOne) {
  const std::string backup = here_.File("backup.db");
  MicrosoftSends(3);
  ASSERT_TRUE(here_.ComesToRest());
  ASSERT_EQ(here_.Command({"backup", backup}).exit_code, 0);
  for (int attempt = 0; attempt < 12; ++attempt) {
    ChildProcess restore(
        {BuiltProgram("cosell-sync"), "--config", here_.configuration_file(), "restore", backup},
        here_.File("restore.out"), here_.File("restore.err"));
    remote().LetTimePass(std::chrono::milliseconds(15 * attempt));
    restore.Kill();
  }
  EXPECT_EQ(here_.Command({"restore", backup}).exit_code, 0);
  ExpectEachOnceAndAtRest();
  EXPECT_FALSE(IsThere("cosell-sync.db.restoring"));
}

TEST_F(MemoryTest, AnOlderCopyPutBackByHandIsRecognised) {
  here_.StartDaemon();
  MicrosoftSends(3);
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "the first deals arrive"));
  here_.StopDaemon();
  std::filesystem::copy_file(database(), here_.File("older.db"));
  here_.StartDaemon();
  MicrosoftSends(3);
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "all deals arrive"));
  here_.KillDaemon();
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(database() + suffix);
  std::filesystem::copy_file(here_.File("older.db"), database(),
                             std::filesystem::copy_options::overwrite_existing);
  here_.StartDaemon();
  EXPECT_TRUE(Says(here_.Log(), "is an older copy"));
  ASSERT_TRUE(WaitUntil([&] { return AllArrived(); }, "the service catches up"));
  ExpectEachOnceAndAtRest();
  EXPECT_TRUE(Says(here_.Command({"status"}).output, "is an older copy"));
  EXPECT_EQ(here_.CommandJson({"status"})["database"]["origin"], "older_copy");
}

TEST_F(MemoryTest, ALostDatabaseIsRebuiltWithoutAWrite) {
  MicrosoftSends(4);
  ASSERT_TRUE(here_.ComesToRest());
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(database() + suffix);
  const int writes = remote().Writes();
  const Json rebuilt = here_.CommandJson({"rebuild"});
  EXPECT_EQ(rebuilt["database"]["condition"], "absent");
  EXPECT_EQ(rebuilt["connections"][0]["pairs"]["equal"], 4);
  EXPECT_EQ(rebuilt["connections"][0]["pairs"]["pairs"], 4);
  EXPECT_EQ(rebuilt["connections"][0]["certificate"]["cause"], "rebuilt");
  EXPECT_EQ(remote().Writes(), writes);
  ExpectEachOnceAndAtRest();
  EXPECT_TRUE(Says(here_.Command({"rebuild"}).output, "The database is sound"));
}

TEST_F(MemoryTest, ADamagedDatabaseIsNamedByEveryProgramAndMendedByRebuild) {
  MicrosoftSends(30);
  ASSERT_TRUE(here_.ComesToRest());
  DestroyInTheMiddle();
  const CommandResult backup = here_.Command({"backup", here_.File("backup.db")});
  EXPECT_EQ(backup.exit_code, 4);
  EXPECT_TRUE(Says(backup.errors, "cosell-sync rebuild")) << backup.errors;
  EXPECT_FALSE(std::filesystem::exists(here_.File("backup.db")));

  const int writes = remote().Writes();
  const CommandResult rebuilt = here_.Command({"--json", "rebuild"});
  EXPECT_LE(rebuilt.exit_code, 1) << rebuilt.errors;
  const Json document = Json::parse(rebuilt.output);
  EXPECT_EQ(document["database"]["condition"], "damaged");
  EXPECT_TRUE(std::filesystem::exists(document["database"]["aside"].get<std::string>()));
  EXPECT_EQ(document["connections"][0]["pairs"]["equal"], 30);
  EXPECT_EQ(remote().Writes(), writes);
  EXPECT_EQ(AuditProblem(), "");
  ExpectEachOnceAndAtRest();
}

TEST_F(MemoryTest, TheDaemonSaysThatItsDatabaseIsDamaged) {
  ASSERT_EQ(here_.Command({"migrate"}).exit_code, 0);
  WriteText(database(), std::string(50'000, 'x'));
  const CommandResult daemon = here_.RunDaemon(here_.configuration_file());
  EXPECT_EQ(daemon.exit_code, 4);
  EXPECT_TRUE(Says(daemon.errors, "cosell-sync restore FILE")) << daemon.errors;
  EXPECT_TRUE(Says(daemon.errors, "cosell-sync rebuild")) << daemon.errors;
  EXPECT_EQ(here_.Command({"rebuild"}).exit_code, 1) << "everything in it is lost";
  here_.StartDaemon();
}

TEST_F(MemoryTest, BackupsAreMadeOnScheduleAndAFailureIsTold) {
  const std::string folder = here_.File("backups");
  std::filesystem::create_directory(folder);
  WriteText(folder + "/cosell-sync-before-upgrade.db", "mine");
  here_.Configure([](Json& configuration) {
    configuration["backup"] = {{"folder", "backups"}, {"interval_s", 1}, {"keep_count", 2}};
  });
  here_.StartDaemon();
  const auto made = [&] {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      if (name.ends_with("Z.db")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  ASSERT_TRUE(WaitUntil([&] { return made().size() == 2; }, "two backups are made"));
  const std::string first = made().front();
  ASSERT_TRUE(WaitUntil(
      [&] {
        const auto names = made();
        return names.size() == 2 && names.front() > first;
      },
      "the oldest gives way"));
  EXPECT_EQ(ReadText(folder + "/cosell-sync-before-upgrade.db"), "mine");
  std::filesystem::rename(folder, here_.File("taken-away"));
  ASSERT_TRUE(WaitUntil([&] { return Says(here_.Log(), "the scheduled backup failed"); },
                        "the failure is told"));
  EXPECT_TRUE(here_.LogIsClean());
}

}  // namespace
}  // namespace cosell::system_test
