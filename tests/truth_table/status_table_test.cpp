#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <vector>

#include "truth_table/disagreements.h"
#include "truth_table/status_oracle.h"

namespace cosell::truth {
namespace {

using Kind = StatusDecision::Kind;

std::string_view ToText(Kind kind) {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::settle:
      return "settle";
    case Kind::move_partner_center:
      return "move_partner_center";
    case Kind::move_crm:
      return "move_crm";
    case Kind::conflict:
      return "conflict";
    case Kind::unlink:
      return "unlink";
  }
  return "?";
}
std::string ToText(Kind kind, const std::string& state) {
  return std::string(ToText(kind)) + (state.empty() ? "" : " to " + state);
}
std::string ToText(const Value& state) { return state.value_or("unknown"); }
std::string ToText(const std::optional<Value>& base) { return base ? ToText(*base) : "absent"; }

std::string Describe(const StatusCell& cell) {
  return "base (" + ToText(cell.base_partner_center) + ", " + ToText(cell.base_crm) +
         "), partner_center " + ToText(cell.partner_center) + ", crm " + ToText(cell.crm) +
         (cell.on_reopen == OnReopen::unlink ? ", unlink" : ", reclose");
}

const std::vector<Value> kStates = {"new",      "active",  "won",   "lost",
                                    "declined", "expired", "error", std::nullopt};

std::vector<std::optional<Value>> Bases() {
  std::vector<std::optional<Value>> bases(kStates.begin(), kStates.end());
  bases.emplace_back(std::nullopt);
  return bases;
}

std::vector<StatusCell> AllCells() {
  std::vector<StatusCell> cells;
  const auto bases = Bases();
  for (const OnReopen on_reopen : {OnReopen::reclose, OnReopen::unlink}) {
    for (const Value& partner_center : kStates) {
      for (const Value& crm : kStates) {
        for (const auto& base_partner_center : bases) {
          for (const auto& base_crm : bases) {
            cells.push_back({partner_center, crm, base_partner_center, base_crm, on_reopen});
          }
        }
      }
    }
  }
  return cells;
}

StatusDecision Decide(const StatusCell& cell) {
  StatusDecision decision = DecideStatus(cell.partner_center, cell.crm, cell.base_partner_center,
                                         cell.base_crm, cell.on_reopen);
  const bool base_says_so = cell.base_partner_center && cell.base_crm &&
                            *cell.base_partner_center == cell.partner_center &&
                            *cell.base_crm == cell.crm;
  if (decision.kind == Kind::settle && base_says_so) decision.kind = Kind::nothing;
  return decision;
}

TEST(StatusTableTest, EveryCell) {
  Disagreements found;
  const auto cells = AllCells();
  for (const StatusCell& cell : cells) {
    const StatusExpectation expected = ExpectStatus(cell);
    const StatusDecision got = Decide(cell);
    if (expected.kind == got.kind && expected.state == got.state) continue;
    found.Add(std::string(expected.rule) + ": expected " + ToText(expected.kind, expected.state) +
                  ", got " + ToText(got.kind, got.state) + " by rule '" + got.rule + "'",
              [&] { return Describe(cell); });
  }
  std::cout << "status: " << cells.size() << " cells\n";
  EXPECT_TRUE(found.empty()) << found.Report();
}

// Invariant I7, whatever the oracle says: a referral is only ever sent a legal move.
TEST(StatusTableTest, NoCellMovesAReferralIllegally) {
  Disagreements found;
  int moves = 0;
  for (const StatusCell& cell : AllCells()) {
    const StatusDecision got = Decide(cell);
    if (got.kind != Kind::move_partner_center) continue;
    ++moves;
    if (MayMoveReferral(cell.partner_center.value_or(""), got.state)) continue;
    found.Add("illegal move from " + ToText(cell.partner_center) + " to " + got.state,
              [&] { return Describe(cell); });
  }
  EXPECT_GT(moves, 0);
  EXPECT_TRUE(found.empty()) << found.Report();
}

}  // namespace
}  // namespace cosell::truth
