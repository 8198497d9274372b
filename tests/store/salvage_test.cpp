// A database file with pages that can no longer be read.

#include "store/salvage.h"

#include <map>
#include <set>

#include "base/text.h"
#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

constexpr int kLinks = 300;
constexpr int kEntries = 600;

AuditEntry Entry(int number) {
  AuditEntry entry;
  entry.at = At("2026-03-01T09:00:00Z") + std::chrono::seconds(number);
  entry.record_kind = "opportunity";
  entry.record_id = "crm-" + std::to_string(number);
  entry.referral_id = "referral-" + std::to_string(number);
  entry.operation = "update";
  entry.changes = {{"name", "before", "after " + std::to_string(number), "", ""}};
  entry.reason = std::string(300, 'r');
  entry.rule = "partner_center_changed";
  entry.cause = "event";
  entry.run_id = "run-1";
  entry.correlation_id = std::to_string(number);
  return entry;
}

class SalvageTest : public StoreTest {
 protected:
  // Enough of everything to fill several pages each, in a file of its own without a log.
  void Fill() {
    Changes changes;
    for (int i = 1; i <= kLinks; ++i) {
      Link link = Pair("referral-" + std::to_string(i), "crm-" + std::to_string(i));
      link.state = LinkState::in_sync;
      link.base_partner_center = R"({"name":")" + std::string(200, 'b') + R"("})";
      changes.links.push_back(link);
    }
    for (int i = 1; i <= kEntries; ++i) changes.audit.push_back(Entry(i));
    store_->Commit(contoso_, changes);
    Changes more;
    for (int i = 1; i <= kLinks; ++i) {
      more.history.push_back(
          {i, "name", "value " + std::to_string(i), Side::crm, clock_.Now(), "event", ""});
      more.conflicts.push_back({{i, "notes", "", "a", "b", clock_.Now()}, false});
    }
    store_->Commit(contoso_, more);
    Close();
  }
  std::vector<std::int64_t> LeavesOf(const std::string& table) {
    std::vector<std::int64_t> pages;
    for (const std::string& page : Ask("SELECT pageno FROM dbstat WHERE name = '" + table +
                                       "' AND pagetype = 'leaf' ORDER BY path")) {
      pages.push_back(std::stoll(page));
    }
    return pages;
  }
  void Overwrite(std::int64_t offset, const std::string& bytes) {
    std::fstream file(PathOf(path_), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(offset);
    file << bytes;
  }
  void DestroyPage(std::int64_t page) {
    Overwrite((page - 1) * 16'384, std::string(16'384, '\xA5'));
  }
  SalvageReport Salvage() {
    damaged_ = path_;
    const SalvageReport report = SalvageStore(damaged_, folder_.File("fresh.db"), clock_);
    path_ = folder_.File("fresh.db");
    return report;
  }
  static SalvagedTable TableOf(const SalvageReport& report, const std::string& name) {
    for (const SalvagedTable& table : report.tables) {
      if (table.name == name) return table;
    }
    ADD_FAILURE() << "nothing is said of " << name;
    return {};
  }
  void ExpectSound() {
    const StoreExamination examined = ExamineStore(path_);
    EXPECT_EQ(examined.condition, StoreCondition::sound) << examined.problem;
    const auto problem = VerifyAudit(path_);
    EXPECT_FALSE(problem) << problem->entry_id << ": " << problem->what;
  }

  std::string damaged_;
};

TEST_F(SalvageTest, WhatIsThereIsToldApart) {
  Fill();
  EXPECT_EQ(ExamineStore(path_).condition, StoreCondition::sound);
  EXPECT_EQ(ExamineStore(folder_.File("absent.db")).condition, StoreCondition::absent);
  std::ofstream(PathOf(folder_.File("empty.db")));
  EXPECT_EQ(ExamineStore(folder_.File("empty.db")).condition, StoreCondition::empty);
  std::ofstream(PathOf(folder_.File("text.db"))) << std::string(5'000, 'x');
  EXPECT_EQ(ExamineStore(folder_.File("text.db")).condition, StoreCondition::damaged);
  DestroyPage(LeavesOf("audit").at(2));
  EXPECT_EQ(ExamineStore(path_).condition, StoreCondition::damaged);
}

TEST_F(SalvageTest, ADestroyedPageOfTheAuditIsABreakThatIsRecorded) {
  Fill();
  const auto leaves = LeavesOf("audit");
  ASSERT_GT(leaves.size(), 5u);
  DestroyPage(leaves[2]);
  const SalvageReport report = Salvage();
  const SalvagedTable audit = TableOf(report, "audit");
  EXPECT_FALSE(audit.complete);
  EXPECT_GT(audit.rows, kEntries / 2);
  EXPECT_LT(audit.rows, kEntries);
  EXPECT_EQ(audit.rows + audit.lost, kEntries);
  ASSERT_EQ(report.audit_breaks.size(), 1u);
  ExpectSound();
  EXPECT_EQ(Ask("SELECT record_id FROM audit_log WHERE operation = 'break'"), report.audit_breaks);
  EXPECT_EQ(TableOf(report, "link").rows, kLinks);

  // The record of the break is what makes the chain good, for exactly these numbers.
  SQLite::Database db(path_, SQLite::OPEN_READWRITE);
  db.exec("DROP TRIGGER audit_no_delete");
  db.exec("DELETE FROM audit WHERE id = (SELECT min(id) + 5 FROM audit)");
  const auto problem = VerifyAudit(path_);
  ASSERT_TRUE(problem);
  EXPECT_NE(problem->what.find("missing: 6 to 6"), std::string::npos) << problem->what;
}

TEST_F(SalvageTest, ALostEndOfTheAuditIsABreakToo) {
  Fill();
  DestroyPage(LeavesOf("audit").back());
  const SalvageReport report = Salvage();
  ASSERT_EQ(report.audit_breaks.size(), 1u);
  EXPECT_TRUE(report.audit_breaks[0].ends_with("-" + std::to_string(kEntries)))
      << report.audit_breaks[0];
  ExpectSound();
  EXPECT_EQ(Ask("SELECT max(id) FROM audit"),
            std::vector<std::string>{std::to_string(kEntries + 1)});
}

TEST_F(SalvageTest, AnAlteredEntryIsLostRatherThanKept) {
  Fill();
  const std::string file = ReadFile(path_);
  const std::string before_reason = "crm-77referral-77updatename";
  const auto place = file.find(before_reason);
  ASSERT_NE(place, std::string::npos);
  constexpr std::size_t kHashes = 2 * 64;
  Overwrite(static_cast<std::int64_t>(place + before_reason.size() + kHashes), "another reason");
  EXPECT_EQ(ExamineStore(path_).condition, StoreCondition::sound) << "to SQLite it is a text";
  EXPECT_EQ(VerifyAudit(path_)->entry_id, 77);
  const SalvageReport report = Salvage();
  EXPECT_EQ(report.audit_breaks, std::vector<std::string>{"77-77"});
  EXPECT_EQ(TableOf(report, "audit").rows, kEntries - 1);
  ExpectSound();
}

TEST_F(SalvageTest, LinksThatAreLostTakeWhatRefersToThemAlong) {
  Fill();
  const auto leaves = LeavesOf("link");
  ASSERT_GT(leaves.size(), 3u);
  DestroyPage(leaves[1]);
  const SalvageReport report = Salvage();
  const std::int64_t links = TableOf(report, "link").rows;
  EXPECT_LT(links, kLinks);
  EXPECT_GT(links, kLinks / 3);
  EXPECT_EQ(TableOf(report, "conflict").rows, links);
  EXPECT_EQ(TableOf(report, "field_change").rows, links);
  EXPECT_EQ(TableOf(report, "audit").rows, kEntries);
  ExpectSound();
  Open();
  EXPECT_EQ(store_->LinksAfter(contoso_, 0, 1000).size(), static_cast<std::size_t>(links));
}

TEST_F(SalvageTest, HalfAFileGivesWhatItHolds) {
  Fill();
  const auto size = std::filesystem::file_size(PathOf(path_));
  std::filesystem::resize_file(PathOf(path_), size / 2 / 16'384 * 16'384);
  EXPECT_EQ(ExamineStore(path_).condition, StoreCondition::damaged);
  const SalvageReport report = Salvage();
  EXPECT_EQ(TableOf(report, "connection").rows, 1);
  ExpectSound();
}

TEST_F(SalvageTest, OfAFileWithoutItsFirstPageNothingIsSaved) {
  Fill();
  DestroyPage(1);
  const std::string before = ReadFile(path_);
  const SalvageReport report = Salvage();
  EXPECT_TRUE(report.tables.empty());
  EXPECT_EQ(ReadFile(damaged_), before) << "the damaged file is evidence";
  ExpectSound();
  Open();
  EXPECT_TRUE(store_->LinksAfter(contoso_, 0, 10).empty());
}

// Whatever is destroyed, what comes out is sound, its audit verifies, and nothing stands in it that
// was not there.
TEST_F(SalvageTest, RandomDamageGivesASoundDatabaseThatInventsNothing) {
  Fill();
  std::set<std::string> known;
  for (const std::string& entry : Ask("SELECT id || hash FROM audit")) known.insert(entry);
  const std::string whole = ReadFile(path_);
  const std::string original = path_;
  SeededRandom random(7);
  for (int round = 0; round < 15; ++round) {
    path_ = original;
    std::ofstream(PathOf(path_), std::ios::binary) << whole;
    for (int hit = 0; hit < 6; ++hit) {
      const auto at = static_cast<std::int64_t>(16'384 + random.Below(whole.size() - 40'000));
      Overwrite(at, std::string(1 + random.Below(hit % 2 == 0 ? 8 : 20'000), '\x5A'));
    }
    std::filesystem::remove(PathOf(folder_.File("fresh.db")));
    Salvage();
    ExpectSound();
    for (const std::string& entry :
         Ask("SELECT id || hash FROM audit WHERE operation <> 'break'")) {
      EXPECT_TRUE(known.contains(entry)) << "round " << round << ": " << entry;
    }
  }
}

}  // namespace
}  // namespace cosell::store
