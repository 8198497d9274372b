#include "plan/status_rule.h"

#include <gtest/gtest.h>

#include "mapping/deal_state.h"

namespace cosell {
namespace {

using Kind = StatusDecision::Kind;

StatusDecision Decide(const char* pc, const char* crm, const char* base_pc, const char* base_crm,
                      OnReopen on_reopen = OnReopen::reclose) {
  const auto base = [](const char* text) {
    return text == nullptr ? std::optional<Value>() : std::optional<Value>(Value(text));
  };
  return DecideStatus(Value(pc), Value(crm), base(base_pc), base(base_crm), on_reopen);
}

TEST(StatusRuleTest, LeavingTheOnHoldStageAccepts) {
  const auto d = Decide("new", "active", "new", "new");
  EXPECT_EQ(d.kind, Kind::move_partner_center);
  EXPECT_EQ(d.state, "active");
}

TEST(StatusRuleTest, WonBeforeItWasAcceptedIsAcceptedFirst) {
  EXPECT_EQ(Decide("new", "won", "new", "new").state, "active");
  EXPECT_EQ(Decide("active", "won", "active", "new").state, "won");
}

TEST(StatusRuleTest, LostBeforeItWasAcceptedIsDeclined) {
  EXPECT_EQ(Decide("new", "lost", "new", "new").state, "declined");
  EXPECT_EQ(Decide("new", "declined", "new", "new").state, "declined");
  EXPECT_EQ(Decide("active", "lost", "active", "active").state, "lost");
}

TEST(StatusRuleTest, AcceptingInPartnerCenterTakesTheCrmOffHold) {
  const auto d = Decide("active", "new", "new", "new");
  EXPECT_EQ(d.kind, Kind::move_crm);
  EXPECT_EQ(d.state, "active");
}

TEST(StatusRuleTest, PuttingAnAcceptedDealOnHoldInTheCrmIsTheSellersOwnBusiness) {
  EXPECT_EQ(Decide("active", "new", "active", "active").kind, Kind::settle);
}

TEST(StatusRuleTest, AdoptingAPairNeverAcceptsAReferral) {
  const auto d = Decide("new", "active", nullptr, nullptr);
  EXPECT_EQ(d.kind, Kind::move_crm);
  EXPECT_EQ(d.state, "new");
}

TEST(StatusRuleTest, EveryWayOfClosingInPartnerCenterClosesTheCrm) {
  for (const char* state : {"won", "lost", "declined", "expired", "error"}) {
    const auto d = Decide(state, "active", "active", "active");
    EXPECT_EQ(d.kind, Kind::move_crm) << state;
    EXPECT_EQ(d.state, state);
  }
}

TEST(StatusRuleTest, AReopenedRecordIsClosedAgainOrLetGo) {
  EXPECT_EQ(Decide("won", "active", "won", "won").kind, Kind::move_crm);
  EXPECT_EQ(Decide("won", "active", "won", "won", OnReopen::unlink).kind, Kind::unlink);
}

TEST(StatusRuleTest, ClosedDifferentlyOnBothSidesIsForAPerson) {
  EXPECT_EQ(Decide("won", "lost", "active", "active").kind, Kind::conflict);
  EXPECT_EQ(Decide("expired", "won", "active", "active").kind, Kind::conflict);
  EXPECT_EQ(Decide("expired", "lost", "active", "active").kind, Kind::settle);
}

// The whole table: whatever the four values are, a referral is only ever moved by a legal move, and
// a closed one never.
TEST(StatusRuleTest, NoCombinationMovesAReferralIllegally) {
  const std::vector<const char*> pc_states = {"new",      "active",  "won",  "lost",
                                              "declined", "expired", "error"};
  const std::vector<const char*> crm_states = {"new", "active", "won", "lost"};
  int moves = 0;
  for (const char* pc : pc_states) {
    for (const char* crm : crm_states) {
      std::vector<const char*> base_pcs = pc_states, base_crms = crm_states;
      base_pcs.push_back(nullptr);
      base_crms.push_back(nullptr);
      for (const char* base_pc : base_pcs) {
        for (const char* base_crm : base_crms) {
          const auto d = Decide(pc, crm, base_pc, base_crm);
          if (d.kind != Kind::move_partner_center) continue;
          ++moves;
          EXPECT_TRUE(IsLegalMove(pc, d.state)) << pc << " -> " << d.state;
        }
      }
    }
  }
  EXPECT_GT(moves, 0);
}

TEST(StatusRuleTest, WhatAPersonLeftApartIsNoConflictUntilASideMoves) {
  const auto decide = [](const char* pc, const char* crm) {
    return DecideStatus(Value(pc), Value(crm), Value("won"), Value("lost"), OnReopen::reclose, true)
        .kind;
  };
  EXPECT_EQ(decide("won", "lost"), Kind::nothing);
  EXPECT_EQ(decide("won", "active"), Kind::move_crm);
}

}  // namespace
}  // namespace cosell
