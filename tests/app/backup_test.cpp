// Backups, the way back, and which files a schedule may delete.

#include "app/backup.h"

#include <gtest/gtest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/backup_schedule.h"
#include "app/database.h"
#include "store/store_tools.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"

namespace cosell::app {
namespace {

class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    const auto database = Open();
    database->store().OpenConnection(kName, "live");
    AddLink(*database, "referral-1");
  }
  std::unique_ptr<Database> Open() {
    Database::Options options;
    options.path = path_;
    options.clock = &clock_;
    options.log = &log_;
    return Database::Open(options);
  }
  static void AddLink(Database& database, const std::string& referral) {
    Link link;
    link.referral_id.text = referral;
    database.store().InsertLink(kName, link);
  }
  std::size_t Links() { return Open()->store().LinksAfter(kName, 0, 100).size(); }
  std::set<std::string> Files() {
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path()))
      names.insert(file.path().filename().string());
    return names;
  }

  inline static const ConnectionName kName{"contoso"};
  test::TempFolder folder_;
  std::string path_ = folder_.File("cosell-sync.db");
  std::string file_ = folder_.File("backup.db");
  test::FakeClock clock_;
  test::RecordingLog log_;
};

TEST_F(BackupTest, IsMadeBesideAnOpenDatabaseAndHoldsItAll) {
  const auto database = Open();
  const auto made = MakeBackup(path_, file_, false);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->links, 1);
  EXPECT_EQ(made->bytes, std::filesystem::file_size(file_));
  EXPECT_EQ(made->generation, database->store().CurrentGeneration()->id);
  EXPECT_FALSE(VerifyAudit(file_));
}

TEST_F(BackupTest, NeverOverwritesUnasked) {
  std::ofstream(file_) << "mine";
  EXPECT_FALSE(MakeBackup(path_, file_, false));
  EXPECT_EQ(std::filesystem::file_size(file_), 4u);
  EXPECT_TRUE(MakeBackup(path_, file_, true));
  for (const char* suffix : {"", "-wal", ".lock", ".generation"})
    EXPECT_FALSE(MakeBackup(path_, path_ + suffix, true)) << suffix;
}

TEST_F(BackupTest, ADamagedDatabaseGivesNoBackup) {
  {
    SQLite::Database db(path_, SQLite::OPEN_READWRITE);
    db.exec("DROP TRIGGER audit_no_update");
    db.exec("UPDATE audit SET reason = 'another'");
    db.exec("PRAGMA foreign_keys = OFF");
    db.exec("INSERT INTO conflict VALUES (99, 'notes', '', '', '', 0)");
  }
  EXPECT_THROW(MakeBackup(path_, file_, false), std::runtime_error);
  EXPECT_FALSE(Files().contains("backup.db"));
  EXPECT_FALSE(Files().contains("backup.db.partial"));
}

TEST_F(BackupTest, RestoreKeepsWhatWasThereAndBeginsAGeneration) {
  ASSERT_TRUE(MakeBackup(path_, file_, false));
  AddLink(*Open(), "referral-2");
  const auto restored = RestoreBackup(file_, path_, clock_);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(Links(), 1u);
  const auto database = Open();
  EXPECT_EQ(database->notice(), "") << "it is known to be restored, not taken for an older copy";
  EXPECT_EQ(database->store().CurrentGeneration()->origin, "restored");
  EXPECT_EQ(database->store().FindOpenGap(kName)->cause, "restored");
  SQLite::Database aside(restored->aside, SQLite::OPEN_READONLY);
  EXPECT_EQ(aside.execAndGet("SELECT count(*) FROM link").getInt(), 2);
  EXPECT_FALSE(Files().contains("cosell-sync.db.restoring"));
}

TEST_F(BackupTest, TheReplacedDatabaseIsAnOlderCopyFromThenOn) {
  ASSERT_TRUE(MakeBackup(path_, file_, false));
  const auto restored = RestoreBackup(file_, path_, clock_);
  ASSERT_TRUE(restored);
  std::filesystem::copy_file(restored->aside, path_,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_NE(Open()->notice().find("older copy"), std::string::npos);
}

TEST_F(BackupTest, WhatIsNoBackupIsRefusedAndNothingIsTouched) {
  const auto before = Files();
  EXPECT_FALSE(RestoreBackup(folder_.File("absent.db"), path_, clock_));
  EXPECT_FALSE(RestoreBackup(path_, path_, clock_));
  std::ofstream(file_) << std::string(20'000, 'x');
  EXPECT_FALSE(RestoreBackup(file_, path_, clock_));
  std::filesystem::remove(file_);
  EXPECT_EQ(Links(), 1u);
  EXPECT_EQ(Files().size(), before.size());
}

TEST_F(BackupTest, ATamperedBackupIsRefused) {
  AddLink(*Open(), "referral-2");
  {
    const auto database = Open();
    database->store().BeginGeneration(GenerationOrigin::moved, "for an audit entry");
  }
  ASSERT_TRUE(MakeBackup(path_, file_, false));
  SQLite::Database db(file_, SQLite::OPEN_READWRITE);
  db.exec("DROP TRIGGER audit_no_update");
  db.exec("UPDATE audit SET reason = 'another'");
  const auto restored = RestoreBackup(file_, path_, clock_);
  ASSERT_FALSE(restored);
  EXPECT_NE(restored.error().message.find("audit entry 1"), std::string::npos);
  EXPECT_EQ(Links(), 2u);
  EXPECT_FALSE(Files().contains("cosell-sync.db.restoring"));
}

// Killed between putting the database aside and the backup in its place.
TEST_F(BackupTest, AnInterruptedRestoreIsFinishedByTheNextOne) {
  ASSERT_TRUE(MakeBackup(path_, file_, false));
  std::filesystem::copy_file(file_, RestoringName(path_));
  ASSERT_TRUE(MoveDatabaseAside(path_, "replaced", clock_.Now()));
  EXPECT_THROW(Open(), std::runtime_error);
  ASSERT_TRUE(RestoreBackup(file_, path_, clock_));
  EXPECT_EQ(Links(), 1u);
}

// --- the schedule's files

TEST(ScheduledBackupTest, NamesTellTheTimeAndWhoMadeThem) {
  const Instant at = *ParseInstant("2026-11-20T21:01:04Z");
  const std::string database = "/data/cosell-sync.db";
  EXPECT_EQ(ScheduledBackupName(database, at), "cosell-sync-20261120T210104Z.db");
  EXPECT_EQ(ScheduledBackupTime(database, "cosell-sync-20261120T210104Z.db"), at);
  for (const char* name :
       {"cosell-sync-20261120T210104Z.db.bak", "other-20261120T210104Z.db", "cosell-sync.db",
        "cosell-sync-20261320T210104Z.db", "cosell-sync-2026112xT210104Z.db",
        "cosell-sync-before-upgrade.db", "cosell-sync-20261120T210104Z.sql"}) {
    EXPECT_FALSE(ScheduledBackupTime(database, name)) << name;
  }
}

TEST_F(BackupTest, RotationDeletesTheOldestOfItsOwnAndNothingElse) {
  const std::set<std::string> others = {"cosell-sync-before-upgrade.db",
                                        "fabrikam-20200101T000000Z.db",
                                        "cosell-sync-20200101T000000Z.db.partial.mine"};
  for (const std::string& name : others) std::ofstream(folder_.File(name)) << "keep";
  for (const char* name :
       {"cosell-sync-20260101T000000Z.db", "cosell-sync-20260102T000000Z.db",
        "cosell-sync-20260103T000000Z.db", "cosell-sync-20250101T000000Z.db.partial"})
    std::ofstream(folder_.File(name)) << "made by the schedule";
  const auto removed = RotateBackups(folder_.path(), path_, 2);
  ASSERT_TRUE(removed);
  EXPECT_EQ(*removed, 2);
  const auto left = Files();
  for (const std::string& name : others) EXPECT_TRUE(left.contains(name)) << name;
  EXPECT_TRUE(left.contains("cosell-sync-20260102T000000Z.db"));
  EXPECT_TRUE(left.contains("cosell-sync-20260103T000000Z.db"));
  EXPECT_FALSE(left.contains("cosell-sync-20260101T000000Z.db"));
  EXPECT_TRUE(left.contains("cosell-sync.db"));
}

}  // namespace
}  // namespace cosell::app
