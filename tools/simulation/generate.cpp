#include "tools/simulation/generate.h"

#include <map>
#include <utility>
#include <vector>

#include "tools/simulation/chance.h"
#include "tools/simulation/generate_troubles.h"

namespace cosell::simulation {
namespace {

constexpr int kDay = 86'400;

// Whether the act does anything in that product.
bool IsKnownTo(sandbox::CrmProduct product, Act act) {
  const bool of_salesforce =
      act == Act::seller_undeletes || act == Act::crm_commits_late || act == Act::crm_locks_rows;
  return product == sandbox::CrmProduct::salesforce || !of_salesforce;
}

class Author {
 public:
  Author(std::uint64_t seed, sandbox::CrmProduct product) : chance_(seed) {
    script_.seed = seed;
    script_.product = product;
  }

  Script Write() {
    deals_ = Pick<int>({{1, 40}, {2, 35}, {3, 15}, {4, 10}});
    for (int deal = 0; deal < deals_; ++deal) {
      if (deal == 0 || Percent(75)) Opening(deal);
    }
    if (Percent(70)) Prelude();
    const int steps = 5 + Below(21);
    while (static_cast<int>(script_.steps.size()) < steps) Next();
    Add(Act::poll);
    for (int deal = 1; deal < deals_; ++deal) {
      if (!opened_.contains(deal)) Opening(deal);
    }
    Number();
    GenerateTroubles(chance_, &script_);
    script_.lost_at_rest = Percent(25);
    script_.arrives_at_rest = Percent(8);
    return std::move(script_);
  }

 private:
  int Below(int bound) { return chance_.Below(bound); }
  bool Percent(int percent) { return chance_.Percent(percent); }
  template <typename T>
  T Pick(std::initializer_list<Weighted<T>> choices) {
    return chance_.Pick(choices);
  }
  // An act the product knows.
  Act PickAct(std::initializer_list<Weighted<Act>> choices) {
    std::vector<Weighted<Act>> known;
    for (const auto& choice : choices) {
      if (IsKnownTo(script_.product, choice.first)) known.push_back(choice);
    }
    return chance_.Pick(std::span<const Weighted<Act>>(known));
  }

  Step& Add(Act act, int deal = 0, int amount = 0) {
    Step step;
    step.act = act;
    step.deal = deal;
    step.amount = amount;
    script_.steps.push_back(std::move(step));
    return script_.steps.back();
  }

  void Opening(int deal) {
    opened_[deal] = true;
    if (Percent(50)) {
      Add(Act::microsoft_sends, deal,
          (Percent(30) ? kAsksHelp : 0) + (Percent(15) ? kNoConsent : 0));
      return;
    }
    const int flagged = Percent(75) ? kFlagged : 0;
    Add(Act::seller_opens, deal,
        flagged + (Percent(15) ? kOnHold : 0) + (Percent(30) ? kAsksHelp : 0) +
            (Percent(10) ? kLacksSolution : 0));
  }

  // Most histories start from deals that are in step.
  void Prelude() {
    Add(Act::sweep);
    for (int deal = 0; deal < deals_; ++deal) {
      if (!opened_.contains(deal) || Percent(25)) continue;
      Add(Percent(60) ? Act::partner_accepts : Act::seller_takes_up, deal);
    }
    Add(Act::poll);
  }

  void Next() {
    const int deal = Below(deals_);
    if (!opened_.contains(deal)) return Opening(deal);
    switch (Pick<int>({{0, 30}, {1, 14}, {2, 26}, {3, 14}, {4, 10}, {5, 8}, {6, 6}, {7, 3}})) {
      case 0:
        return Edit(deal, Percent(50) ? Act::seller_edits : Act::partner_edits);
      case 1:
        return EditBoth(deal);
      case 2:
        return Round();
      case 3:
        return Move(deal);
      case 4:
        Add(Act::time_passes, 0,
            Pick<int>({{1, 3}, {3, 3}, {30, 4}, {301, 2}, {4000, 2}, {90'000, 1}}));
        return;
      case 5:
        return ChangeWorld();
      case 6:
        return Handle();
      default:
        Edit(deal, Act::rival_rewrites);
        script_.steps.back().amount = 1 + Below(3);
    }
  }

  std::string NewValue(int deal, Field field) {
    const std::string number = std::to_string(++values_);
    switch (field) {
      case Field::name:
        return "Deal " + std::to_string(deal + 1) + " v" + number;
      case Field::deal_value:
        return std::to_string(1000 * values_) + (Percent(20) ? ".5" : "");
      case Field::currency:
        return Percent(50) ? "USD" : "EUR";
      case Field::closing_date:
        return "2027-0" + std::to_string(1 + values_ % 9) + "-1" + std::to_string(values_ % 10);
      case Field::solutions:
        return Pick<const char*>({{"SOL-90210-CTS", 2},
                                  {"SOL-90210-CTS,SOL-90210-QWK", 3},
                                  {"SOL-77001-ABC,SOL-90210-QWK", 2},
                                  {"SOL-77001-ABC,SOL-90210-CTS,SOL-90210-QWK", 1}});
      case Field::visibility:
        return Percent(70) ? "true" : "false";
      case Field::help:
        return Percent(70) ? "General Or Other" : "";
      default:
        return "Note v" + number;
    }
  }

  // Now and then an old value again, or none.
  std::string Value(int deal, Field field) {
    const bool may_be_empty = field == Field::notes || field == Field::deal_value;
    if (may_be_empty && Percent(6)) return "";
    auto& old = used_[{deal, field}];
    if (!old.empty() && Percent(15))
      return old[static_cast<std::size_t>(Below(static_cast<int>(old.size())))];
    old.push_back(NewValue(deal, field));
    return old.back();
  }

  Field AnyField(Act act) {
    const bool in_crm = act != Act::partner_edits;
    return Pick<Field>({{Field::notes, 26},
                        {Field::deal_value, 22},
                        {Field::name, 14},
                        {Field::closing_date, 14},
                        {Field::solutions, 12},
                        {Field::visibility, 4},
                        {in_crm ? Field::help : Field::currency, 6}});
  }

  void Edit(int deal, Act act) {
    const Field field = AnyField(act);
    Step& step = Add(act, deal);
    step.field = field;
    step.value = Value(deal, field);
    MaybeDuring(&step);
  }

  // One field on both sides, close together: sometimes to the same value.
  void EditBoth(int deal) {
    const bool crm_first = Percent(50);
    const bool same_second = Percent(25);
    if (same_second) Add(Act::second_strikes);
    Edit(deal, crm_first ? Act::seller_edits : Act::partner_edits);
    const Step first = script_.steps.back();
    if (first.during > 0 || first.field == Field::help || first.field == Field::currency) return;
    if (!same_second && Percent(50)) Add(Act::time_passes, 0, Pick<int>({{1, 2}, {3, 2}, {30, 2}}));
    Step& second = Add(crm_first ? Act::partner_edits : Act::seller_edits, deal);
    second.field = first.field;
    second.value = Percent(20) ? first.value : Value(deal, first.field);
    if (Percent(60)) Round();
  }

  void MaybeDuring(Step* step) {
    if (!Percent(15) || step->act == Act::rival_rewrites) return;
    step->during = 1 + Below(6);
    Round();
  }

  void Round() {
    if (Percent(20)) Add(Act::deliver);
    Add(Pick<Act>({{Act::poll, 60}, {Act::sweep, 20}, {Act::events, 20}}));
  }

  void Move(int deal) {
    const Act act = Pick<Act>({{Act::partner_accepts, 20},
                               {Act::seller_takes_up, 16},
                               {Act::seller_wins, 8},
                               {Act::seller_loses, 8},
                               {Act::partner_wins, 7},
                               {Act::partner_loses, 7},
                               {Act::partner_declines, 6},
                               {Act::seller_holds, 8},
                               {Act::seller_flags, 12},
                               {Act::seller_unflags, 6},
                               {Act::microsoft_accepts, 6},
                               {Act::microsoft_declines, 3},
                               {Act::referral_expires, 3},
                               {Act::seller_deletes, 3},
                               {Act::seller_deletes_customer, 1},
                               {Act::seller_merges_customers, 3}});
    Step& step = Add(act, deal);
    if (act == Act::seller_merges_customers) step.amount = Below(deals_);
    const bool deletes = act == Act::seller_deletes || act == Act::seller_deletes_customer;
    if (deletes && Percent(50)) return Regret(deal);
    MaybeDuring(&step);
  }

  // What was deleted comes back, where the CRM knows a way.
  void Regret(int deal) {
    if (!IsKnownTo(script_.product, Act::seller_undeletes)) return;
    if (Percent(70)) Round();
    if (Percent(40)) Edit(deal, Act::partner_edits);
    if (Percent(30)) Round();
    Add(Act::seller_undeletes, deal);
  }

  void ChangeWorld() {
    const Act act = PickAct({{Act::our_clock_is_off, 3},
                             {Act::crm_clock_is_off, 3},
                             {Act::partner_clock_is_off, 3},
                             {Act::reads_lag, 4},
                             {Act::pages_shift, 2},
                             {Act::webhooks_get_lost, 2},
                             {Act::webhooks_double, 2},
                             {Act::webhooks_late, 2},
                             {Act::webhooks_shuffle, 2},
                             {Act::pushes_get_lost, 2},
                             {Act::pushes_double, 1},
                             {Act::pushes_late, 2},
                             {Act::pushes_shuffle, 1},
                             {Act::crm_commits_late, 3},
                             {Act::crm_locks_rows, 2},
                             {Act::crm_forgets_changes, 3}});
    Add(act, 0, AmountOf(act));
  }

  int AmountOf(Act act) {
    switch (act) {
      case Act::our_clock_is_off:
      case Act::crm_clock_is_off:
      case Act::partner_clock_is_off:
        return Pick<int>(
            {{0, 2}, {1, 1}, {-1, 1}, {2, 1}, {-2, 1}, {90, 2}, {-90, 2}, {kDay, 2}, {-kDay, 2}});
      case Act::reads_lag:
        return Pick<int>({{0, 1}, {2, 2}, {10, 3}, {20, 2}});
      case Act::pages_shift:
        return Pick<int>({{0, 1}, {1, 3}, {2, 2}});
      case Act::pushes_get_lost:
      case Act::pushes_double:
      case Act::pushes_shuffle:
        return Pick<int>({{0, 1}, {1, 2}});
      case Act::crm_commits_late:
        return Pick<int>({{0, 1}, {2, 3}, {40, 3}, {200, 1}});
      case Act::crm_locks_rows:
        return Pick<int>({{1, 3}, {3, 2}, {8, 1}});
      case Act::pushes_late:
      case Act::webhooks_late:
      case Act::webhooks_shuffle:
        return Pick<int>({{5, 3}, {600, 2}, {259'200, 1}});
      default:
        return Pick<int>({{0, 1}, {30, 2}, {100, 2}});
    }
  }

  // What operators do to the service.
  void Handle() {
    Add(Pick<Act>({{Act::restart, 50},
                   {Act::lose_database, 16},
                   {Act::back_up, 20},
                   {Act::restore_backup, 14}}));
  }

  void Number() {
    int number = 0;
    for (Step& step : script_.steps) step.number = ++number;
  }

  Chance chance_;
  Script script_;
  int deals_ = 1;
  int values_ = 0;
  std::map<int, bool> opened_;
  std::map<std::pair<int, Field>, std::vector<std::string>> used_;
};

}  // namespace

Script Generate(std::uint64_t seed, sandbox::CrmProduct product) {
  return Author(seed, product).Write();
}

}  // namespace cosell::simulation
