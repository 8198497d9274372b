#include "crm_contract.h"

namespace cosell::test {
namespace {

std::vector<std::string> KindsOf(const std::vector<PerformedWrite>& performed) {
  std::vector<std::string> kinds;
  for (const PerformedWrite& entry : performed) kinds.push_back(entry.record_kind);
  return kinds;
}

}  // namespace

TEST_P(CrmContractTest, ACreateMakesRecordAccountAndContact) {
  const CrmWriteResult result = Write(NewRecord(kMarker));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 1u);
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 1u);
  const CrmRecord related = ReadOne(result.record->id, Crm::Detail::with_related);
  const auto sharing = SharingFromCrm(mapping(), related.raw);
  ASSERT_TRUE(sharing.ok());
  EXPECT_EQ(sharing->At("/customerProfile/name"), "Tailspin Freight AB");
  EXPECT_EQ(sharing->country(), "SE");
  EXPECT_EQ(sharing->contact.email, "inga.example@tailspin.example");
  EXPECT_EQ(sharing->contact.last_name, "Example");
}

TEST_P(CrmContractTest, ACreateReturnsTheRecordAsItIs) {
  const CrmRecord created = Written(NewRecord(kMarker));
  EXPECT_EQ(created.kind, kKind);
  EXPECT_EQ(created.referral_id, kMarker);
  EXPECT_TRUE(created.sync);
  EXPECT_EQ(Of(created, "name"), "Cold chain pilot");
  EXPECT_EQ(Of(created, "deal_value"), 12000);
  EXPECT_EQ(Of(created, "currency"), "EUR");
  EXPECT_EQ(Of(created, "closing_date"), "2026-12-15");
  EXPECT_EQ(StateOf(created), "active");
  const CrmRecord read = ReadOne(created.id);
  EXPECT_EQ(created.etag, read.etag);
  EXPECT_EQ(created.changed_at, read.changed_at);
  EXPECT_EQ(Json::parse(created.raw), Json::parse(read.raw));
}

TEST_P(CrmContractTest, ACreateAccountsForEveryRecordItMade) {
  const CrmWriteResult result = Write(NewRecord(kMarker));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(KindsOf(result.performed),
            (std::vector<std::string>{"account", "contact", "opportunity"}));
  std::set<std::string> ids;
  for (const PerformedWrite& entry : result.performed) {
    EXPECT_EQ(entry.operation, "create");
    EXPECT_TRUE(entry.done);
    EXPECT_TRUE(entry.outcome_code.empty());
    EXPECT_FALSE(entry.record_id.empty());
    ids.insert(entry.record_id);
  }
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(result.performed.back().record_id, result.record->id.text);
}

TEST_P(CrmContractTest, ACreateWithoutCustomerMakesTheRecordAlone) {
  ExpectPerformed(Write(BareRecord(kMarker)), "create");
}

TEST_P(CrmContractTest, ARecordMayBeCreatedOnHold) {
  CrmWrite write = BareRecord(kMarker);
  for (const auto& [column, json] : mapping().status.write.at("active").columns) {
    std::erase_if(write.attributes,
                  [&, &name = column](const Attribute& each) { return each.name == name; });
  }
  for (const auto& [column, json] : mapping().status.write.at("new").columns) {
    write.attributes.push_back({column, json});
  }
  const CrmRecord created = Written(write);
  EXPECT_EQ(StateOf(created), "new");
  EXPECT_EQ(StateOf(ReadOne(created.id)), "new");
}

// --- once
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, ASecondCreateWithTheMarkerMeetsTheFirst) {
  const CrmRecord first = Written(NewRecord(kMarker));
  CrmWrite again = NewRecord(kMarker);
  again.attributes.front() = Set(Column("name"), "Another name");
  const CrmWriteResult second = Write(again);
  ExpectFailure(second, ErrorKind::already_exists);
  ExpectNothingDone(second);
  const auto found = Created(kMarker);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, first.id);
  EXPECT_EQ(found->etag, first.etag);
  EXPECT_EQ(Of(*found, "name"), "Cold chain pilot");
  EXPECT_EQ(ReadEverything().records.size(), 1u);
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 1u);
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 1u);
}

TEST_P(CrmContractTest, TwoCreatesWithOneMarkerInOneCallMakeOneRecord) {
  const auto results = crm().Write({BareRecord(kMarker), BareRecord(kMarker)});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_NE(results[0].record.ok(), results[1].record.ok());
  ExpectFailure(results[results[0].record.ok() ? 1 : 0], ErrorKind::already_exists);
  EXPECT_EQ(ReadEverything().records.size(), 1u);
}

TEST_P(CrmContractTest, FindCreatedKnowsOnlyItsOwnMarker) {
  people().Opens({});
  EXPECT_FALSE(Created(kMarker).has_value());
  const CrmRecord created = Written(BareRecord(kMarker));
  EXPECT_FALSE(Created(kOtherMarker).has_value());
  ASSERT_TRUE(Created(kMarker).has_value());
  EXPECT_EQ(Created(kMarker)->id, created.id);
  EXPECT_EQ(Created(kMarker)->referral_id, kMarker);
}

TEST_P(CrmContractTest, ADeletedRecordIsNotFoundByItsMarker) {
  const CrmRecord created = Written(BareRecord(kMarker));
  people().Deletes(created.id);
  EXPECT_FALSE(Created(kMarker).has_value());
}

TEST_P(CrmContractTest, ACreateWhoseAnswerWasLostIsFoundByItsMarker) {
  people().LosesTheAnswerTo(1);
  const CrmWriteResult lost = Write(BareRecord(kMarker));
  ExpectFailure(lost, ErrorKind::unknown_outcome);
  ASSERT_FALSE(lost.performed.empty());
  EXPECT_FALSE(lost.performed.back().done);
  const auto found = Created(kMarker);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(Of(*found, "name"), "Cold chain pilot");
  ExpectFailure(Write(BareRecord(kMarker)), ErrorKind::already_exists);
  EXPECT_EQ(ReadEverything().records.size(), 1u);
}

TEST_P(CrmContractTest, ACreateWithoutAMarkerIsRefused) {
  const CrmWriteResult result = Write(BareRecord(""));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_TRUE(ReadEverything().records.empty());
}

// --- accounts and contacts
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, AKnownCustomerIsFoundIgnoringCase) {
  people().Opens({});
  Deal deal;
  deal.name = "Second deal of one customer";
  deal.account = "TAILSPIN freight AB";
  deal.contact_email = "Inga.Example@Tailspin.example";
  const CrmWriteResult result = Write(NewRecord(kMarker, deal));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(KindsOf(result.performed), std::vector<std::string>{"opportunity"});
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 1u);
  EXPECT_EQ(people().Accounts("TAILSPIN freight AB"), 0u);
  const auto sharing =
      SharingFromCrm(mapping(), ReadOne(result.record->id, Crm::Detail::with_related).raw);
  ASSERT_TRUE(sharing.ok());
  EXPECT_EQ(sharing->At("/customerProfile/name"), "Tailspin Freight AB");
}

TEST_P(CrmContractTest, AnAccountMustMatchInEverything) {
  people().Opens({});
  Deal deal;
  deal.postal_code = "75310";
  Written(NewRecord(kMarker, deal));
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 2u);
}

TEST_P(CrmContractTest, TwoDealsOfOneNewCustomerMakeOneAccount) {
  Deal second;
  second.name = "Second deal of one customer";
  const auto results = crm().Write({NewRecord(kMarker), NewRecord(kOtherMarker, second)});
  ASSERT_EQ(results.size(), 2u);
  for (const CrmWriteResult& result : results) {
    ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  }
  EXPECT_NE(results[0].record->id, results[1].record->id);
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 1u);
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 1u);
  EXPECT_EQ(results[0].performed.size() + results[1].performed.size(), 4u);
}

TEST_P(CrmContractTest, ACustomersNameMayHoldAnySign) {
  Deal deal;
  deal.account = "O'Leary & Sons \"50 % + more\" \\ Ölmühle";
  Written(NewRecord(kMarker, deal));
  EXPECT_EQ(people().Accounts(deal.account), 1u);
  const CrmRecord second = Written(NewRecord(kOtherMarker, deal));
  EXPECT_EQ(people().Accounts(deal.account), 1u);
  const auto sharing = SharingFromCrm(mapping(), ReadOne(second.id, Crm::Detail::with_related).raw);
  ASSERT_TRUE(sharing.ok());
  EXPECT_EQ(sharing->At("/customerProfile/name"), deal.account);
}

TEST_P(CrmContractTest, NothingIsMadeForACreateThatIsRefused) {
  CrmWrite write = NewRecord(kMarker);
  write.attributes.push_back(Set(Column("help"), "A choice nobody has"));
  ExpectFailure(Write(write), ErrorKind::refused);
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 0u);
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 0u);
  EXPECT_FALSE(Created(kMarker).has_value());
}

}  // namespace cosell::test
