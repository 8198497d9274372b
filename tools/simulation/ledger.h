#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/side.h"
#include "tools/sandbox/world/world.h"
#include "tools/simulation/fields.h"

// What really happened, as somebody who stands beside the people would write it down: never read
// from the service.
namespace cosell::simulation {

enum class Actor { seller, partner, microsoft, rival, time };
std::string_view ToString(Actor actor);

// A change that took effect on one side. A value.
struct Edit {
  int order = 0;  // of real happening, over all deals
  Instant at;
  Actor actor = Actor::seller;
  Side side = Side::crm;
  int deal = 0;
  Field field = Field::notes;
  Shown before;
  Shown value;
  // What both sides showed when they last agreed before this edit, if they ever had.
  bool agreed_known = false;
  Shown agreed;
  // How many databases had been lost or replaced when the service last finished a round before
  // this: until then a new database holds no base to compare an edit with.
  int databases = 0;
};

struct Deal {
  std::string crm_id;
  std::string referral_id;
  std::string name;   // as it was opened; unique in the history
  std::string email;  // of the customer's contact
  bool consent = true;
  bool flagged_ever = false;
  bool deleted = false;
  bool touched_in_partner_center = false;  // by a person, by Microsoft or by time
  std::map<Field, Shown> agreed;
};

class Ledger {
 public:
  Ledger(sandbox::World& world, sandbox::CrmProduct product) : world_(world), product_(product) {}

  std::map<int, Deal>& deals() { return deals_; }
  const std::map<int, Deal>& deals() const { return deals_; }
  const std::vector<Edit>& edits() const { return edits_; }
  int databases() const { return databases_; }

  // Carries out `act`, which changes `field` of the deal on `side`, and writes down what changed.
  template <typename ActOn>
  void Watch(Actor actor, Side side, int deal, Field field, ActOn&& act) {
    Observe();
    const Shown before = Show(side, deal, field);
    act();
    Note(actor, side, deal, field, before);
  }

  // Looks at both sides: who is paired with whom now, what they agree on, which referrals time or
  // Microsoft has closed since.
  void Observe();
  // The database was lost or an older one restored.
  void NoteDatabaseLost() { ++databases_; }
  // The service has finished a round: what it found is its base now.
  void NoteRound() { databases_with_base_ = databases_; }

  Shown Show(Side side, int deal, Field field) const;
  bool HasReferral(int deal) const { return !deals_.at(deal).referral_id.empty(); }
  bool HasOpportunity(int deal) const;

 private:
  void Note(Actor actor, Side side, int deal, Field field, const Shown& before);
  bool NothingChanged();
  void FindCounterparts(Deal* deal) const;
  void NoteExpiry(int number, const Deal& deal);
  const nlohmann::json& ReferralOf(const Deal& deal) const;

  sandbox::World& world_;
  const sandbox::CrmProduct product_;
  std::map<int, Deal> deals_;
  std::map<int, Shown> last_status_;  // of the referral, by deal
  // The newest version of each referral, so that it is parsed but once.
  struct Parsed {
    std::string version;
    nlohmann::json json;
  };
  mutable std::map<std::string, Parsed> parsed_;
  std::size_t crm_changes_ = 0;      // as of the last look
  std::string referrals_looked_at_;  // their versions then
  std::vector<Edit> edits_;
  int databases_ = 0;
  int databases_with_base_ = 0;
};

}  // namespace cosell::simulation
