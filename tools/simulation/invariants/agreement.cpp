#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/simulation/invariants/scene.h"

// I3, as far as the end state shows it: what belongs together is paired, both sides of a pair tell
// the same in every field, and nothing of ours is left half done.
namespace cosell::simulation {
namespace {

using Json = nlohmann::json;

struct Pair {
  const Scene& scene;
  int number;
  const Deal& deal;

  Shown Show(Side side, Field field) const { return scene.ledger.Show(side, number, field); }
  Shown agreed(Field field) const {
    const auto at = deal.agreed.find(field);
    return at == deal.agreed.end() ? std::nullopt : at->second;
  }
  bool CrmChangedSinceAgreement(Field field) const {
    return !deal.agreed.contains(field) || !Same(field, Show(Side::crm, field), agreed(field));
  }
  bool referral_closed() const {
    const Shown status = Show(Side::partner_center, Field::status);
    return status == "won" || status == "lost";
  }
  bool crm_closed() const {
    const Shown status = Show(Side::crm, Field::status);
    return status == "won" || status == "lost";
  }
  // It was edited before the service lost the base to compare the edit with.
  bool MetWithoutBase(Field field) const {
    const auto& edits = scene.ledger.edits();
    return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) {
      return edit.deal == number && edit.field == field &&
             edit.databases < scene.ledger.databases();
    });
  }
  // What the side shows was put there by somebody.
  bool WasEntered(Side side, Field field) const {
    const auto& edits = scene.ledger.edits();
    return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) {
      return edit.side == side && edit.deal == number && edit.field == field &&
             Same(field, edit.value, Show(side, field));
    });
  }
};

// Why two different values may stand in one field at rest.
bool MayDiffer(const Pair& pair, Field field) {
  const Shown partner_center = pair.Show(Side::partner_center, field);
  const Shown crm = pair.Show(Side::crm, field);
  if (pair.scene.HasConflict(pair.deal, field)) return true;
  // Shown by Microsoft's own referral of the deal, checked with I1.
  if (field == Field::help) return true;
  // The CRM's own edits stay there while Sync is No, and wait while the referral is not accepted.
  const bool waits =
      !pair.scene.IsFlagged(pair.deal) || pair.Show(Side::partner_center, Field::status) == "new";
  if (waits && (pair.CrmChangedSinceAgreement(field) || pair.MetWithoutBase(field))) return true;
  // Put on hold in the CRM; an accepted referral has no such state.
  if (field == Field::status && partner_center == "active" && crm == "new") return true;
  // Made visible by asking for help, while the CRM record was closed: nobody's edit, and a closed
  // record takes none.
  if (field == Field::visibility && partner_center == "true" && pair.crm_closed() &&
      !pair.WasEntered(Side::partner_center, field) && pair.scene.MicrosoftTakesPart(pair.deal))
    return true;
  // Edited in the CRM after both were closed: a closed referral takes no write (I7).
  if (pair.referral_closed() && pair.WasEntered(Side::crm, field) && field != Field::status)
    return true;
  // Both closed when they were adopted: left as they are.
  if (pair.MetWithoutBase(field) && pair.referral_closed() && pair.crm_closed() &&
      field != Field::status)
    return true;
  // The obsolete Products column is not filled by adoption.
  const bool adopted = pair.scene.ledger.databases() > 0;
  return adopted && field == Field::solutions && !crm;
}

void ComparePair(const Pair& pair, Violations* violations) {
  for (const Field field : kFields) {
    const Shown partner_center = pair.Show(Side::partner_center, field);
    const Shown crm = pair.Show(Side::crm, field);
    if (Same(field, partner_center, crm) || MayDiffer(pair, field)) continue;
    violations->push_back({"I3 disagree", std::string(ToString(field)) + " of deal " +
                                              std::to_string(pair.number + 1) +
                                              ": Partner Center shows " + Print(partner_center) +
                                              ", the CRM " + Print(crm)});
  }
}

void CompareIdentifiers(const Pair& pair, Violations* violations) {
  const Json referral = Json::parse(pair.scene.world.Referral(pair.deal.referral_id));
  const std::string in_crm = pair.scene.desk().Value(pair.deal.crm_id, "referral_id").value_or("");
  const Json& named = referral["externalReferenceId"];
  const bool points_back = named.is_string() && named.get<std::string>() == pair.deal.crm_id;
  const bool crm_may_lack_it = pair.crm_closed();
  if ((in_crm != pair.deal.referral_id && !crm_may_lack_it) ||
      (!points_back && !pair.referral_closed() && pair.scene.IsFlagged(pair.deal)))
    violations->push_back({"I3 disagree", "the sides of deal " + std::to_string(pair.number + 1) +
                                              " do not name each other"});
}

// A flagged, complete, open deal belongs in Partner Center; an open referral belongs in the CRM.
void CheckPairing(const Pair& pair, Violations* violations) {
  const Deal& deal = pair.deal;
  const std::string number = std::to_string(pair.number + 1);
  if (deal.crm_id.empty()) {
    if (!pair.referral_closed())
      violations->push_back(
          {"I1 lost", "the open referral of deal " + number + " has no opportunity in the CRM"});
    return;
  }
  const bool ready = pair.Show(Side::crm, Field::deal_value) &&
                     pair.Show(Side::crm, Field::solutions) &&
                     pair.Show(Side::crm, Field::closing_date) &&
                     pair.Show(Side::crm, Field::status) == "active" &&
                     pair.scene.desk().Value(deal.crm_id, "account") &&
                     pair.scene.desk().Value(deal.crm_id, "contact");
  if (ready && pair.scene.IsFlagged(deal))
    violations->push_back(
        {"I1 lost", "deal " + number + " is flagged and complete, but not shared"});
}

void CheckRest(const Scene& scene, Violations* violations) {
  if (scene.open_intents > 0)
    violations->push_back(
        {"I3 not at rest", std::to_string(scene.open_intents) + " writes are still in doubt"});
  for (const LinkRow& link : scene.evidence.links) {
    if (link.state != "quarantined" && link.state != "pending") continue;
    violations->push_back({"I3 not at rest", "the link " + link.referral_id + " / " + link.crm_id +
                                                 " is " + link.state + ": " + link.reason});
  }
}

}  // namespace

void CheckAgreement(const Scene& scene, Violations* violations) {
  CheckRest(scene, violations);
  for (const auto& [number, deal] : scene.ledger.deals()) {
    if (deal.deleted) continue;
    const Pair pair{scene, number, deal};
    if (deal.referral_id.empty() || deal.crm_id.empty()) {
      CheckPairing(pair, violations);
    } else {
      ComparePair(pair, violations);
      CompareIdentifiers(pair, violations);
    }
  }
}

}  // namespace cosell::simulation
