#include "crm_contract.h"

// A create whose answer nobody got is looked up afterwards: what it made on its way is its own, and
// nothing else is.
namespace cosell::test {
namespace {

using Made = std::vector<std::string>;

// "account <id>", for the writes that were done beside the opportunity's own.
Made RelatedOf(const std::vector<PerformedWrite>& writes) {
  Made made;
  for (const PerformedWrite& write : writes) {
    EXPECT_EQ(write.operation, "create");
    EXPECT_TRUE(write.done);
    EXPECT_TRUE(write.outcome_code.empty());
    if (write.record_kind != "opportunity")
      made.push_back(write.record_kind + " " + write.record_id);
  }
  return made;
}

Made KindsOf(const std::vector<PerformedWrite>& writes) {
  Made kinds;
  for (const PerformedWrite& write : writes) kinds.push_back(write.record_kind);
  return kinds;
}

const Made kBoth = {"account", "contact"};

}  // namespace

TEST_P(CrmContractTest, ALostCreateTellsOfTheCustomerMadeWithIt) {
  const CrmWrite write = NewRecord(kMarker);
  const CrmWriteResult result = Write(write);
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  const FoundCreate found = Traces(SearchFor(write));
  ASSERT_TRUE(found.record.has_value());
  EXPECT_EQ(found.record->id, result.record->id);
  EXPECT_EQ(KindsOf(found.related), kBoth);
  EXPECT_EQ(RelatedOf(found.related), RelatedOf(result.performed));
}

TEST_P(CrmContractTest, ACreateThatEndedAtTheCustomerTellsOfIt) {
  const CrmWriteResult result = Write(NewRecord(kMarker));
  const FoundCreate found = Traces(SearchFor(NewRecord(kOtherMarker)));
  EXPECT_FALSE(found.record.has_value());
  EXPECT_EQ(RelatedOf(found.related), RelatedOf(result.performed));
}

TEST_P(CrmContractTest, ACreateThatEndedAtTheAccountTellsOfNoContact) {
  CrmWrite account_alone = NewRecord(kMarker);
  account_alone.contact.reset();
  Written(account_alone);
  EXPECT_EQ(KindsOf(Traces(SearchFor(NewRecord(kOtherMarker))).related), Made{"account"});
}

TEST_P(CrmContractTest, ACreateThatNeverArrivedHasMadeNothing) {
  const FoundCreate found = Traces(SearchFor(NewRecord(kMarker)));
  EXPECT_FALSE(found.record.has_value());
  EXPECT_TRUE(found.related.empty());
}

TEST_P(CrmContractTest, ACustomerThatAPersonMadeIsNotOfTheCreate) {
  people().Opens({});
  const CrmWrite write = NewRecord(kMarker);
  Written(write);
  const FoundCreate found = Traces(SearchFor(write));
  EXPECT_TRUE(found.record.has_value());
  EXPECT_TRUE(found.related.empty());
}

TEST_P(CrmContractTest, ANewContactOfAPersonsAccountIsOfTheCreateAlone) {
  people().Opens({});
  Deal deal;
  deal.contact_first_name = "Berit";
  deal.contact_email = "berit.example@tailspin.example";
  const CrmWrite write = NewRecord(kMarker, deal);
  const CrmWriteResult result = Write(write);
  const FoundCreate found = Traces(SearchFor(write));
  EXPECT_EQ(KindsOf(found.related), Made{"contact"});
  EXPECT_EQ(RelatedOf(found.related), RelatedOf(result.performed));
}

TEST_P(CrmContractTest, TheCustomerOfAnotherDealsCreateIsNotOfALaterOne) {
  const CrmRecord first = Written(NewRecord(kMarker));
  people().Pass(std::chrono::hours(2));
  const CrmWrite write = NewRecord(kOtherMarker);
  Written(write);
  CreateSearch search = SearchFor(write);
  search.opened_at = first.changed_at + std::chrono::hours(1);
  search.newest_seen = first.changed_at;
  const FoundCreate found = Traces(search);
  EXPECT_TRUE(found.record.has_value());
  EXPECT_TRUE(found.related.empty());
}

// A clock that was set between the create and its lookup hides nothing while the other tells.
TEST_P(CrmContractTest, OneOfTheTwoClocksIsEnough) {
  const CrmWrite write = NewRecord(kMarker);
  const CrmRecord created = Written(write);
  CreateSearch search = SearchFor(write);
  search.opened_at = created.changed_at + std::chrono::hours(24);
  search.newest_seen = created.changed_at - std::chrono::minutes(5);
  EXPECT_EQ(KindsOf(Traces(search).related), kBoth);
  search.opened_at = created.changed_at;
  search.newest_seen = created.changed_at + std::chrono::hours(24);
  EXPECT_EQ(KindsOf(Traces(search).related), kBoth);
}

TEST_P(CrmContractTest, ACreateWithoutACustomerHasMadeNone) {
  Written(NewRecord(kMarker));
  const CrmWrite write = BareRecord(kOtherMarker);
  Written(write);
  EXPECT_TRUE(Traces(SearchFor(write)).related.empty());
}

}  // namespace cosell::test
