#include "tests/engine/pair_world.h"

// Field-level security may hide a column from our user while the service runs: the record then
// comes without the member. Nobody has cleared anything.
namespace cosell::test {
namespace {

class HiddenColumnTest : public PairWorld {
 protected:
  // The record as last read lacks the column.
  void CrmHidesNotes() {
    Snapshot snapshot = RecordAsRead();
    Json raw = Json::parse(snapshot.raw);
    ASSERT_TRUE(raw.contains(NotesColumn()));
    raw.erase(NotesColumn());
    snapshot.raw = raw.dump();
    snapshot.hash = "hidden";
    Changes changes;
    changes.snapshots.push_back(std::move(snapshot));
    sync_.store().Commit(name_, changes);
  }
  bool NotesAreHidden() { return !Json::parse(RecordAsRead().raw).contains(NotesColumn()); }
  // The link is worked on without the CRM record being read again.
  void WebhookSaysTheReferralChanged() {
    Event event;
    event.connection = name_;
    event.source = "webhook";
    event.name = "referral-updated";
    event.record_id = referral_;
    event.dedupe_key = "hidden";
    event.received_at = sync_.clock().Now();
    sync_.store().AppendEvent(event);
    sync_.Sync(IntakeDepth::events);
  }

 private:
  std::string NotesColumn() const {
    return GetParam() == CrmProduct::salesforce ? "Description" : "description";
  }
  Snapshot RecordAsRead() { return sync_.store().LoadLink(name_, LinkNow().id)->crm.value(); }

  const ConnectionName name_{"contoso"};
};

TEST_P(HiddenColumnTest, WhatTheCrmDoesNotShowIsNotCleared) {
  SharedPair();
  CrmHidesNotes();
  const std::size_t writes = sync_.Writes();
  WebhookSaysTheReferralChanged();
  ASSERT_TRUE(NotesAreHidden()) << "the plan saw the record without them";
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(NotesInPartnerCenter(), "Edge gateways in three plants.");
  EXPECT_EQ(NotesInCrm(), "Edge gateways in three plants.");
  EXPECT_TRUE(Conflicts().empty());
}

INSTANTIATE_TEST_SUITE_P(EveryCrm, HiddenColumnTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test
