#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "mapping/normalize.h"
#include "plan/field_rule.h"
#include "truth_table/pair.h"

// Properties of the whole plan over generated pairs. A failure prints the seed;
// RC_PARAMS="seed=..." in the environment replays it.
namespace cosell::truth {
namespace {

// Our own id, the accept, fields, the name in a call of its own, consent, help and the close: seven
// steps at most, and then one plan without any.
constexpr int kStepsMax = 7;

const std::map<std::string, std::vector<Value>> kDomain = {
    {"name", {"Yard plan", "Gate", "Dock"}},
    {"deal_value", {Value(), "84500", "91000.5"}},
    {"currency", {"EUR", "USD"}},
    {"closing_date", {Value(), "2026-09-30", "2026-12-15"}},
    {"notes", {Value(), "Two yards.", "Four yards.", "Five yards."}},
    {"visibility", {Value(), "true", "false"}},
    {"help", {Value(), "QuotesOrLicensing", "GeneralOrOther"}},
    {"solutions", {Value(), "sol-1", "sol-2", "sol-1\nsol-2", "sol-2\nsol-3"}},
    {"microsoft_crm_id", {Value(), "7-ABC"}},
    {"referral_program", {Value(), "CoSell"}}};

const std::vector<Value> kReferralStates = {"new",  "active",   "active",  "active", "won",
                                            "lost", "declined", "expired", "error"};
const std::vector<Value> kCrmStates = {"new", "active", "active", "active", "won", "lost"};

Value Any(const std::vector<Value>& values) { return *rc::gen::elementOf(values); }
bool Coin() { return *rc::gen::arbitrary<bool>(); }

void Agree(Pair* pair, const std::string& field, const Value& value) {
  pair->AgreedOn(field, value, value);
}

// A field both sides once agreed on, or never met in; then each may have been edited.
void GiveField(Pair* pair, const std::string& field, const std::vector<Value>& values) {
  const Value agreed = Any(values);
  const bool met = Coin() || Coin();
  if (met) Agree(pair, field, agreed);
  pair->PartnerCenterHas(field, Coin() ? Any(values) : agreed);
  pair->CrmHas(field, Coin() ? Any(values) : agreed);
}

void GiveIds(Pair* pair) {
  const std::string link = "https://partner.example/referrals?id=r1";
  pair->PartnerCenterHas("referral_id", "r1");
  pair->PartnerCenterHas("referral_link", link);
  pair->CrmHas("crm_id", "c1");
  if (Coin()) pair->PartnerCenterHas("crm_id", "c1");
  if (Coin()) pair->CrmHas("referral_id", "r1");
  if (Coin()) pair->CrmHas("referral_link", link);
}

void GiveStatus(Pair* pair) {
  if (Coin() || Coin()) Agree(pair, "status", Coin() ? "new" : "active");
  pair->PartnerCenterHas("status", Any(kReferralStates));
  pair->CrmHas("status", Any(kCrmStates));
}

void GivePolicy(Pair* pair) {
  pair->policy.conflict =
      *rc::gen::element(ConflictPolicy::partner_center_wins, ConflictPolicy::crm_wins,
                        ConflictPolicy::newest_wins, ConflictPolicy::ask);
  pair->policy.on_reopen = Coin() ? OnReopen::reclose : OnReopen::unlink;
  const Instant noon = *ParseInstant("2026-03-01T12:00:00Z");
  pair->view.partner_center_changed_at = noon;
  if (Coin()) pair->view.crm_changed_at = noon + std::chrono::hours(Coin() ? 1 : -1);
}

Pair AnyPair() {
  Pair pair;
  for (const auto& [field, values] : kDomain) GiveField(&pair, field, values);
  GiveIds(&pair);
  GiveStatus(&pair);
  GivePolicy(&pair);
  pair.view.crm_facts.sync = Coin() || Coin();
  pair.view.connected_referral = !(Coin() || Coin());
  return pair;
}

bool AtRest(const Plan& plan) { return plan.steps.empty(); }

RC_GTEST_PROP(PlanProperties, TheSameViewGivesTheSamePlan, ()) {
  const Pair pair = AnyPair();
  const Pair copy = pair;
  RC_ASSERT(Print(pair.MakePlan()) == Print(copy.MakePlan()));
}

// Invariant I3: each step shrinks the disagreement or parks the field, so plans end; and what a
// plan without steps settles is settled for good.
RC_GTEST_PROP(PlanProperties, CarryingOutPlansComesToRest, ()) {
  Pair pair = AnyPair();
  std::string history = Print(pair);
  for (int steps = 0; steps <= kStepsMax; ++steps) {
    const Plan plan = pair.MakePlan();
    history += Print(plan) + "--\n";
    if (plan.state == LinkState::unlinked) return;
    pair.Do(plan);
    if (!AtRest(plan)) continue;
    const Plan again = pair.MakePlan();
    RC_LOG() << history << Print(again);
    RC_ASSERT(again.steps.empty());
    RC_ASSERT(again.settled.empty());
    return;
  }
  RC_LOG() << history;
  RC_FAIL("still writing after seven steps");
}

// Invariant I4: nothing to do costs nothing.
RC_GTEST_PROP(PlanProperties, AnAgreedPairPlansNothing, ()) {
  Pair pair = AnyPair();
  for (const FieldRule& rule : pair.mapping.fields) {
    const Value value = pair.view.partner_center->values[pair.At(rule.name)];
    const bool differs = rule.type == FieldType::status && value != Value("new") &&
                         value != Value("active") && value != Value("won");
    const Value in_crm = differs ? Value("lost") : value;
    pair.CrmHas(rule.name, in_crm);
    pair.AgreedOn(rule.name, value, in_crm);
  }
  const Plan plan = pair.MakePlan();
  RC_LOG() << Print(pair) << Print(plan);
  RC_ASSERT(plan.steps.empty());
  RC_ASSERT(plan.settled.empty());
  RC_ASSERT(plan.conflicts.empty());
}

// Invariant I7, and the mapping's word: Partner Center is never written in a field kept by it.
RC_GTEST_PROP(PlanProperties, WhatPartnerCenterKeepsIsNeverWrittenThere, ()) {
  Pair pair = AnyPair();
  for (FieldRule& rule : pair.mapping.fields) {
    if (rule.direction == Direction::both && Coin())
      rule.direction = rule.on_create = Direction::to_crm;
  }
  RC_LOG() << Print(pair);
  for (const Step& step : pair.MakePlan().steps) {
    if (step.operation != IntentOperation::update_referral &&
        step.operation != IntentOperation::create_connected_referral) {
      continue;
    }
    for (const FieldWrite& write : step.writes) {
      RC_LOG() << pair.mapping.fields[write.field].name << ": " << step.reason << "\n";
      RC_ASSERT(pair.mapping.fields[write.field].ReachesPartnerCenter());
    }
  }
}

// Invariant I6: a switch that is set in Partner Center is not unset by any plan.
RC_GTEST_PROP(PlanProperties, VisibilityIsNeverSentBackwards, ()) {
  Pair pair = AnyPair();
  pair.PartnerCenterHas("visibility", "true");
  const FieldIndex visibility = pair.At("visibility");
  pair.mapping.fields[visibility].direction =
      *rc::gen::element(Direction::both, Direction::to_crm, Direction::to_partner_center);
  RC_LOG() << Print(pair);
  for (const Step& step : pair.MakePlan().steps) {
    if (step.operation != IntentOperation::update_referral) continue;
    for (const FieldWrite& write : step.writes) {
      if (write.field == visibility) RC_ASSERT(write.value == Value("true"));
    }
  }
}

// --- sets ----------------------------------------------------------------------------------------

std::vector<std::string> AnySolutions() {
  return *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("sol-1", "sol-2", "sol-3", "sol-4", "sol-5"));
}

Pair PairWithSolutions(const Value& base, const Value& partner_center, const Value& crm) {
  Pair pair;
  Agree(&pair, "status", "active");
  Agree(&pair, "solutions", base);
  pair.PartnerCenterHas("solutions", partner_center);
  pair.CrmHas("solutions", crm);
  return pair;
}

// Both sides' list after the plans have been carried out.
std::pair<Value, Value> Merged(Pair pair) {
  for (int i = 0; i < kStepsMax; ++i) pair.Do(pair.MakePlan());
  return {pair.view.partner_center->values[pair.At("solutions")],
          pair.view.crm->values[pair.At("solutions")]};
}

RC_GTEST_PROP(SetProperties, MergingDoesNotDependOnWhichSideIsWhich, ()) {
  const Value keep = "sol-0";  // Partner Center takes no empty list
  const auto set = [&] {
    auto members = AnySolutions();
    members.push_back(*keep);
    return MakeSet(std::move(members));
  };
  const Value base = set(), one = set(), other = set();
  RC_LOG() << Print(PairWithSolutions(base, one, other));
  const auto there = Merged(PairWithSolutions(base, one, other));
  const auto back = Merged(PairWithSolutions(base, other, one));
  RC_ASSERT(there.first == there.second);
  RC_ASSERT(there == back);
}

// Invariant I1: where a merge takes two writes, one is refused (412) and the other lands. Planned
// again, no element that somebody added or kept is missing, and none that was removed is back.
RC_GTEST_PROP(SetProperties, AMergeOfWhichOneHalfLandedIsFinished, ()) {
  auto base_members = AnySolutions(), one = AnySolutions(), other = AnySolutions();
  for (auto* members : {&base_members, &one, &other}) members->push_back("sol-0");
  Pair pair = PairWithSolutions(MakeSet(base_members), MakeSet(one), MakeSet(other));
  RC_LOG() << Print(pair);
  const auto whole = Merged(pair);
  const Plan plan = pair.MakePlan();
  if (plan.steps.empty()) return;
  pair.Do(Coin() ? plan.steps.front() : plan.steps.back());
  RC_LOG() << Print(pair);
  const auto halves = Merged(pair);
  RC_ASSERT(halves.first == whole.first);
  RC_ASSERT(halves.second == whole.second);
}

}  // namespace
}  // namespace cosell::truth
