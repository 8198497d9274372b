#include "tests/store/store_fixture.h"

// What waits for a person, what a person decided, and what the loop breaker counts.
namespace cosell::store {
namespace {

class PersonTest : public StoreTest {
 protected:
  Decision Decided(const std::string& field, Take take) {
    return {link_, field, take, "Partner Center's", "The CRM's", "", clock_.Now()};
  }
  void Commit(const Decision& decision, bool ended = false) {
    Changes changes;
    changes.decisions = {{decision, ended}};
    store_->Commit(contoso_, changes);
  }
  std::vector<Decision> Decisions() { return store_->LoadLink(contoso_, link_)->decisions; }
  AuditEntry Write(std::vector<FieldChange> changes, AuditOutcome outcome = AuditOutcome::done) {
    AuditEntry entry;
    entry.at = clock_.Now();
    entry.side = Side::crm;
    entry.record_kind = "opportunity";
    entry.record_id = "crm-1";
    entry.operation = "update";
    entry.changes = std::move(changes);
    entry.outcome = outcome;
    return entry;
  }
  void Audit(const AuditEntry& entry) {
    Changes changes;
    changes.audit = {entry};
    store_->Commit(contoso_, changes);
  }
  std::vector<std::string> Written(Instant since) {
    std::vector<std::string> all;
    for (const WrittenValue& value : store_->WrittenValues(contoso_, Side::crm, "crm-1", since))
      all.push_back(value.field + "=" + value.value);
    return all;
  }

  std::int64_t link_ = ReadAndLink("referral-1", "crm-1");
};

TEST_F(PersonTest, ADecisionSurvivesARestartUntilItIsCarriedOut) {
  Commit(Decided("notes", Take::partner_center));
  Close();
  Open();
  ASSERT_EQ(Decisions().size(), 1u);
  const Decision decision = Decisions()[0];
  EXPECT_EQ(decision.link_id, link_);
  EXPECT_EQ(decision.field, "notes");
  EXPECT_EQ(decision.take, Take::partner_center);
  EXPECT_EQ(decision.partner_center_value, "Partner Center's");
  EXPECT_EQ(decision.crm_value, "The CRM's");
  EXPECT_EQ(decision.decided_at, clock_.Now());
  Commit(decision, true);
  EXPECT_TRUE(Decisions().empty());
}

TEST_F(PersonTest, ALaterDecisionTakesThePlaceOfTheEarlierOne) {
  Commit(Decided("notes", Take::partner_center));
  Decision second = Decided("notes", Take::lost_value);
  second.lost_value = "An old one";
  Commit(second);
  ASSERT_EQ(Decisions().size(), 1u);
  EXPECT_EQ(Decisions()[0].take, Take::lost_value);
  EXPECT_EQ(Decisions()[0].lost_value, "An old one");
}

TEST_F(PersonTest, ADecisionIsHandedOutWithTheWorkOfItsLink) {
  const std::int64_t other = ReadAndLink("referral-2", "crm-2");
  Commit(Decided("notes", Take::leave));
  for (const LinkWork& work : store_->DueLinks(contoso_, clock_.Now(), 10))
    EXPECT_EQ(work.decisions.size(), work.link.id == other ? 0u : 1u);
}

TEST_F(PersonTest, AConflictNamesItsPair) {
  Changes changes;
  changes.conflicts = {{{link_, "notes", "", "b", "c", clock_.Now()}, false}};
  store_->Commit(contoso_, changes);
  for (const auto& conflicts : {store_->OpenConflicts(contoso_), store_->ConflictsOf(link_)}) {
    ASSERT_EQ(conflicts.size(), 1u);
    EXPECT_EQ(conflicts[0].referral_id.text, "referral-1");
    EXPECT_EQ(conflicts[0].crm_id.text, "crm-1");
  }
}

TEST_F(PersonTest, LinksInQuarantineAreListedWithWhatHoldsThem) {
  ReadAndLink("referral-2", "crm-2");
  Changes changes;
  changes.links = {LinkNow(link_)};
  changes.links[0].state = LinkState::quarantined;
  changes.links[0].reason = "refused";
  changes.links[0].attempts = 3;
  changes.links[0].not_before = clock_.Now() + std::chrono::minutes(2);
  changes.links[0].counted_from = clock_.Now();
  store_->Commit(contoso_, changes);
  const auto links = store_->QuarantinedLinks(contoso_);
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links[0].id, link_);
  EXPECT_EQ(links[0].reason, "refused");
  EXPECT_EQ(links[0].attempts, 3);
  EXPECT_EQ(links[0].not_before, clock_.Now() + std::chrono::minutes(2));
  EXPECT_EQ(links[0].counted_from, clock_.Now());
}

TEST_F(PersonTest, WrittenValuesAreWhatTheRemoteConfirmed) {
  Audit(Write({{"notes", "", "Two yards.", "", ""}}));
  Audit(Write({{"notes", "", "Refused.", "", ""}}, AuditOutcome::refused));
  Audit(Write({{"notes", "", "Nobody knows.", "", ""}}, AuditOutcome::unknown));
  clock_.Advance(std::chrono::minutes(1));
  Audit(Write({{"notes", "Two yards.", "", "", ""}, {"deal_value", "1", "12000", "", ""}},
              AuditOutcome::adopted));
  Audit(Write({{"notes", "", "", "", ""}}));
  Audit(Write({}));
  AuditEntry elsewhere = Write({{"notes", "", "Of another record.", "", ""}});
  elsewhere.record_id = "crm-2";
  Audit(elsewhere);
  EXPECT_EQ(Written({}),
            (std::vector<std::string>{"notes=Two yards.", "notes=", "deal_value=12000"}));
  EXPECT_EQ(Written(clock_.Now()).size(), 2u);
  EXPECT_TRUE(store_->WrittenValues(contoso_, Side::partner_center, "crm-1", {}).empty());
}

TEST_F(PersonTest, ARecordThatIsThereAgainIsToldApartFromOneThatChanged) {
  Snapshot record = Opportunity("crm-1", "c1");
  EXPECT_FALSE(Read(record).returned);
  record.deleted = true;
  record.hash = "deleted";
  EXPECT_FALSE(Read(record).returned);
  record.deleted = false;
  record.hash = "c1";
  EXPECT_TRUE(Read(record).returned);
  EXPECT_FALSE(Read(record).returned);
}

}  // namespace
}  // namespace cosell::store
