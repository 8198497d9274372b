#include <gtest/gtest.h>

#include "story/explain.h"
#include "story/state_at.h"
#include "story/tell.h"

namespace cosell {
namespace {

using Kind = FieldEvent::Kind;

Instant At(int minute) {
  return *ParseInstant("2026-03-01T09:00:00Z") + std::chrono::minutes(minute);
}

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A pair as the store would tell of it: the CRM changes the notes, the change travels.
class StoryTest : public testing::Test {
 protected:
  StoryTest() {
    history_.link.id = 7;
    history_.link.referral_id.text = "r";
    history_.link.crm_id.text = "c";
    history_.link.state = LinkState::in_sync;
    Seen(Side::partner_center, 0, R"({"notes":"old","value":"1"})", "sweep");
    Seen(Side::crm, 0, R"({"notes":"old","value":"1"})", "sweep");
    State(1, LinkState::in_sync, R"({"notes":"old","value":"1"})");
    Present("old", "old");
  }
  void Seen(Side side, int minute, const std::string& changes, const std::string& source,
            const std::string& detail = "", bool deleted = false) {
    const auto id = static_cast<std::int64_t>(history_.versions.size() + 1);
    history_.versions.push_back({id, side, side == Side::crm ? "c" : "r", At(minute),
                                 At(minute) + std::chrono::seconds(20), source, detail, deleted,
                                 changes});
  }
  void State(int minute, LinkState state, const std::string& base) {
    LinkVersion version;
    version.at = At(minute);
    version.referral_id = "r";
    version.crm_id = "c";
    version.state = state;
    version.base_partner_center = base;
    version.base_crm = base;
    history_.states.push_back(version);
  }
  RecordedWrite& Written(Side side, int minute, const std::string& value, const std::string& rule) {
    RecordedWrite write;
    write.id = static_cast<std::int64_t>(history_.writes.size() + 1);
    write.at = At(minute);
    write.side = side;
    write.record_kind = side == Side::crm ? "opportunity" : "referral";
    write.record_id = side == Side::crm ? "c" : "r";
    write.operation = "update";
    write.fields = {"notes"};
    write.after = {value};
    write.rule = rule;
    write.reason = "the CRM changed notes";
    write.cause = "event";
    write.run_id = "run-1";
    write.correlation_id = "correlation-" + std::to_string(write.id);
    write.request_id = "remote-1";
    write.outcome = "done";
    history_.writes.push_back(write);
    return history_.writes.back();
  }
  void Present(const std::string& partner_center, const std::string& crm) {
    history_.fields_partner_center = R"({"notes":")" + partner_center + R"("})";
    history_.fields_crm = R"({"notes":")" + crm + R"("})";
  }
  void SellerEditTravels() {
    Seen(Side::crm, 10, R"({"notes":"new"})", "event", "Update received 2026-03-01T09:10:05Z");
    Written(Side::partner_center, 11, "new", "crm_changed");
    Seen(Side::partner_center, 11, R"({"notes":"new"})", "answer", "correlation-1");
    State(11, LinkState::in_sync, R"({"notes":"new"})");
    Present("new", "new");
  }

  LinkHistory history_;
};

TEST_F(StoryTest, AnEditThatTravelledIsTheCause) {
  SellerEditTravels();
  const auto told = Explain(history_, "notes");
  ASSERT_TRUE(told && told->decided_by && told->brought_by);
  EXPECT_EQ(told->events[*told->decided_by].audit_id, 1);
  EXPECT_EQ(told->events[*told->brought_by].side, Side::crm);
  EXPECT_EQ(told->events[*told->brought_by].at, At(10));
  EXPECT_EQ(told->events.size(), 4u) << "the answer to our own write is no edit";
  const std::string text = ExplanationAsText(*told);
  EXPECT_TRUE(Says(text, "only the CRM had changed it")) << text;
  EXPECT_TRUE(Says(text, "Caused by an event (run run-1), audit entry 1")) << text;
  EXPECT_TRUE(Says(text,
                   "'new' came up in the CRM on 2026-03-01T09:10:00Z; learnt by an event "
                   "(Update received 2026-03-01T09:10:05Z) at 2026-03-01T09:10:20Z"))
      << text;
  EXPECT_TRUE(Says(text, "request id of Partner Center remote-1")) << text;
}

TEST_F(StoryTest, AValueNobodyOfUsWroteSaysSo) {
  const auto told = Explain(history_, "notes");
  ASSERT_TRUE(told);
  EXPECT_FALSE(told->decided_by);
  EXPECT_TRUE(Says(ExplanationAsText(*told), "cosell-sync has not written this value"));
}

TEST_F(StoryTest, AnEditAfterOurWriteTakesItsPlace) {
  SellerEditTravels();
  Seen(Side::partner_center, 20, R"({"notes":"newer"})", "poll");
  Present("newer", "new");
  const auto told = Explain(history_, "notes");
  ASSERT_TRUE(told && told->brought_by);
  EXPECT_FALSE(told->decided_by);
  EXPECT_EQ(told->events[*told->brought_by].value, Value("newer"));
}

TEST_F(StoryTest, LosersRefusalsAndErasedValuesAreTold) {
  SellerEditTravels();
  history_.values.push_back({7, "notes", "lost text", Side::crm, At(12), "sweep", "newest_wins"});
  Written(Side::crm, 13, "refused text", "partner_center_changed").outcome = "refused";
  RecordedWrite& erased = Written(Side::crm, 14, "", "partner_center_changed");
  erased.after.clear();
  erased.erased = true;
  Seen(Side::crm, 15, "{}", "sweep", "", /*deleted=*/true);
  const auto told = Explain(history_, "notes");
  ASSERT_TRUE(told);
  std::vector<Kind> kinds;
  for (std::size_t i = told->events.size() - 4; i < told->events.size(); ++i)
    kinds.push_back(told->events[i].kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::lost, Kind::refused, Kind::written, Kind::deleted}));
  const std::string text = ExplanationAsText(*told);
  EXPECT_TRUE(Says(text, "decided against: 'lost text' of the CRM")) << text;
  EXPECT_TRUE(Says(text, "a value that was erased since")) << text;
}

TEST_F(StoryTest, EachFieldOfAWriteHasItsOwnRule) {
  RecordedWrite& write = Written(Side::crm, 10, "new", "newest_wins,partner_center_changed");
  write.fields = {"value", "notes"};
  write.after = {"2", "new"};
  Present("new", "new");
  EXPECT_EQ(Explain(history_, "notes")->events.back().rule, "partner_center_changed");
  EXPECT_EQ(Explain(history_, "value")->events.back().rule, "newest_wins");
}

TEST_F(StoryTest, AFieldThatNeverWasIsNotExplained) {
  EXPECT_FALSE(Explain(history_, "colour"));
  EXPECT_EQ(FieldsOf(history_), (std::vector<std::string>{"notes", "value"}));
}

TEST_F(StoryTest, TheStateBetweenTwoChangesIsTheEarlierOne) {
  SellerEditTravels();
  const PairAt then = StateAt(history_, At(11) - std::chrono::seconds(1));
  EXPECT_EQ(then.partner_center.fields.at("notes"), Value("old"));
  EXPECT_EQ(then.crm.fields.at("notes"), Value("new")) << "it was so, though not worked on yet";
  EXPECT_EQ(then.crm.fields.at("value"), Value("1")) << "what did not change stays";
  EXPECT_EQ(then.base_crm.at("notes"), Value("old"));
  EXPECT_EQ(StateAt(history_, At(11)).base_crm.at("notes"), Value("new"));
}

TEST_F(StoryTest, BeforeThePairWasMetItsRecordsAreToldAllTheSame) {
  const PairAt then = StateAt(history_, At(0));
  EXPECT_FALSE(then.link);
  EXPECT_TRUE(then.crm.known);
  EXPECT_FALSE(StateAt(history_, At(-5)).crm.known);
}

}  // namespace
}  // namespace cosell
