#include "tools/simulation/arrivals.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cosell::simulation {
namespace {

using namespace std::chrono_literals;

constexpr char kLate[] = "I3 late";
constexpr char kOrder[] = "I1 order";
// A crash before each of the first durable writes of a round, an edit during each of its requests.
constexpr int kStoreWrites = 4;
constexpr int kRequests = 5;
constexpr int kWrites = 3;  // of a create in the CRM: account, contact, opportunity
// Deals that come to those the history opened.
constexpr int kOffered = 70;
constexpr int kShared = 71;

bool IsOpenPair(Stage& stage, int number) {
  const Ledger& ledger = stage.ledger();
  if (!ledger.HasReferral(number) || !ledger.HasOpportunity(number)) return false;
  if (stage.desk().Value(ledger.deals().at(number).crm_id, "sync") != "true") return false;
  return std::all_of(kFields.begin(), kFields.end(), [&](Field field) {
    const Shown crm = ledger.Show(Side::crm, number, field);
    if (field == Field::status && crm != "active") return false;
    return field == Field::help ||
           Same(field, ledger.Show(Side::partner_center, number, field), crm);
  });
}

Trouble At(Spot spot, int nth) {
  Trouble trouble;
  trouble.spot = spot;
  trouble.nth = nth;
  return trouble;
}

Trouble Failing(const std::string& method, sandbox::FaultKind kind, int times) {
  Trouble trouble;
  trouble.rule.service = "referrals";
  trouble.rule.method = method;
  trouble.rule.kind = kind;
  trouble.rule.status = 500;
  trouble.rule.times = times;
  return trouble;
}

class Arrivals {
 public:
  Arrivals(Stage& stage, std::vector<int> pairs) : stage_(stage), pairs_(std::move(pairs)) {}

  void Tell() {
    ByWebhook();
    ByWebhookOnAFullDisk();
    ByWebhookWhoseReadFails();
    ByPollAcrossACrash();
    if (pairs_.size() > 1) ByPollOfLaggingLists();
    OldNewsWritesNothing();
    InOrder(Act::seller_edits, Act::partner_edits);
    InOrder(Act::partner_edits, Act::seller_edits);
    TheSameOnBothSidesAndBackAgain();
    WhileSyncWasNo();
    WhileTheOtherIsWritten();
    BehindACrashedCreate();
    SharedOnceInSpiteOfACrash();
    BeforeTheClose();
    AgainstNothingAfterALostDatabase();
  }

 private:
  int deal() const { return pairs_.front(); }

  void Do(Act act, int deal, int amount = 0) {
    Step step;
    step.act = act;
    step.deal = deal;
    step.amount = amount;
    stage_.Do(step);
  }

  void Set(Act act, int deal, const std::string& note, int during = 0) {
    Step step;
    step.act = act;
    step.deal = deal;
    step.field = Field::notes;
    step.value = note;
    step.during = during;
    stage_.Do(step);
  }

  std::string Edit(Act act, int deal) {
    const std::string note = "Late note " + std::to_string(++notes_);
    Set(act, deal, note);
    return note;
  }

  void Expect(const char* invariant, int deal, const std::string& note, const std::string& how) {
    for (const Side side : {Side::partner_center, Side::crm}) {
      const Shown shown = stage_.ledger().Show(side, deal, Field::notes);
      if (shown == note) continue;
      stage_.Violate(invariant, how + ": the " + std::string(ToString(side)) + " of deal " +
                                    std::to_string(deal + 1) + " shows " + Print(shown) +
                                    " instead of '" + note + "'");
    }
  }

  void Poll(int times = 1) {
    for (int poll = 0; poll < times; ++poll) {
      stage_.Pass(31s);
      stage_.Round(IntakeDepth::poll);
    }
  }

  template <typename Act>
  void With(const Trouble& trouble, Act&& act) {
    stage_.Arm({trouble});
    act();
    stage_.Disarm();
  }

  void ByWebhook() {
    const std::string note = Edit(Act::partner_edits, deal());
    stage_.DeliverAll();
    Expect(kLate, deal(), note, "told by a webhook");
  }

  void ByWebhookOnAFullDisk() {
    const std::string note = Edit(Act::partner_edits, deal());
    stage_.Pass(1s);
    With(At(Spot::store_full, 1), [&] { stage_.Deliver(); });
    stage_.DeliverAll();
    Expect(kLate, deal(), note, "told by a webhook, which the disk had no room for at first");
  }

  void ByWebhookWhoseReadFails() {
    const std::string note = Edit(Act::partner_edits, deal());
    stage_.Pass(1s);
    stage_.Deliver();
    With(Failing("", sandbox::FaultKind::status, 20), [&] { stage_.Round(IntakeDepth::events); });
    stage_.Round(IntakeDepth::events);
    Expect(kLate, deal(), note, "told by a webhook, and the first read failed");
  }

  void ByPollAcrossACrash() {
    for (int write = 1; write <= kStoreWrites; ++write) {
      const std::string note = Edit(Act::seller_edits, deal());
      With(At(Spot::crash_before_store_write, write), [&] { Poll(); });
      Poll(3);
      Expect(kLate, deal(), note,
             "polled, with a crash before durable write " + std::to_string(write));
    }
  }

  // Our own write to another referral is newer than the edit that the list does not show yet.
  void ByPollOfLaggingLists() {
    auto& switches = stage_.world().switches();
    switches.stale_list_s = 60;
    const std::string note = Edit(Act::partner_edits, deal());
    stage_.Pass(2s);
    const std::string other = Edit(Act::seller_edits, pairs_[1]);
    for (int poll = 0; poll < 2; ++poll) {
      stage_.Round(IntakeDepth::poll);
      stage_.Pass(5s);
    }
    switches.stale_list_s = 0;
    Poll(2);
    Expect(kLate, deal(), note, "polled, and the list lagged at first");
    Expect(kLate, pairs_[1], other, "polled");
  }

  // A list from before our own write is no news.
  void OldNewsWritesNothing() {
    Edit(Act::seller_edits, deal());
    Poll();
    const std::size_t before = stage_.CommittedWrites();
    stage_.world().switches().stale_list_s = 60;
    stage_.Round(IntakeDepth::poll);
    stage_.world().switches().stale_list_s = 0;
    if (stage_.CommittedWrites() != before)
      stage_.Violate("I4 echo", "a list from before our own write made another write");
    Poll(2);
  }

  void InOrder(Act first, Act second) {
    Edit(first, deal());
    stage_.Pass(30s);
    const std::string note = Edit(second, deal());
    Poll(2);
    Expect(kOrder, deal(), note, "edited on both sides, this half a minute later");
  }

  void TheSameOnBothSidesAndBackAgain() {
    const std::string note = Edit(Act::seller_edits, deal());
    Poll(2);
    Set(Act::partner_edits, deal(), "The same on both sides");
    Set(Act::seller_edits, deal(), "The same on both sides");
    Poll(2);
    Set(Act::seller_edits, deal(), note);
    Poll(2);
    Expect(kLate, deal(), note, "the note from before they agreed on another");
  }

  void WhileSyncWasNo() {
    Do(Act::seller_unflags, deal());
    Poll();
    const std::string note = Edit(Act::seller_edits, deal());
    Poll();
    Do(Act::seller_flags, deal());
    Poll(2);
    Expect(kLate, deal(), note, "edited while Sync was No");
  }

  // What becomes of the two notes is the judge's business.
  void WhileTheOtherIsWritten() {
    for (int request = 1; request <= kRequests; ++request) {
      Edit(Act::partner_edits, deal());
      Set(Act::seller_edits, deal(), "Meanwhile " + std::to_string(request), request);
      Poll(3);
      Edit(Act::seller_edits, deal());
      Set(Act::partner_edits, deal(), "Meanwhile also " + std::to_string(request), request);
      Poll(3);
    }
  }

  void BehindACrashedCreate() {
    Do(Act::microsoft_sends, kOffered);
    With(At(Spot::crash_after_effect, kWrites), [&] { Poll(); });
    const std::string note = Edit(Act::seller_edits, kOffered);
    Do(Act::partner_accepts, kOffered);
    Poll(4);
    if (stage_.ledger().HasOpportunity(kOffered))
      Expect(kLate, kOffered, note, "edited before the create was found to have happened");
  }

  // The answer is lost; then the list lags, then it comes cut, then page by page; and our clock is
  // a day ahead.
  void SharedOnceInSpiteOfACrash() {
    auto& switches = stage_.world().switches();
    const int page_size = switches.page_size_max;
    stage_.SkewOurClock(24h);
    Edit(Act::partner_edits, deal());
    Do(Act::seller_opens, kShared, kFlagged);
    switches.stale_list_s = 10;
    With(At(Spot::crash_after_effect, 1), [&] { stage_.Round(IntakeDepth::poll); });
    stage_.Round(IntakeDepth::poll);
    switches.stale_list_s = 0;
    stage_.Pass(31s);
    With(Failing("GET", sandbox::FaultKind::invalid_json, 1),
         [&] { stage_.Round(IntakeDepth::poll); });
    switches.page_size_max = 1;
    Poll();
    switches.page_size_max = page_size;
    stage_.SkewOurClock(0s);
    Poll(3);
  }

  void BeforeTheClose() {
    const int number = pairs_.back();
    const std::string note = Edit(Act::seller_edits, number);
    Do(Act::seller_wins, number);
    Poll(3);
    Expect(kLate, number, note, "edited, then won");
  }

  void AgainstNothingAfterALostDatabase() {
    if (pairs_.size() < 2) return;
    Set(Act::partner_edits, deal(), "");
    Poll(2);
    const std::string note = Edit(Act::seller_edits, deal());
    stage_.LoseDatabase();
    Poll(3);
    Expect(kLate, deal(), note, "met without a base, against nothing");
  }

  Stage& stage_;
  const std::vector<int> pairs_;
  int notes_ = 0;
};

}  // namespace

void TellArrivals(Stage& stage) {
  std::vector<int> pairs;
  for (const auto& [number, deal] : stage.ledger().deals()) {
    if (IsOpenPair(stage, number)) pairs.push_back(number);
  }
  stage.trace().Line("arrivals");
  if (!pairs.empty()) Arrivals(stage, std::move(pairs)).Tell();
}

}  // namespace cosell::simulation
