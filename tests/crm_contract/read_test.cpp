#include <atomic>
#include <thread>

#include "crm_contract.h"

namespace cosell::test {

TEST_P(CrmContractTest, ReadGivesARecordAsItIs) {
  const CrmId deal = people().Opens({});
  const CrmRecord record = ReadOne(deal);
  EXPECT_EQ(record.kind, kKind);
  EXPECT_FALSE(record.etag.empty());
  EXPECT_NE(record.changed_at, Instant{});
  EXPECT_FALSE(record.sync);
  EXPECT_TRUE(record.referral_id.empty());
  EXPECT_EQ(Of(record, "name"), "Cold chain pilot");
  EXPECT_EQ(Of(record, "deal_value"), 12000);
  EXPECT_EQ(Of(record, "currency"), "EUR");
  EXPECT_EQ(Of(record, "closing_date"), "2026-12-15");
  EXPECT_EQ(Of(record, "notes"), "Pilot for two yards.");
  EXPECT_EQ(Of(record, "help"), nullptr);
  EXPECT_EQ(StateOf(record), "active");
}

TEST_P(CrmContractTest, SyncAndReferralIdStandBesideTheAttributes) {
  const CrmId deal = people().Opens({});
  people().Sets(deal, Column("sync"), true);
  people().Sets(deal, Column("referral_id"), kMarker);
  const CrmRecord record = ReadOne(deal);
  EXPECT_TRUE(record.sync);
  EXPECT_EQ(record.referral_id, kMarker);
  EXPECT_EQ(Of(record, "sync"), true);
  EXPECT_EQ(Of(record, "referral_id"), kMarker);
}

TEST_P(CrmContractTest, ReadLeavesOutWhatDoesNotExist) {
  const auto deals = OpensSeveral(2);
  people().Deletes(deals[1]);
  const auto read = crm().Read(
      kKind, {people().unknown_id(), deals[0], deals[1], CrmId{"no id at all"}}, Crm::Detail::own);
  ASSERT_TRUE(read.ok()) << Describe(read.error());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ(read->front().id, deals[0]);
}

TEST_P(CrmContractTest, ReadOfNothingIsNothing) {
  for (const auto detail : {Crm::Detail::own, Crm::Detail::with_related}) {
    for (const std::vector<CrmId>& ids :
         {std::vector<CrmId>{}, std::vector<CrmId>{people().unknown_id()}}) {
      const auto read = crm().Read(kKind, ids, detail);
      ASSERT_TRUE(read.ok()) << Describe(read.error());
      EXPECT_TRUE(read->empty());
    }
  }
}

TEST_P(CrmContractTest, ReadTakesMoreIdsThanAPageHolds) {
  const auto deals = OpensSeveral(100);
  for (const auto detail : {Crm::Detail::own, Crm::Detail::with_related}) {
    const auto read = crm().Read(kKind, deals, detail);
    ASSERT_TRUE(read.ok()) << Describe(read.error());
    std::set<CrmId> ids;
    for (const CrmRecord& record : *read) ids.insert(record.id);
    EXPECT_EQ(ids, std::set<CrmId>(deals.begin(), deals.end()));
    EXPECT_EQ(read->size(), deals.size());
  }
}

TEST_P(CrmContractTest, RelatedColumnsComeOnlyWhenAskedFor) {
  const CrmId deal = people().Opens({});
  const CrmRecord own = ReadOne(deal);
  EXPECT_EQ(own.raw.find(mapping().account.lookup + "."), std::string::npos) << own.raw;
  const CrmRecord listed = ReadEverything().records.at(deal);
  EXPECT_EQ(listed.raw.find(mapping().account.lookup + "."), std::string::npos) << listed.raw;

  const CrmRecord related = ReadOne(deal, Crm::Detail::with_related);
  const auto sharing = SharingFromCrm(mapping(), related.raw);
  ASSERT_TRUE(sharing.ok()) << Describe(sharing.error());
  EXPECT_EQ(sharing->At("/customerProfile/name"), "Tailspin Freight AB");
  EXPECT_EQ(sharing->At("/customerProfile/address/postalCode"), "41104");
  EXPECT_EQ(sharing->country(), "SE");
  EXPECT_EQ(sharing->contact.email, "inga.example@tailspin.example");
  EXPECT_EQ(sharing->contact.first_name, "Inga");
  EXPECT_EQ(sharing->contact.phone_number, "+46 31 0000001");
  EXPECT_FALSE(sharing->owner.email.empty());
  EXPECT_FALSE(sharing->owner.last_name.empty());
  EXPECT_EQ(Of(related, "name"), "Cold chain pilot");
}

TEST_P(CrmContractTest, EveryRecordHasItsOwnCustomer) {
  Deal first;
  Deal second;
  second.account = "Fabrikam Foods";
  second.contact_email = "kim.example@fabrikam.example";
  const CrmId one = people().Opens(first);
  const CrmId two = people().Opens(second);
  const auto read = crm().Read(kKind, {one, two}, Crm::Detail::with_related);
  ASSERT_TRUE(read.ok()) << Describe(read.error());
  ASSERT_EQ(read->size(), 2u);
  for (const CrmRecord& record : *read) {
    const auto sharing = SharingFromCrm(mapping(), record.raw);
    ASSERT_TRUE(sharing.ok());
    const Deal& deal = record.id == one ? first : second;
    EXPECT_EQ(sharing->At("/customerProfile/name"), deal.account);
    EXPECT_EQ(sharing->contact.email, deal.contact_email);
  }
}

TEST_P(CrmContractTest, ARecordWithoutCustomerHasItsRelatedColumnsNull) {
  const CrmRecord created = Written(BareRecord(kMarker));
  const CrmRecord related = ReadOne(created.id, Crm::Detail::with_related);
  const Json raw = Json::parse(related.raw);
  for (const RelatedMap* map : {&mapping().account, &mapping().contact}) {
    for (const RelatedColumn& each : map->columns) {
      const std::string member = map->lookup + "." + each.column;
      ASSERT_TRUE(raw.contains(member)) << member;
      EXPECT_TRUE(raw[member].is_null()) << member;
    }
  }
}

TEST_P(CrmContractTest, AnEtagIsTheSameHoweverTheRecordIsRead) {
  const CrmId deal = people().Opens({});
  const std::string etag = ReadOne(deal).etag;
  EXPECT_EQ(ReadOne(deal).etag, etag);
  EXPECT_EQ(ReadOne(deal, Crm::Detail::with_related).etag, etag);
  EXPECT_EQ(ReadEverything().records.at(deal).etag, etag);
}

TEST_P(CrmContractTest, AnEditMovesEtagAndStamp) {
  const CrmId deal = people().Opens({});
  const CrmRecord before = ReadOne(deal);
  people().Pass(std::chrono::seconds(5));
  Renames(deal, "Cold chain rollout");
  const CrmRecord after = ReadOne(deal);
  EXPECT_NE(after.etag, before.etag);
  EXPECT_GT(after.changed_at, before.changed_at);
}

TEST_P(CrmContractTest, ReadsFromSeveralThreadsDoNotDisturbEachOther) {
  const auto deals = OpensSeveral(5);
  std::atomic<int> wrong{0};
  const auto read = [&](const CrmId& deal) {
    for (int i = 0; i < 10; ++i) {
      const auto one = crm().Read(kKind, {deal}, Crm::Detail::with_related);
      if (!one || one->size() != 1 || one->front().id != deal) ++wrong;
      const auto changes = crm().Changes(kKind, "");
      if (!changes || changes->records.size() != CrmHarness::kPageSize) ++wrong;
      const auto described = crm().Describe(i == 5);
      if (!described || described->roles != schema().roles) ++wrong;
    }
  };
  const auto write = [&](const CrmId& deal) {
    for (int i = 0; i < 10; ++i) {
      const auto results =
          crm().Write({Update(deal, "", {Set(Column("name"), "Round " + std::to_string(i))})});
      if (results.size() != 1 || !results.front().record) ++wrong;
    }
  };
  std::thread first(read, deals[0]);
  std::thread second(read, deals[1]);
  std::thread third(write, deals[2]);
  for (std::thread* thread : {&first, &second, &third}) thread->join();
  EXPECT_EQ(wrong.load(), 0);
  EXPECT_EQ(Of(ReadOne(deals[2]), "name"), "Round 9");
}

}  // namespace cosell::test
