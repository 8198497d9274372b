#include "support/memory_crm.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

// What the CRM in memory has beyond the port: its switches and its faults. The port's own promises
// are tested by the contract suite.
namespace cosell::test {
namespace {

constexpr auto kKind = RecordKind::opportunity;

CrmWrite Rename(const CrmId& id, const std::string& name) {
  CrmWrite write;
  write.id = id;
  write.attributes = {{"name", "\"" + name + "\""}};
  return write;
}

Instant StampOf(MemoryCrm& crm, const CrmId& id) {
  return crm.Read(kKind, {id}, Crm::Detail::own)->at(0).changed_at;
}

TEST(MemoryCrmTest, StampsHaveWholeSecondsUnlessToldOtherwise) {
  FakeClock clock(FromUnixMs(1'772'355'600'789));
  MemoryCrm coarse(clock);
  MemoryCrm fine(clock, {500, false, {"EUR"}});
  EXPECT_EQ(StampOf(coarse, coarse.Opens({})), FromUnixMs(1'772'355'600'000));
  EXPECT_EQ(StampOf(fine, fine.Opens({})), FromUnixMs(1'772'355'600'789));
}

TEST(MemoryCrmTest, AFailureHitsAsManyCallsAsWasSaid) {
  FakeClock clock;
  MemoryCrm crm(clock);
  const CrmId deal = crm.Opens({{{"name", "Cold chain pilot"}}, {}, {}});
  crm.FailNext(ErrorKind::unavailable, false, 2);
  EXPECT_FALSE(crm.Read(kKind, {deal}, Crm::Detail::own).ok());
  EXPECT_FALSE(crm.Write({Rename(deal, "Lost")}).at(0).record.ok());
  EXPECT_TRUE(crm.Write({Rename(deal, "Kept")}).at(0).record.ok());
  EXPECT_EQ(crm.Count("opportunity", "name", "Lost"), 0u);
  EXPECT_EQ(crm.Count("opportunity", "name", "Kept"), 1u);
}

TEST(MemoryCrmTest, AnUnknownOutcomeMayHaveHappenedOrNot) {
  FakeClock clock;
  MemoryCrm crm(clock);
  const CrmId deal = crm.Opens({{{"name", "Cold chain pilot"}}, {}, {}});
  for (const bool after_effect : {false, true}) {
    crm.FailNext(ErrorKind::unknown_outcome, after_effect);
    const auto result = crm.Write({Rename(deal, "Did it arrive?")}).at(0);
    ASSERT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, ErrorKind::unknown_outcome);
    EXPECT_FALSE(result.performed.at(0).done);
    EXPECT_EQ(crm.Count("opportunity", "name", "Did it arrive?"), after_effect ? 1u : 0u);
  }
}

TEST(MemoryCrmTest, AFailureAfterTheEffectWaitsForAWrite) {
  FakeClock clock;
  MemoryCrm crm(clock);
  const CrmId deal = crm.Opens({{{"name", "Cold chain pilot"}}, {}, {}});
  crm.FailNext(ErrorKind::unknown_outcome, true);
  EXPECT_TRUE(crm.Read(kKind, {deal}, Crm::Detail::own).ok());
  EXPECT_FALSE(crm.Write({Rename(deal, "Renamed")}).at(0).record.ok());
}

TEST(MemoryCrmTest, AClosedDealTakesNoEdits) {
  FakeClock clock;
  MemoryCrm crm(clock);
  const CrmId deal = crm.Opens({{{"name", "Cold chain pilot"}}, {}, {}});
  CrmWrite close;
  close.kind = CrmWrite::Kind::close;
  close.id = deal;
  close.won = true;
  ASSERT_TRUE(crm.Write({close}).at(0).record.ok());
  const auto edit = crm.Write({Rename(deal, "Too late")}).at(0);
  ASSERT_FALSE(edit.record.ok());
  EXPECT_EQ(edit.record.error().kind, ErrorKind::refused);
  close.won = false;
  EXPECT_FALSE(crm.Write({close}).at(0).record.ok());
}

TEST(MemoryCrmTest, APersonsEditMustFitToo) {
  FakeClock clock;
  MemoryCrm crm(clock);
  const CrmId deal = crm.Opens({});
  EXPECT_THROW(crm.Sets(deal, {{"estimatedvalue", "much"}}), std::invalid_argument);
  EXPECT_THROW(crm.Sets(deal, {{"msft_howcanmicrosofthelp", "Somehow"}}), std::invalid_argument);
}

}  // namespace
}  // namespace cosell::test
