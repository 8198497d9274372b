#include "model/field_text.h"
#include "store/store_tools.h"
#include "story/explain.h"
#include "story/state_at.h"
#include "support/sync_world.h"

// What the database tells of the past is what the remote sides were, judged by the world itself.
namespace cosell::test {
namespace {

constexpr int kRounds = 14;
constexpr int kInstants = 50;
constexpr const char* kFields[] = {"deal_value", "notes", "closing_date"};

// What a person looking at both screens, and at ours, would have seen.
struct Moment {
  Instant at;
  FieldValues partner_center;
  FieldValues crm;
  LinkState state = LinkState::pending;
  FieldValues base_partner_center;
  FieldValues base_crm;
};

// One pair that people edit on both sides, and a chronicle of it kept beside the service.
class Chronicle {
 public:
  explicit Chronicle(std::uint64_t seed)
      : sync_(seed % 2 == 0 ? CrmProduct::salesforce : CrmProduct::dynamics365), random_(seed) {
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    sync_.Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    sync_.Settle();
    opportunity_ = sync_.OpportunityOf(referral_);
    begun_ = sync_.clock().Now();
    Note();
  }

  void Live() {
    for (int round = 0; round < kRounds; ++round) {
      sync_.Pass(std::chrono::seconds(3 + random_.Below(600)));
      if (Chance()) PartnerEdits();
      if (Chance()) SellerEdits();
      Note();
      if (random_.Below(4) == 0) sync_.Pass(std::chrono::seconds(1 + random_.Below(90)));
      if (random_.Below(8) == 0) sync_.Restart();
      sync_.Sync(Chance() ? IntakeDepth::poll : IntakeDepth::sweep);
      Note();
    }
    sync_.Settle();
    Note();
  }

  Instant AnyInstant() {
    const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(
        moments_.back().at + std::chrono::seconds(30) - begun_);
    return begun_ +
           std::chrono::milliseconds(random_.Below(static_cast<std::uint64_t>(span.count())));
  }
  const Moment& At(Instant at) const {
    const Moment* then = &moments_.front();
    for (const Moment& moment : moments_) {
      if (moment.at <= at) then = &moment;
    }
    return *then;
  }
  LinkHistory Recorded() {
    return StoreInspector(sync_.database())
        .History(ConnectionName{"contoso"}, sync_.LinkOf(opportunity_).id)
        .value();
  }
  // The side whose edit of this field was the last one that stands; nothing if nobody edited it.
  struct LastEdit {
    Side side = Side::crm;
    std::string value;
  };
  std::optional<LastEdit> Standing(const std::string& field) const {
    const Value now = moments_.back().crm.at(field);
    for (auto edit = edits_.rbegin(); edit != edits_.rend(); ++edit) {
      if (edit->first == field && Value(edit->second.value) == now) return edit->second;
    }
    return std::nullopt;
  }

 private:
  bool Chance() { return random_.Below(2) == 0; }

  std::string NewValue(const std::string& field) {
    const std::uint64_t number = ++edit_number_;
    if (field == "deal_value") return std::to_string(1000 + number);
    if (field == "closing_date") {
      const std::string day = std::to_string(10 + number % 18);
      return "2027-0" + std::to_string(1 + number % 9) + "-" + day;
    }
    return "Note " + std::to_string(number);
  }
  std::string AnyField() { return kFields[random_.Below(std::size(kFields))]; }

  void PartnerEdits() {
    const std::string field = AnyField();
    const std::string value = NewValue(field);
    if (field == "deal_value") {
      sync_.PartnerSets(referral_, "/details/dealValue", std::stoi(value));
    } else if (field == "closing_date") {
      sync_.PartnerSets(referral_, "/details/closingDateTime", value + "T00:00:00Z");
    } else {
      sync_.PartnerSets(referral_, "/details/notes", value);
    }
    edits_.push_back({field, {Side::partner_center, value}});
  }
  void SellerEdits() {
    const std::string field = AnyField();
    const std::string value = NewValue(field);
    Json edit = {{field, value}};
    if (field == "deal_value") edit[field] = std::stoi(value);
    sync_.SellerSets(opportunity_, edit);
    edits_.push_back({field, {Side::crm, value}});
  }

  void Note() {
    Moment moment;
    moment.at = sync_.clock().Now();
    const Json details = sync_.Referral(referral_)["details"];
    moment.partner_center = {
        {"deal_value", std::to_string(details["dealValue"].get<int>())},
        {"notes", details["notes"].get<std::string>()},
        {"closing_date", details["closingDateTime"].get<std::string>().substr(0, 10)}};
    for (const char* field : kFields) moment.crm[field] = sync_.Crm(opportunity_, field);
    const Link link = sync_.LinkOf(opportunity_);
    moment.state = link.state;
    moment.base_partner_center = FieldsFromText(link.base_partner_center);
    moment.base_crm = FieldsFromText(link.base_crm);
    moments_.push_back(std::move(moment));
  }

  SyncWorld sync_;
  SeededRandom random_;
  std::string referral_;
  std::string opportunity_;
  Instant begun_;
  std::vector<Moment> moments_;
  std::vector<std::pair<std::string, LastEdit>> edits_;
  std::uint64_t edit_number_ = 0;
};

void ExpectSame(const FieldValues& world, const SideAt& told, Instant at, const char* side) {
  ASSERT_TRUE(told.known) << side << " at " << FormatInstant(at);
  for (const auto& [field, value] : world) {
    EXPECT_EQ(told.fields.at(field), value) << side << " " << field << " at " << FormatInstant(at);
  }
}

class TimeTravelTest : public testing::TestWithParam<int> {
 protected:
  TimeTravelTest() : chronicle_(static_cast<std::uint64_t>(GetParam())) { chronicle_.Live(); }
  void AnyInstantIsToldAsTheWorldWas(const LinkHistory& recorded);
  void EveryFieldIsExplainedByTheEditThatBroughtIt(const LinkHistory& recorded);

  Chronicle chronicle_;
};

void TimeTravelTest::AnyInstantIsToldAsTheWorldWas(const LinkHistory& recorded) {
  for (int i = 0; i < kInstants; ++i) {
    const Instant at = chronicle_.AnyInstant();
    const Moment& then = chronicle_.At(at);
    const PairAt told = StateAt(recorded, at);
    ExpectSame(then.partner_center, told.partner_center, at, "Partner Center");
    ExpectSame(then.crm, told.crm, at, "CRM");
    ASSERT_TRUE(told.link);
    EXPECT_EQ(told.link->state, then.state) << FormatInstant(at);
    EXPECT_EQ(told.base_partner_center, then.base_partner_center) << FormatInstant(at);
    EXPECT_EQ(told.base_crm, then.base_crm) << FormatInstant(at);
    if (HasFailure()) return;
  }
}

void TimeTravelTest::EveryFieldIsExplainedByTheEditThatBroughtIt(const LinkHistory& recorded) {
  for (const char* field : kFields) {
    const auto standing = chronicle_.Standing(field);
    const auto told = Explain(recorded, field);
    ASSERT_TRUE(told) << field;
    if (!standing) continue;
    ASSERT_TRUE(told->brought_by) << field;
    const FieldEvent& edit = told->events[*told->brought_by];
    EXPECT_EQ(edit.side, standing->side) << field;
    EXPECT_EQ(edit.value, Value(standing->value)) << field;
    ASSERT_TRUE(told->decided_by) << field;
    const FieldEvent& write = told->events[*told->decided_by];
    EXPECT_EQ(write.side, Other(standing->side)) << field;
    EXPECT_EQ(write.value, Value(standing->value)) << field;
    EXPECT_GT(write.audit_id, 0);
    EXPECT_TRUE(write.cause == "poll" || write.cause == "sweep") << write.cause;
  }
}

TEST_P(TimeTravelTest, ThePastIsToldAsItWasAndExplainedByTheEditsThatBroughtIt) {
  const LinkHistory recorded = chronicle_.Recorded();
  AnyInstantIsToldAsTheWorldWas(recorded);
  EveryFieldIsExplainedByTheEditThatBroughtIt(recorded);
}

INSTANTIATE_TEST_SUITE_P(Histories, TimeTravelTest, testing::Range(1, 21));

}  // namespace
}  // namespace cosell::test
