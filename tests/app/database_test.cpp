// Whether the database is the newest there was.

#include "app/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/store_tools.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"

namespace cosell::app {
namespace {

using Origin = GenerationOrigin;

Generation Life(const std::string& id, std::int64_t marks) {
  Generation generation;
  generation.number = 1;
  generation.id = id;
  generation.marks = marks;
  return generation;
}

TEST(JudgeGenerationTest, EveryCaseOfDecision0012) {
  using Marker = GenerationMarker;
  EXPECT_EQ(JudgeGeneration({}, false, {}, false), Origin::created);
  EXPECT_EQ(JudgeGeneration({}, true, {}, false), Origin::created) << "of an earlier version";
  EXPECT_EQ(JudgeGeneration({}, false, Marker{"a", 3}, false), Origin::lost);
  EXPECT_EQ(JudgeGeneration({}, true, Marker{"a", 3}, false), Origin::older_copy);
  EXPECT_EQ(JudgeGeneration(Life("a", 3), true, {}, false), Origin::moved);
  EXPECT_EQ(JudgeGeneration(Life("a", 3), true, Marker{"a", 3}, true), std::nullopt);
  EXPECT_EQ(JudgeGeneration(Life("a", 4), true, Marker{"a", 3}, true), std::nullopt);
  EXPECT_EQ(JudgeGeneration(Life("a", 2), true, Marker{"a", 3}, true), Origin::older_copy);
  EXPECT_EQ(JudgeGeneration(Life("b", 1), true, Marker{"a", 9}, true), std::nullopt)
      << "restored since, and the marker not yet written";
  EXPECT_EQ(JudgeGeneration(Life("a", 9), true, Marker{"b", 1}, false), Origin::older_copy)
      << "of before a restore";
}

class DatabaseTest : public testing::Test {
 protected:
  std::unique_ptr<Database> Open() {
    Database::Options options;
    options.path = path_;
    options.clock = &clock_;
    options.log = &log_;
    return Database::Open(options);
  }
  // A day of the service.
  std::string RunAndTell() {
    const auto database = Open();
    database->store().OpenConnection(ConnectionName{"contoso"}, "live");
    clock_.Advance(std::chrono::hours(1));
    database->NoteWork();
    return database->store().CurrentGeneration()->origin;
  }
  void CopyTo(const std::string& name) {
    std::filesystem::copy_file(path_, folder_.File(name),
                               std::filesystem::copy_options::overwrite_existing);
  }
  void CopyBack(const std::string& name) {
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::copy_file(folder_.File(name), path_,
                               std::filesystem::copy_options::overwrite_existing);
  }

  test::TempFolder folder_;
  std::string path_ = folder_.File("cosell-sync.db");
  test::FakeClock clock_;
  test::RecordingLog log_;
};

TEST_F(DatabaseTest, StartingAgainIsNothing) {
  for (int start = 0; start < 3; ++start) EXPECT_EQ(RunAndTell(), "created");
  EXPECT_EQ(Open()->notice(), "");
}

TEST_F(DatabaseTest, AnOlderCopyIsRecognisedOnce) {
  RunAndTell();
  CopyTo("older.db");
  RunAndTell();
  CopyBack("older.db");
  EXPECT_NE(Open()->notice().find("older copy"), std::string::npos);
  EXPECT_EQ(Open()->notice(), "");
  EXPECT_EQ(RunAndTell(), "older_copy");
}

// The copy is made while the service runs, and the service is killed: only the work in between
// tells.
TEST_F(DatabaseTest, ACopyMadeWhileItRanIsRecognised) {
  {
    const auto database = Open();
    database->store().OpenConnection(ConnectionName{"contoso"}, "live");
    BackupStore(path_, folder_.File("running.db"));
    clock_.Advance(std::chrono::seconds(6));
    database->NoteWork();
  }
  CopyBack("running.db");
  EXPECT_EQ(RunAndTell(), "older_copy");
}

TEST_F(DatabaseTest, ALostDatabaseIsNotTakenForANewOne) {
  RunAndTell();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  const auto database = Open();
  EXPECT_NE(database->notice().find("gone or empty"), std::string::npos);
  EXPECT_EQ(database->store().CurrentGeneration()->origin, "lost");
  database->store().OpenConnection(ConnectionName{"contoso"}, "live");
  EXPECT_EQ(database->store().FindOpenGap(ConnectionName{"contoso"})->cause, "lost");
}

TEST_F(DatabaseTest, WithoutItsMarkerNobodyCanTell) {
  RunAndTell();
  std::filesystem::remove(path_ + ".generation");
  EXPECT_EQ(RunAndTell(), "moved");
  std::ofstream(path_ + ".generation") << "{\"generation\": 7}";
  EXPECT_EQ(RunAndTell(), "moved");
}

TEST_F(DatabaseTest, AReplacementThatWasInterruptedIsNotTakenForALostDatabase) {
  RunAndTell();
  std::filesystem::rename(path_, RestoringName(path_));
  try {
    Open();
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("cosell-sync restore FILE"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace cosell::app
