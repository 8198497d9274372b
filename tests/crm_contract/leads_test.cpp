#include "lead_contract.h"

// The contract of ports/crm.h for leads.
namespace cosell::test {

TEST_P(CrmLeadTest, DescribeTellsTheRolesOfALeadAndWhetherItCanBeQualified) {
  for (const char* role : {"sync", "referral_id", "referral_link", "audit", "status", "became"}) {
    EXPECT_TRUE(schema().lead->columns.contains(Role(role))) << role << " is " << Role(role);
  }
  EXPECT_FALSE(schema().lead->columns.at(Role("became")).type.empty());
  EXPECT_EQ(schema().can_qualify, people().can_qualify());
}

TEST_P(CrmLeadTest, ARepeatedCreateMeetsTheFirst) {
  const CrmWriteResult made = Write(NewLead(kMarker));
  ASSERT_TRUE(made.record.ok()) << Describe(made.record.error());
  EXPECT_EQ(made.record->kind, kLead);
  EXPECT_EQ(made.record->referral_id, kMarker);
  EXPECT_TRUE(made.record->sync);
  EXPECT_EQ(KindsOf(made), std::vector<std::string>{"create lead"});
  EXPECT_TRUE(At(*made.record, Role("became")).is_null());
  ExpectFailure(Write(NewLead(kMarker)), ErrorKind::already_exists);

  const auto found = crm().FindCreated({kLead, ReferralId{kMarker}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id, made.record->id);
  EXPECT_EQ(found->record->kind, kLead);
  EXPECT_TRUE(found->related.empty());
  EXPECT_FALSE(Created(kMarker)) << "it is no opportunity";
  EXPECT_FALSE(crm().FindCreated({kLead, ReferralId{kOtherMarker}})->record);
}

TEST_P(CrmLeadTest, AnUpdateNeedsTheVersionItWasPlannedOn) {
  const CrmRecord lead = Written(NewLead(kMarker));
  const CrmWriteResult noted = Write(Note(lead, "Called."));
  ASSERT_TRUE(noted.record.ok()) << Describe(noted.record.error());
  EXPECT_EQ(At(*noted.record, people().lead_notes()), "Called.");
  EXPECT_EQ(KindsOf(noted), std::vector<std::string>{"update lead"});
  people().Pass(std::chrono::seconds(2));
  people().NotesOnLead(lead.id, "Called twice.");
  ExpectFailure(Write(Note(*noted.record, "Called thrice.")), ErrorKind::stale_version);
  EXPECT_EQ(At(*ReadLead(lead.id), people().lead_notes()), "Called twice.");
  CrmWrite unconditional = Note(lead, "Called four times.");
  unconditional.etag.clear();
  EXPECT_TRUE(Write(unconditional).record.ok());
  people().DeletesLead(lead.id);
  ExpectFailure(Write(unconditional), ErrorKind::not_found);
  EXPECT_FALSE(ReadLead(lead.id));
}

TEST_P(CrmLeadTest, AnUpdateDisqualifies) {
  const CrmRecord lead = Written(NewLead(kMarker));
  const CrmWriteResult moved = Write(Change(lead, people().Disqualified()));
  ASSERT_TRUE(moved.record.ok()) << Describe(moved.record.error());
  EXPECT_NE(At(*moved.record, Role("status")), At(lead, Role("status")));
  EXPECT_TRUE(At(*moved.record, Role("became")).is_null());
  CrmWrite close = Change(*moved.record, people().Disqualified());
  close.kind = CrmWrite::Kind::close;
  ExpectFailure(Write(close), ErrorKind::refused);
}

TEST_P(CrmLeadTest, ChangesHaveACursorOfTheirOwn) {
  const CrmId deal = people().Opens({});
  const CrmId lead = people().OpensLead();
  const Seen deals = ReadEverything();
  EXPECT_FALSE(deals.Has(lead));
  const CrmChanges leads = LeadsSince("");
  EXPECT_TRUE(leads.full);
  ASSERT_EQ(leads.records.size(), 1u);
  EXPECT_EQ(leads.records[0].id, lead);
  EXPECT_EQ(leads.records[0].kind, kLead);

  people().Pass(std::chrono::seconds(2));
  people().NotesOnLead(lead, "Called.");
  Renames(deal, "Renamed");
  EXPECT_FALSE(ChangesSince(deals.cursor).Has(lead));
  const CrmChanges changed = LeadsSince(leads.cursor);
  ASSERT_EQ(changed.records.size(), 1u);
  EXPECT_EQ(At(changed.records[0], people().lead_notes()), "Called.");
  people().Pass(std::chrono::seconds(2));
  people().DeletesLead(lead);
  EXPECT_EQ(LeadsSince(changed.cursor).deleted, std::vector<CrmId>{lead});
}

TEST_P(CrmLeadTest, QualifyingMakesTheOpportunityOnce) {
  const CrmRecord lead = Written(NewLead(kMarker));
  if (!people().can_qualify()) {
    ExpectFailure(Write(Qualify(lead)), ErrorKind::refused);
    return;
  }
  const CrmWriteResult made = Write(Qualify(lead));
  ASSERT_TRUE(made.record.ok()) << Describe(made.record.error());
  EXPECT_EQ(made.record->kind, RecordKind::opportunity);
  EXPECT_EQ(Of(*made.record, "name"), "Robotics enquiry");
  EXPECT_EQ(Of(*made.record, "deal_value"), 12000);
  EXPECT_EQ(Of(*made.record, "currency"), "USD");
  EXPECT_EQ(Of(*made.record, "closing_date"), "2026-12-15");
  std::multiset<std::string> kinds;
  for (const std::string& each : KindsOf(made)) kinds.insert(each);
  kinds.erase("update lead");  // how the lead is told its account and contact
  EXPECT_EQ(kinds, (std::multiset<std::string>{"create account", "create contact",
                                               "create opportunity", "qualify lead"}));
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 1u);
  const CrmRecord deal = ReadOne(made.record->id, Crm::Detail::with_related);
  EXPECT_EQ(Json::parse(deal.raw)["parentaccountid.name"], Deal().account);
  EXPECT_EQ(Json::parse(deal.raw)["parentcontactid.emailaddress1"], Deal().contact_email);
  EXPECT_EQ(At(*ReadLead(lead.id), Role("became")), made.record->id.text);

  const CrmWriteResult again = Write(Qualify(lead));
  ASSERT_TRUE(again.record.ok()) << Describe(again.record.error());
  EXPECT_EQ(again.record->id, made.record->id);
  EXPECT_TRUE(again.performed.empty());
}

TEST_P(CrmLeadTest, QualifyingAfterALostAnswerFindsTheOpportunity) {
  if (!people().can_qualify()) GTEST_SKIP() << "people convert leads";
  const CrmRecord lead = Written(NewLead(kMarker));
  people().LosesTheAnswerToQualifying();
  ExpectFailure(Write(Qualify(lead)), ErrorKind::unknown_outcome);
  const CrmWriteResult again = Write(Qualify(lead));
  ASSERT_TRUE(again.record.ok()) << Describe(again.record.error());
  EXPECT_EQ(again.record->kind, RecordKind::opportunity);
  EXPECT_TRUE(again.performed.empty());
  EXPECT_EQ(ReadEverything().records.size(), 1u);
}

TEST_P(CrmLeadTest, WhatCannotBeQualifiedIsLeftAlone) {
  if (!people().can_qualify()) GTEST_SKIP() << "people convert leads";
  const CrmRecord lead = Written(NewLead(kMarker));
  people().Pass(std::chrono::seconds(2));
  people().NotesOnLead(lead.id, "Called.");
  ExpectNothingDone(Write(Qualify(lead)));
  ExpectFailure(Write(Qualify(lead)), ErrorKind::stale_version);
  const CrmRecord lost = Written(Change(*ReadLead(lead.id), people().Disqualified()));
  ExpectFailure(Write(Qualify(lost)), ErrorKind::refused);
  CrmWrite unknown = Qualify(lost);
  unknown.id = people().unknown_id();
  ExpectFailure(Write(unknown), ErrorKind::not_found);
  EXPECT_TRUE(ReadEverything().records.empty());
  EXPECT_EQ(people().Accounts(Deal().account), 0u) << "nothing is made for it";
}

TEST_P(CrmLeadTest, ALeadQualifiedByAPersonTellsWhatItBecame) {
  const CrmRecord lead = Written(NewLead(kMarker));
  const CrmChanges before = LeadsSince("");
  people().Pass(std::chrono::seconds(2));
  const CrmId deal = people().QualifiesLead(lead.id);
  const CrmChanges after = LeadsSince(before.cursor);
  ASSERT_EQ(after.records.size(), 1u);
  EXPECT_EQ(At(after.records[0], Role("became")), deal.text);
  EXPECT_EQ(At(*ReadLead(lead.id), Role("became")), deal.text);
  EXPECT_TRUE(Exists(deal));
  ExpectFailure(Write(Note(after.records[0], "Too late.")), ErrorKind::refused);
}

}  // namespace cosell::test
