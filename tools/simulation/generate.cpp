#include "tools/simulation/generate.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include "base/clock.h"

namespace cosell::simulation {
namespace {

using sandbox::FaultKind;

template <typename T>
using Weighted = std::pair<T, int>;

class Author {
 public:
  // Mixed once, or the numbers of one seed would be those of the next, shifted.
  Author(std::uint64_t seed, sandbox::CrmProduct product) : random_(SeededRandom(seed).Next()) {
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
    Troubles();
    script_.lost_at_rest = Percent(25);
    return std::move(script_);
  }

 private:
  int Below(int bound) {
    return static_cast<int>(random_.Below(static_cast<std::uint64_t>(bound)));
  }
  bool Percent(int percent) { return Below(100) < percent; }

  template <typename T>
  T Pick(std::initializer_list<Weighted<T>> choices) {
    return Pick(std::span<const Weighted<T>>(choices.begin(), choices.size()));
  }
  template <typename T>
  T Pick(std::span<const Weighted<T>> choices) {
    int total = 0;
    for (const auto& choice : choices) total += choice.second;
    int at = Below(total);
    for (const auto& [value, weight] : choices) {
      at -= weight;
      if (at < 0) return value;
    }
    return choices.front().first;
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
    Edit(deal, crm_first ? Act::seller_edits : Act::partner_edits);
    const Step first = script_.steps.back();
    if (first.during > 0 || first.field == Field::help || first.field == Field::currency) return;
    if (Percent(50)) Add(Act::time_passes, 0, Pick<int>({{1, 2}, {3, 2}, {30, 2}}));
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
                               {Act::seller_deletes, 3}});
    Step& step = Add(act, deal);
    MaybeDuring(&step);
  }

  void ChangeWorld() {
    const Act act = Pick<Act>({{Act::our_clock_is_off, 3},
                               {Act::crm_clock_is_off, 3},
                               {Act::reads_lag, 4},
                               {Act::pages_shift, 2},
                               {Act::webhooks_get_lost, 2},
                               {Act::webhooks_double, 2},
                               {Act::webhooks_late, 2},
                               {Act::webhooks_shuffle, 2},
                               {Act::crm_forgets_changes, 3}});
    Add(act, 0, AmountOf(act));
  }

  int AmountOf(Act act) {
    switch (act) {
      case Act::our_clock_is_off:
      case Act::crm_clock_is_off:
        return Pick<int>({{0, 2}, {2, 2}, {-2, 2}, {90, 2}, {-90, 2}, {86'400, 2}, {-86'400, 2}});
      case Act::reads_lag:
        return Pick<int>({{0, 1}, {2, 2}, {10, 3}, {20, 2}});
      case Act::pages_shift:
        return Pick<int>({{0, 1}, {1, 3}, {2, 2}});
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

  void Troubles() {
    std::vector<int> busy;
    for (const Step& step : script_.steps) {
      if (IsRound(step.act) || step.act == Act::deliver) busy.push_back(step.number);
    }
    const int count = Pick<int>({{0, 25}, {1, 35}, {2, 25}, {3, 15}});
    for (int i = 0; i < count && !busy.empty(); ++i) {
      Trouble trouble;
      trouble.number = static_cast<int>(script_.steps.size()) + i + 1;
      trouble.step = busy[static_cast<std::size_t>(Below(static_cast<int>(busy.size())))];
      Fill(&trouble);
      script_.troubles.push_back(std::move(trouble));
    }
  }

  void Fill(Trouble* trouble) {
    trouble->spot = Pick<Spot>({{Spot::remote, 50},
                                {Spot::store_busy, 3},
                                {Spot::store_full, 4},
                                {Spot::store_broken, 4},
                                {Spot::crash_before_send, 7},
                                {Spot::crash_after_effect, 10},
                                {Spot::crash_after_answer, 8},
                                {Spot::crash_after_commit, 6},
                                {Spot::crash_before_store_write, 4},
                                {Spot::crash_after_store_write, 4}});
    const bool of_files = trouble->spot >= Spot::store_busy && trouble->spot <= Spot::store_broken;
    trouble->nth = 1 + Below(of_files                                          ? 30
                             : trouble->spot >= Spot::crash_before_store_write ? 12
                                                                               : 4);
    if (trouble->spot == Spot::remote) trouble->rule = Rule();
  }

  sandbox::FaultRule Rule() {
    sandbox::FaultRule rule;
    const bool in_crm = Percent(50);
    rule.service = in_crm ? kCrmService : "referrals";
    rule.method = Pick<const char*>({{"", 3}, {"POST", 3}, {"PATCH", 4}, {"GET", 2}});
    rule.skip = Pick<int>({{0, 6}, {1, 3}, {2, 1}});
    rule.times = Pick<int>({{1, 6}, {2, 2}, {5, 1}});
    rule.kind = Pick<FaultKind>({{FaultKind::status, 10},
                                 {FaultKind::unreachable, 2},
                                 {FaultKind::drop_before, 3},
                                 {FaultKind::drop_after, 5},
                                 {FaultKind::truncate, 2},
                                 {FaultKind::html, 2},
                                 {FaultKind::invalid_json, 2}});
    if (rule.kind == FaultKind::status) SetStatus(&rule);
    return rule;
  }

  void SetStatus(sandbox::FaultRule* rule) {
    rule->status =
        Pick<int>({{401, 2}, {403, 2}, {412, 3}, {429, 3}, {500, 2}, {502, 1}, {503, 2}, {504, 1}});
    if (rule->status == 412) rule->method = "PATCH";
    const bool may_ask_to_wait = rule->status == 429 || rule->status == 503;
    if (!may_ask_to_wait || Percent(30)) return;
    rule->retry_after_s = Pick<int>({{1, 3}, {4, 3}, {37, 2}, {120, 1}});
    rule->retry_after_as_date = Percent(40);
  }

  SeededRandom random_;
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
