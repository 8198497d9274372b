#include "tools/simulation/rest.h"

namespace cosell::simulation {
namespace {

using namespace std::chrono_literals;

// A quarantined link waits at most six hours.
constexpr std::chrono::hours kLongerThanAnyPause{7};
constexpr int kQuietRoundsMax = 30;

bool IsQuiet(Stage& stage, std::chrono::seconds pause) {
  stage.Pass(pause);
  const std::size_t before = stage.CommittedWrites();
  stage.Round(IntakeDepth::poll);
  return stage.CommittedWrites() == before;
}

std::string EndOf(const Scene& scene) {
  std::string text;
  for (const auto& [number, deal] : scene.ledger.deals()) {
    const std::string name = "deal " + std::to_string(number + 1);
    for (const Field field : kFields) {
      text += name + " " + std::string(ToString(field)) + ": " +
              Print(scene.ledger.Show(Side::partner_center, number, field)) + " / " +
              Print(scene.ledger.Show(Side::crm, number, field)) + "\n";
    }
    text += name + " referrals: " + std::to_string(scene.world.OwnReferralsOf(deal.crm_id).size());
    for (const LinkRow& link : scene.evidence.links) {
      if (link.crm_id == deal.crm_id && link.referral_id == deal.referral_id)
        text += ", " + link.state;
    }
    text += "\n";
  }
  return text;
}

// Every deal is a flagged pair with equal values; nothing waits for anybody. Help is shown by
// Microsoft's own referral.
bool AllAgree(Stage& stage) {
  const Ledger& ledger = stage.ledger();
  for (const auto& [number, deal] : ledger.deals()) {
    if (!ledger.HasReferral(number) || !ledger.HasOpportunity(number)) return false;
    if (stage.desk().Value(deal.crm_id, "sync") != "true") return false;
    for (const Field field : kFields) {
      const bool same = Same(field, ledger.Show(Side::partner_center, number, field),
                             ledger.Show(Side::crm, number, field));
      if (!same && field != Field::help) return false;
    }
  }
  return true;
}

}  // namespace

void ComeToRest(Stage& stage) {
  stage.trace().Line("rest");
  stage.CalmDown();
  stage.DeliverAll();
  for (int sweep = 0; sweep < 2; ++sweep) {
    stage.Pass(600s);
    stage.Round(IntakeDepth::sweep);
  }
  for (int round = 0; round < kQuietRoundsMax; ++round) {
    if (IsQuiet(stage, 40s) && IsQuiet(stage, 40s) && IsQuiet(stage, kLongerThanAnyPause) &&
        IsQuiet(stage, 40s))
      return;
  }
  stage.Violate("I3 not at rest", "after " + std::to_string(kQuietRoundsMax) +
                                      " quiet rounds there is still something to write");
}

void Judge(Stage& stage) {
  const Evidence evidence = stage.Look();
  const Scene scene = stage.MakeScene(evidence);
  Outcome& outcome = stage.outcome();
  CheckNothingLost(scene, &outcome.violations);
  CheckNothingDoubled(scene, &outcome.violations);
  CheckAgreement(scene, &outcome.violations);
  CheckAudit(scene, &outcome.violations);
  CheckGate(scene, &outcome.violations);
  CheckLegality(scene, &outcome.violations);
  outcome.reasons = Reasons(evidence);
  outcome.end = EndOf(scene);
}

void CheckNoEcho(Stage& stage) {
  const std::size_t before = stage.CommittedWrites();
  stage.DeliverAll();
  for (int poll = 0; poll < 2; ++poll) {
    stage.Pass(31s);
    stage.Round(IntakeDepth::poll);
  }
  if (stage.CommittedWrites() != before)
    stage.Violate("I4 echo", "the echoes of our own writes, or two polls at rest, wrote something");
}

void CheckRebuild(Stage& stage) {
  const bool nothing_to_write = stage.outcome().violations.empty() && AllAgree(stage);
  const std::size_t before = stage.CommittedWrites();
  stage.LoseDatabase();
  for (int round = 0; round < 3; ++round) {
    stage.Round(IntakeDepth::sweep);
    stage.Pass(40s);
  }
  if (nothing_to_write && stage.CommittedWrites() != before)
    stage.Violate("I10 rebuild", "both sides agreed, and yet the rebuild wrote something");
}

}  // namespace cosell::simulation
