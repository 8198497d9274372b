#include <algorithm>

#include "base/clock.h"
#include "base/guid.h"
#include "base/text.h"
#include "tools/sandbox/seed.h"
#include "tools/sandbox/seed_words.h"

namespace cosell::sandbox {
namespace {

using std::chrono::hours;

// Draws one deal after the other from one stream of chance.
class Planner {
 public:
  Planner(std::uint64_t seed, Instant now) : random_(seed), now_(now) {}

  SeedDeal Pair();
  SeedDeal ReferralOnly();
  SeedDeal OpportunityOnly();

 private:
  SeedDeal Deal();
  void SetPlace(SeedDeal& deal);
  void SetPeople(SeedDeal& deal);
  void SetMoney(SeedDeal& deal);
  void SetNotes(SeedDeal& deal);
  void SetSolutions(SeedDeal& deal);
  void SetTimes(SeedDeal& deal);
  void SetStatus(SeedDeal& deal, const char* status, const char* substatus, SeedCrmState state);
  void AskHelp(SeedDeal& deal);

  std::size_t Below(std::size_t bound) {
    return static_cast<std::size_t>(random_.Below(static_cast<std::uint64_t>(bound)));
  }
  bool OneIn(std::size_t times) { return Below(times) == 0; }
  template <typename List>
  auto Pick(const List& list) {
    return list[Below(list.size())];
  }

  SeededRandom random_;
  Instant now_;
  int number_ = 0;
  SeedPlace place_{};
};

SeedDeal Planner::Deal() {
  SeedDeal deal;
  deal.number = ++number_;
  deal.name = std::string(Pick(kSubjects)) + " " + Pick(kEfforts);
  SetPlace(deal);
  SetPeople(deal);
  SetMoney(deal);
  SetNotes(deal);
  SetSolutions(deal);
  SetTimes(deal);
  return deal;
}

// An account's address depends on its name and place alone, as the CRM keeps one row for both.
void Planner::SetPlace(SeedDeal& deal) {
  place_ = Pick(kPlaces);
  const std::size_t company = Below(kCompanies.size());
  deal.account_name = std::string(kCompanies[company]) + " " + Pick(kCompanyKinds);
  deal.address = {place_.street,      company % 4 == 0 ? "c/o Reception, 2. OG" : "",
                  place_.city,        place_.state,
                  place_.postal_code, place_.country};
}

// Phone numbers end in the deal's number, so that no two people look alike.
void Planner::SetPeople(SeedDeal& deal) {
  const std::string number = std::to_string(1000 + deal.number);
  const std::size_t who = Below(kFirstNames.size());
  deal.contact = SeedPerson{kFirstNames[who], kLastNames[Below(kLastNames.size())],
                            "contact" + number + "@customer" + number + ".example",
                            place_.phone + number, OneIn(3) ? "Head of IT" : ""};
  const std::size_t seller = Below(6);
  deal.owner = SeedPerson{kFirstNames[seller], kLastNames[seller],
                          "seller" + std::to_string(seller + 1) + "@contoso.example",
                          "+49 30 00000" + std::to_string(seller + 1), "Account manager"};
}

void Planner::SetMoney(SeedDeal& deal) {
  deal.currency = place_.currency;
  std::string value = std::to_string(5'000 + Below(900'000));
  if (deal.currency != "JPY" && OneIn(3)) value += OneIn(2) ? ".5" : ".25";
  deal.value = value;
}

void Planner::SetNotes(SeedDeal& deal) {
  deal.notes = Pick(kNotes);
  if (OneIn(9)) deal.notes.clear();
  if (!OneIn(17)) return;
  while (deal.notes.size() < 2'600) deal.notes += std::string(" ") + Pick(kNotes);
}

void Planner::SetSolutions(SeedDeal& deal) {
  const std::size_t first = Below(kSolutions.size());
  const std::size_t count = 1 + Below(3);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& solution = kSolutions[(first + i) % kSolutions.size()];
    deal.solutions.push_back({solution[0], solution[1]});
  }
}

// Instants with 0 to 7 fractional digits.
void Planner::SetTimes(SeedDeal& deal) {
  const Ticks age = std::chrono::duration_cast<Ticks>(hours(24 * (2 + Below(9)) + Below(24)));
  std::int64_t unit = 1;
  for (std::size_t zeros = Below(8); zeros > 0; --zeros) unit *= 10;
  const std::int64_t created = (now_ - age).time_since_epoch().count() / unit * unit;
  const auto later = static_cast<std::int64_t>(Below(24 * 3600)) * 10'000'000;
  const auto fraction = static_cast<std::int64_t>(Below(10'000'000)) / unit * unit;
  deal.created_at = Instant(Ticks(created));
  deal.updated_at = Instant(Ticks(created + later + fraction));
  const Instant closing = now_ + hours(24 * (20 + Below(280)));
  deal.closing_date = FormatInstant(closing).substr(0, 10);
}

void Planner::SetStatus(SeedDeal& deal, const char* status, const char* substatus,
                        SeedCrmState state) {
  deal.status = status;
  deal.substatus = substatus;
  deal.crm_state = state;
}

void Planner::AskHelp(SeedDeal& deal) {
  deal.help_label = Pick(kHelpLabels);
  deal.visible = true;
}

SeedDeal Planner::Pair() {
  SeedDeal deal = Deal();
  deal.referral_id = NewGuid(random_);
  deal.opportunity_id = NewGuid(random_);
  deal.paired = true;
  deal.visible = !OneIn(5);
  const std::size_t fate = Below(100);
  if (fate < 70) {
    SetStatus(deal, "Active", "Accepted", SeedCrmState::in_progress);
    if (OneIn(4)) AskHelp(deal);
    if (!deal.help_label.empty() && OneIn(2))
      deal.microsoft_crm_id = "7-" + std::to_string(100'000 + deal.number);
  } else if (fate < 80) {
    SetStatus(deal, "New", OneIn(2) ? "Pending" : "Received", SeedCrmState::on_hold);
    deal.origin = SeedOrigin::microsoft;
    deal.visible = true;
  } else if (fate < 88) {
    SetStatus(deal, "Closed", "Won", SeedCrmState::won);
  } else if (fate < 96) {
    SetStatus(deal, "Closed", "Lost", SeedCrmState::lost);
  } else {
    SetStatus(deal, "Closed", OneIn(2) ? "Declined" : "Error", SeedCrmState::cancelled);
  }
  return deal;
}

SeedDeal Planner::ReferralOnly() {
  SeedDeal deal = Deal();
  deal.referral_id = NewGuid(random_);
  deal.origin = SeedOrigin::microsoft;
  deal.sync = false;
  if (OneIn(60)) deal.currency = "TRY";  // unknown to the CRM
  const std::size_t fate = Below(100);
  if (fate < 25) {
    SetStatus(deal, "New", OneIn(2) ? "Pending" : "Received", SeedCrmState::on_hold);
    if (OneIn(4)) deal.value.reset();
    if (OneIn(5)) deal.contact.reset();
  } else if (fate < 40) {
    SetStatus(deal, "Active", "Accepted", SeedCrmState::in_progress);
  } else if (fate < 55) {
    SetStatus(deal, "Active", "Accepted", SeedCrmState::in_progress);
    deal.origin = SeedOrigin::own;
    deal.visible = !OneIn(3);
    if (OneIn(2)) AskHelp(deal);
  } else if (fate < 75) {
    deal.origin = OneIn(4) ? SeedOrigin::marketplace_lead : SeedOrigin::lead;
    if (OneIn(3))
      SetStatus(deal, "Active", "Accepted", SeedCrmState::in_progress);
    else if (OneIn(3))
      SetStatus(deal, "Closed", "Declined", SeedCrmState::cancelled);
    else
      SetStatus(deal, "New", "Received", SeedCrmState::on_hold);
  } else {
    static constexpr std::array<const char*, 5> kEnds = {"Won", "Lost", "Declined", "Expired",
                                                         "Error"};
    const char* end = kEnds[Below(kEnds.size())];
    SetStatus(deal, "Closed", end, SeedCrmState::cancelled);
    if (OneIn(2)) deal.origin = SeedOrigin::own;
  }
  return deal;
}

// By turns: ready to be shared, lacking something, or private to the CRM.
SeedDeal Planner::OpportunityOnly() {
  SeedDeal deal = Deal();
  deal.opportunity_id = NewGuid(random_);
  const int turn = deal.number % 8;
  if (turn < 2) return deal;
  if (turn == 2) AskHelp(deal);
  if (turn == 3) {
    deal.account_name += " No. " + std::to_string(deal.number);
    deal.address.country.clear();
  }
  if (turn == 4) deal.solutions.clear();
  if (turn == 5) deal.value.reset();
  if (turn == 6) {
    AskHelp(deal);
    deal.contact.reset();
  }
  if (turn == 7) {
    deal.sync = false;
    deal.visible = false;
  }
  return deal;
}

}  // namespace

std::vector<SeedDeal> PlanSeed(const SeedOptions& options, Instant now) {
  Planner planner(options.seed, now);
  std::vector<SeedDeal> deals;
  for (int i = 0; i < options.pairs; ++i) deals.push_back(planner.Pair());
  for (int i = 0; i < options.referrals_only; ++i) deals.push_back(planner.ReferralOnly());
  for (int i = 0; i < options.opportunities_only; ++i) deals.push_back(planner.OpportunityOnly());
  return deals;
}

}  // namespace cosell::sandbox
