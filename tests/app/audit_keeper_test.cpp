#include "app/audit_keeper.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/anchors.h"
#include "store/store_factory.h"
#include "support/fake_clock.h"
#include "support/recording_log.h"
#include "support/temp_folder.h"

namespace cosell::app {
namespace {

class AuditKeeperTest : public testing::Test {
 protected:
  AuditKeeperTest() {
    StoreOptions options;
    options.path = folder_.File("cosell-sync.db");
    options.clock = &clock_;
    store_ = OpenStore(options);
    store_->OpenConnection(contoso_, "live");
    config_.anchor_file = folder_.File("anchors.jsonl");
  }
  void Write() {
    Changes changes;
    AuditEntry entry;
    entry.at = clock_.Now();
    entry.record_kind = "referral";
    entry.operation = "update";
    changes.audit = {entry};
    store_->Commit(contoso_, changes);
    clock_.Advance(std::chrono::hours(24));
  }
  AuditKeeper Keeper() { return {config_, folder_.File("cosell-sync.db"), *store_, clock_, log_}; }
  std::size_t Told(const std::string& message) {
    const auto lines = log_.lines();
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [&](const auto& line) { return line.text.starts_with(message); }));
  }
  std::vector<AuditAnchor> Anchors() {
    std::ifstream in(config_.anchor_file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return ParseAnchors(text).value();
  }

  test::TempFolder folder_;
  test::FakeClock clock_;
  test::RecordingLog log_;
  const ConnectionName contoso_{"contoso"};
  AuditConfig config_;
  std::unique_ptr<Store> store_;
};

TEST_F(AuditKeeperTest, AnAnchorIsWrittenWheneverThereIsANewerEntry) {
  AuditKeeper keeper = Keeper();
  keeper.Anchor();
  EXPECT_TRUE(Anchors().empty()) << "there is no entry yet";
  Write();
  keeper.Anchor();
  keeper.Anchor();
  Write();
  keeper.Anchor();
  const auto anchors = Anchors();
  ASSERT_EQ(anchors.size(), 2u);
  EXPECT_EQ(anchors[1].id, 2);
  EXPECT_EQ(StoreInspector(folder_.File("cosell-sync.db")).VerifyAudit(anchors), std::nullopt);
}

TEST_F(AuditKeeperTest, AnAnchorAfterAPowerCutBeginsALineOfItsOwn) {
  Write();
  std::ofstream(config_.anchor_file, std::ios::binary) << R"({"at": "2026-)";
  Keeper().Anchor();
  ASSERT_EQ(Anchors().size(), 1u) << "the half line counts for nothing";
  EXPECT_EQ(Anchors()[0].id, 1);
}

TEST_F(AuditKeeperTest, AFileThatCannotBeWrittenIsToldOnce) {
  config_.anchor_file = folder_.File("absent/anchors.jsonl");
  AuditKeeper keeper = Keeper();
  Write();
  keeper.Anchor();
  keeper.Anchor();
  EXPECT_EQ(Told("an anchor of the audit could not be written"), 1u);
}

TEST_F(AuditKeeperTest, OldEntriesGoAfterTheRetentionTime) {
  for (int day = 0; day < 5; ++day) Write();
  EXPECT_EQ(Keeper().Prune(), 0) << "kept for ever unless a time is set";
  config_.retention = std::chrono::days(3);
  EXPECT_EQ(Keeper().Prune(), 2);
  EXPECT_EQ(StoreInspector(folder_.File("cosell-sync.db")).VerifyAudit(), std::nullopt);
}

TEST_F(AuditKeeperTest, NothingIsRemovedFromAnAuditThatWasChanged) {
  for (int day = 0; day < 5; ++day) Write();
  SQLite::Database(folder_.File("cosell-sync.db"), SQLite::OPEN_READWRITE)
      .exec("DROP TRIGGER audit_no_update; UPDATE audit SET rule = 'x' WHERE id = 1");
  config_.retention = std::chrono::days(3);
  EXPECT_EQ(Keeper().Prune(), 0);
  EXPECT_EQ(Told("the audit was changed, so no old entries are removed"), 1u);
}

TEST(AnchorsTest, ALineThatIsNoneIsNamed) {
  EXPECT_TRUE(ParseAnchors("")->empty());
  const std::string good = AnchorLine({3, "abc", *ParseInstant("2026-03-01T00:00:00Z")});
  EXPECT_EQ(ParseAnchors(good + "\n\n" + good + "\n{\"id\"").value().size(), 2u);
  const auto wrong = ParseAnchors(good + "\nnonsense\n" + good);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace cosell::app
