#include <algorithm>

#include "crm_contract.h"

namespace cosell::test {
namespace {

std::set<CrmId> IdsOf(const Seen& seen) {
  std::set<CrmId> ids;
  for (const auto& [id, record] : seen.records) ids.insert(id);
  return ids;
}

}  // namespace

// --- full reads
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, AnEmptyOrganisationIsReadFully) {
  const Seen everything = ReadEverything();
  EXPECT_TRUE(everything.records.empty());
  EXPECT_TRUE(everything.deleted.empty());
  EXPECT_TRUE(everything.full);
}

TEST_P(CrmContractTest, TheFirstRecordOfAnEmptyOrganisationIsNotMissed) {
  const Seen nothing = ReadEverything();
  const CrmId deal = people().Opens({});
  EXPECT_TRUE(ChangesSince(nothing.cursor).Has(deal));
}

TEST_P(CrmContractTest, AFullReadBringsEveryRecordOnceInPages) {
  const auto deals = OpensSeveral(3 * CrmHarness::kPageSize + 1);
  const Seen everything = ReadEverything();
  EXPECT_EQ(IdsOf(everything), std::set<CrmId>(deals.begin(), deals.end()));
  EXPECT_EQ(everything.delivered.size(), deals.size());
  EXPECT_TRUE(everything.deleted.empty());
  EXPECT_TRUE(everything.full);
  EXPECT_GE(everything.pages, 4u);
  EXPECT_EQ(Of(everything.records.at(deals.back()), "name"), "Pilot 10");
}

TEST_P(CrmContractTest, AFullReadLeavesOutWhatWasDeletedBefore) {
  const auto deals = OpensSeveral(2);
  people().Deletes(deals[0]);
  EXPECT_EQ(IdsOf(ReadEverything()), std::set<CrmId>{deals[1]});
}

TEST_P(CrmContractTest, AnEditDuringAFullReadIsNotLost) {
  const auto deals = OpensSeveral(2 * CrmHarness::kPageSize);
  const CrmChanges first = Page("");
  ASSERT_TRUE(first.full && first.more);
  ASSERT_FALSE(first.records.empty());
  const CrmId delivered = first.records.front().id;
  people().Pass(std::chrono::seconds(2));
  Renames(delivered, "Edited meanwhile");
  const CrmId added = people().Opens({});
  const Seen rest = ChangesSince(first.cursor);
  const Seen after = ChangesSince(rest.cursor);

  const auto newest = [&](const CrmId& id) {
    const Seen& seen = after.Has(id) ? after : rest;
    return seen.Has(id) ? Of(seen.records.at(id), "name") : Json("never seen");
  };
  EXPECT_EQ(newest(delivered), "Edited meanwhile");
  EXPECT_EQ(newest(added), "Cold chain pilot");
  for (const CrmId& deal : deals) {
    const bool before = std::any_of(first.records.begin(), first.records.end(),
                                    [&](const CrmRecord& record) { return record.id == deal; });
    EXPECT_TRUE(before || rest.Has(deal)) << deal.text;
  }
}

TEST_P(CrmContractTest, ADeletionDuringAFullReadIsNotLost) {
  OpensSeveral(2 * CrmHarness::kPageSize);
  const CrmChanges first = Page("");
  ASSERT_FALSE(first.records.empty());
  const CrmId delivered = first.records.front().id;
  people().Pass(std::chrono::seconds(2));
  people().Deletes(delivered);
  const Seen rest = ChangesSince(first.cursor);
  const Seen after = ChangesSince(rest.cursor);
  EXPECT_TRUE(rest.deleted.contains(delivered) || after.deleted.contains(delivered));
}

TEST_P(CrmContractTest, APageMayBeAskedForAgain) {
  OpensSeveral(2 * CrmHarness::kPageSize);
  const CrmChanges first = Page("");
  EXPECT_EQ(IdsOf(ChangesSince(first.cursor)), IdsOf(ChangesSince(first.cursor)));
}

// --- changes after a cursor
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, NothingChangedIsNothingToRead) {
  OpensSeveral(CrmHarness::kPageSize + 1);
  const Seen everything = ReadEverything();
  Seen idle = ChangesSince(everything.cursor);
  for (int poll = 0; poll < 3; ++poll) {
    EXPECT_TRUE(idle.delivered.empty());
    EXPECT_TRUE(idle.deleted.empty());
    EXPECT_FALSE(idle.full);
    people().Pass(std::chrono::seconds(30));
    idle = ChangesSince(idle.cursor);
  }
}

TEST_P(CrmContractTest, ChangesBringOnlyWhatChanged) {
  const auto deals = OpensSeveral(5);
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  Renames(deals[3], "Renamed pilot");
  const CrmId added = people().Opens({});
  const Seen changes = ChangesSince(everything.cursor);
  EXPECT_FALSE(changes.full);
  EXPECT_EQ(IdsOf(changes), (std::set<CrmId>{deals[3], added}));
  EXPECT_TRUE(changes.deleted.empty());
  EXPECT_EQ(Of(changes.records.at(deals[3]), "name"), "Renamed pilot");
  EXPECT_TRUE(ChangesSince(changes.cursor).delivered.empty());
}

TEST_P(CrmContractTest, ACursorThatWasNotPersistedLosesNothing) {
  const auto deals = OpensSeveral(4);
  const std::string persisted = ReadEverything().cursor;
  people().Pass(std::chrono::seconds(5));
  Renames(deals[0], "Renamed pilot");
  people().Deletes(deals[1]);
  // Read twice, each time lost before it was persisted.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Seen lost = ChangesSince(persisted);
    EXPECT_TRUE(lost.Has(deals[0]));
    EXPECT_TRUE(lost.deleted.contains(deals[1]));
    EXPECT_TRUE(ChangesSince(lost.cursor).delivered.empty());
  }
  people().Pass(std::chrono::seconds(5));
  Renames(deals[2], "Renamed too");
  const Seen changes = ChangesSince(persisted);
  EXPECT_TRUE(changes.Has(deals[0]) && changes.Has(deals[2]));
  EXPECT_TRUE(changes.deleted.contains(deals[1]));
}

TEST_P(CrmContractTest, ManyChangesComeInPages) {
  const auto deals = OpensSeveral(3 * CrmHarness::kPageSize);
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  for (const CrmId& deal : deals) Renames(deal, "Renamed");
  const Seen changes = ChangesSince(everything.cursor);
  EXPECT_EQ(IdsOf(changes), std::set<CrmId>(deals.begin(), deals.end()));
  EXPECT_GE(changes.pages, 3u);
}

TEST_P(CrmContractTest, ADeletionIsTold) {
  const auto deals = OpensSeveral(3);
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  people().Deletes(deals[1]);
  const Seen changes = ChangesSince(everything.cursor);
  EXPECT_EQ(changes.deleted, std::set<CrmId>{deals[1]});
  EXPECT_TRUE(changes.records.empty());
  EXPECT_TRUE(ChangesSince(changes.cursor).deleted.empty());
}

TEST_P(CrmContractTest, ADeletedAndUndeletedRecordComesBack) {
  const CrmId deal = people().Opens({});
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  people().Deletes(deal);
  const Seen gone = ChangesSince(everything.cursor);
  ASSERT_TRUE(gone.deleted.contains(deal));
  people().Pass(std::chrono::seconds(5));
  people().Undeletes(deal);
  const Seen back = ChangesSince(gone.cursor);
  EXPECT_TRUE(back.Has(deal));
  EXPECT_FALSE(back.deleted.contains(deal));
  EXPECT_TRUE(Exists(deal));
}

TEST_P(CrmContractTest, DeletedAndUndeletedBetweenTwoPollsIsThere) {
  const CrmId deal = people().Opens({});
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  people().Deletes(deal);
  people().Pass(std::chrono::seconds(5));
  people().Undeletes(deal);
  EXPECT_FALSE(ChangesSince(everything.cursor).deleted.contains(deal));
  EXPECT_TRUE(Exists(deal));
}

TEST_P(CrmContractTest, TwoEditsWithinOneSecondAreBothSeen) {
  const CrmId deal = people().Opens({});
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  Renames(deal, "First edit");
  const Seen first = ChangesSince(everything.cursor);
  Renames(deal, "Second edit");
  const Seen second = ChangesSince(first.cursor);
  ASSERT_TRUE(first.Has(deal));
  ASSERT_TRUE(second.Has(deal));
  EXPECT_EQ(Of(first.records.at(deal), "name"), "First edit");
  EXPECT_EQ(Of(second.records.at(deal), "name"), "Second edit");
  EXPECT_NE(first.records.at(deal).etag, second.records.at(deal).etag);
}

// I4: the engine knows its own writes by their etag.
TEST_P(CrmContractTest, OurOwnWriteComesBackWithTheEtagItGave) {
  const CrmId deal = people().Opens({});
  const Seen everything = ReadEverything();
  people().Pass(std::chrono::seconds(5));
  const CrmRecord written = Written(Rename(ReadOne(deal), "Written by us"));
  const CrmRecord created = Written(BareRecord(kMarker));
  const Seen changes = ChangesSince(everything.cursor);
  ASSERT_TRUE(changes.Has(deal) && changes.Has(created.id));
  EXPECT_EQ(changes.records.at(deal).etag, written.etag);
  EXPECT_EQ(changes.records.at(created.id).etag, created.etag);
}

// --- lost cursors
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, AForgottenCursorIsExpiredAndAFullReadGoesOn) {
  const auto deals = OpensSeveral(CrmHarness::kPageSize + 1);
  const Seen everything = ReadEverything();
  people().ForgetsCursors();
  const auto expired = crm().Changes(kKind, everything.cursor);
  ASSERT_FALSE(expired.ok());
  EXPECT_EQ(ToString(expired.error().kind), ToString(ErrorKind::cursor_expired));
  const Seen again = ReadEverything();
  EXPECT_TRUE(again.full);
  EXPECT_EQ(IdsOf(again), std::set<CrmId>(deals.begin(), deals.end()));
  EXPECT_TRUE(ChangesSince(again.cursor).delivered.empty());
}

TEST_P(CrmContractTest, ATextThatIsNoCursorIsExpired) {
  people().Opens({});
  const auto expired = crm().Changes(kKind, "neither fish nor fowl");
  ASSERT_FALSE(expired.ok());
  EXPECT_EQ(ToString(expired.error().kind), ToString(ErrorKind::cursor_expired));
}

}  // namespace cosell::test
