#include "crm_contract.h"

namespace cosell::test {
namespace {

struct Expected {
  Trouble trouble;
  ErrorKind of_reads;
  ErrorKind of_writes;
};

// A write whose answer is no decision may have happened.
constexpr Expected kExpected[] = {
    {Trouble::throttled, ErrorKind::throttled, ErrorKind::throttled},
    {Trouble::unreachable, ErrorKind::unreachable, ErrorKind::unreachable},
    {Trouble::unavailable, ErrorKind::unavailable, ErrorKind::unknown_outcome},
    {Trouble::unauthorized, ErrorKind::unauthorized, ErrorKind::unauthorized},
    {Trouble::forbidden, ErrorKind::forbidden, ErrorKind::forbidden},
    {Trouble::garbled, ErrorKind::invalid_response, ErrorKind::unknown_outcome},
};

template <typename T>
std::string_view KindOf(const Result<T>& result) {
  return result ? std::string_view("no error") : ToString(result.error().kind);
}

}  // namespace

TEST_P(CrmContractTest, EveryReadTellsWhatIsWrong) {
  const CrmId deal = people().Opens({});
  const std::string cursor = ReadEverything().cursor;
  for (const Expected& each : kExpected) {
    SCOPED_TRACE(ToString(each.of_reads));
    const auto expected = ToString(each.of_reads);
    people().Suffers(each.trouble);
    EXPECT_EQ(KindOf(crm().Read(kKind, {deal}, Crm::Detail::own)), expected);
    EXPECT_EQ(KindOf(crm().Read(kKind, {deal}, Crm::Detail::with_related)), expected);
    EXPECT_EQ(KindOf(crm().Changes(kKind, "")), expected);
    EXPECT_EQ(KindOf(crm().Changes(kKind, cursor)), expected);
    EXPECT_EQ(KindOf(crm().FindCreated({kKind, ReferralId{kMarker}})), expected);
    people().Recovers();
    EXPECT_TRUE(Exists(deal));
  }
}

TEST_P(CrmContractTest, ACrmThatCannotBeReadAtAllIsNotDescribed) {
  for (const Expected& each : kExpected) {
    SCOPED_TRACE(ToString(each.of_reads));
    people().Suffers(each.trouble);
    EXPECT_EQ(KindOf(crm().Describe(true)), ToString(each.of_reads));
    people().Recovers();
    const auto again = crm().Describe(true);
    ASSERT_TRUE(again.ok()) << Describe(again.error());
    EXPECT_EQ(again->roles, schema().roles);
  }
}

TEST_P(CrmContractTest, EveryWriteTellsWhatIsWrong) {
  const auto deals = OpensSeveral(2);
  for (const Expected& each : kExpected) {
    SCOPED_TRACE(ToString(each.of_writes));
    const std::vector<CrmWrite> writes = {Rename(ReadOne(deals[0]), "In bad weather"),
                                          Rename(ReadOne(deals[1]), "In bad weather")};
    people().Suffers(each.trouble);
    bool undecided = false;
    for (const auto& results : {crm().Write({writes[0]}), crm().Write(writes)}) {
      for (const CrmWriteResult& result : results) {
        // A write that looks first may end with what its look met, if it then sent nothing.
        const bool looked = !result.record && result.record.error().kind == each.of_reads;
        ExpectFailure(result, looked ? each.of_reads : each.of_writes);
        ExpectNothingDone(result);
        undecided = undecided || !looked;
      }
    }
    people().Recovers();
    if (undecided && each.of_writes == ErrorKind::unknown_outcome) continue;
    for (const CrmWrite& write : writes) EXPECT_EQ(ReadOne(write.id).etag, write.etag);
  }
}

TEST_P(CrmContractTest, WhatNeverLeftIsNotAccountedFor) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  people().Suffers(Trouble::unreachable);
  EXPECT_TRUE(Write(Rename(deal, "Nobody hears us")).performed.empty());
  EXPECT_TRUE(Write(NewRecord(kMarker)).performed.empty());
}

TEST_P(CrmContractTest, ACreateInBadWeatherIsMadeOnceInTheEnd) {
  for (const Trouble trouble : {Trouble::throttled, Trouble::unreachable, Trouble::unauthorized,
                                Trouble::forbidden, Trouble::unavailable}) {
    people().Suffers(trouble);
    EXPECT_FALSE(Write(NewRecord(kMarker)).record.ok());
    people().Recovers();
    EXPECT_FALSE(Created(kMarker).has_value());
  }
  Written(NewRecord(kMarker));
  EXPECT_EQ(ReadEverything().records.size(), 1u);
  EXPECT_EQ(people().Accounts("Tailspin Freight AB"), 1u);
  EXPECT_EQ(people().Contacts("inga.example@tailspin.example"), 1u);
}

TEST_P(CrmContractTest, AThrottledCrmSaysHowLongToWait) {
  const CrmId deal = people().Opens({});
  people().Suffers(Trouble::throttled);
  const auto read = crm().Read(kKind, {deal}, Crm::Detail::own);
  ASSERT_FALSE(read.ok());
  ASSERT_TRUE(read.error().retry_after.has_value());
  EXPECT_GT(read.error().retry_after->count(), 0);
}

TEST_P(CrmContractTest, ACursorOutlivesBadWeather) {
  const CrmId deal = people().Opens({});
  const std::string cursor = ReadEverything().cursor;
  Renames(deal, "Edited in bad weather");
  people().Suffers(Trouble::unavailable);
  EXPECT_FALSE(crm().Changes(kKind, cursor).ok());
  people().Recovers();
  const Seen changes = ChangesSince(cursor);
  ASSERT_TRUE(changes.Has(deal));
  EXPECT_EQ(Of(changes.records.at(deal), "name"), "Edited in bad weather");
}

}  // namespace cosell::test
