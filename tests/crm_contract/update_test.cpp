#include "crm_contract.h"

namespace cosell::test {

TEST_P(CrmContractTest, AnUpdateChangesItsColumnsAlone) {
  const CrmRecord before = ReadOne(people().Opens({}));
  people().Pass(std::chrono::seconds(5));
  const CrmWriteResult result = Write(Rename(before, "Cold chain rollout"));
  ExpectPerformed(result, "update");
  const CrmRecord& after = *result.record;
  EXPECT_EQ(after.id, before.id);
  EXPECT_NE(after.etag, before.etag);
  EXPECT_GT(after.changed_at, before.changed_at);
  EXPECT_EQ(Of(after, "name"), "Cold chain rollout");
  for (const char* word : {"deal_value", "currency", "closing_date", "notes", "sync", "help"}) {
    EXPECT_EQ(Of(after, word), Of(before, word)) << word;
  }
  const CrmRecord read = ReadOne(before.id);
  EXPECT_EQ(after.etag, read.etag);
  EXPECT_EQ(Json::parse(after.raw), Json::parse(read.raw));
}

TEST_P(CrmContractTest, TheEtagOfAWriteIsGoodForTheNext) {
  const CrmRecord first = Written(Rename(ReadOne(people().Opens({})), "First"));
  const CrmRecord second = Written(Rename(first, "Second"));
  EXPECT_EQ(Of(Written(Rename(second, "Third")), "name"), "Third");
}

TEST_P(CrmContractTest, TheEtagOfAChangeIsGoodForAWrite) {
  const CrmId deal = people().Opens({});
  const CrmRecord listed = ReadEverything().records.at(deal);
  EXPECT_EQ(Of(Written(Rename(listed, "Renamed")), "name"), "Renamed");
}

TEST_P(CrmContractTest, AStaleEtagChangesNothing) {
  const CrmRecord planned = ReadOne(people().Opens({}));
  people().Pass(std::chrono::seconds(5));
  Renames(planned.id, "A seller was faster");
  const CrmRecord before = ReadOne(planned.id);
  people().Pass(std::chrono::seconds(5));
  const CrmWriteResult result = Write(Rename(planned, "Ours"));
  ExpectFailure(result, ErrorKind::stale_version);
  ExpectNothingDone(result);
  const CrmRecord after = ReadOne(planned.id);
  EXPECT_EQ(Of(after, "name"), "A seller was faster");
  EXPECT_EQ(after.etag, before.etag);
}

TEST_P(CrmContractTest, WithoutAnEtagWhateverIsThereIsOverwritten) {
  const CrmId deal = people().Opens({});
  people().Pass(std::chrono::seconds(5));
  Renames(deal, "Edited by a seller");
  EXPECT_EQ(Of(Written(Update(deal, "", {Set(Column("name"), "Ours")})), "name"), "Ours");
}

TEST_P(CrmContractTest, WithoutAnEtagTheRecordMustStillExist) {
  const CrmId gone = people().Opens({});
  people().Deletes(gone);
  for (const CrmId& id : {people().unknown_id(), gone}) {
    const CrmWriteResult result = Write(Update(id, "", {Set(Column("name"), "Nobody")}));
    ExpectFailure(result, ErrorKind::not_found);
    ExpectNothingDone(result);
    EXPECT_FALSE(Exists(id));
  }
}

TEST_P(CrmContractTest, AnUpdateWhoseAnswerWasLostHasHappened) {
  const CrmRecord before = ReadOne(people().Opens({}));
  people().LosesTheAnswerTo(1);
  const CrmWriteResult lost = Write(Rename(before, "Did it arrive?"));
  ExpectFailure(lost, ErrorKind::unknown_outcome);
  ASSERT_FALSE(lost.performed.empty());
  EXPECT_FALSE(lost.performed.back().done);
  EXPECT_EQ(Of(ReadOne(before.id), "name"), "Did it arrive?");
}

// --- several writes in one call
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, NoWritesHaveNoResults) { EXPECT_TRUE(crm().Write({}).empty()); }

TEST_P(CrmContractTest, ManyWritesAnswerInOrder) {
  const auto deals = OpensSeveral(4 * CrmHarness::kPageSize);
  std::vector<CrmWrite> writes;
  for (const CrmId& deal : deals) writes.push_back(Rename(ReadOne(deal), "Deal " + deal.text));
  const auto results = crm().Write(writes);
  ASSERT_EQ(results.size(), writes.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    ExpectPerformed(results[i], "update");
    EXPECT_EQ(results[i].record->id, deals[i]);
    EXPECT_EQ(Of(*results[i].record, "name"), "Deal " + deals[i].text);
    EXPECT_EQ(results[i].record->etag, ReadOne(deals[i]).etag);
  }
}

TEST_P(CrmContractTest, OneFailureDoesNotTouchTheOthers) {
  const auto deals = OpensSeveral(4);
  const CrmRecord good = ReadOne(deals[0]);
  const CrmRecord stale = ReadOne(deals[1]);
  const CrmRecord refused = ReadOne(deals[2]);
  const CrmRecord closing = ReadOne(deals[3]);
  people().Pass(std::chrono::seconds(5));
  Renames(stale.id, "A seller was faster");
  people().Pass(std::chrono::seconds(5));

  Deal inbound;
  inbound.account = "Fabrikam Foods";
  inbound.contact_email = "kim.example@fabrikam.example";
  const auto results = crm().Write({
      Rename(good, "Good"),
      Rename(stale, "Stale"),
      Update(people().unknown_id(), "", {Set(Column("name"), "Missing")}),
      Update(refused.id, refused.etag, {Set(Column("help"), "A choice nobody has")}),
      NewRecord(kMarker, inbound),
      MoveTo("won", closing),
  });
  ASSERT_EQ(results.size(), 6u);
  ExpectPerformed(results[0], "update");
  ExpectFailure(results[1], ErrorKind::stale_version);
  ExpectFailure(results[2], ErrorKind::not_found);
  ExpectFailure(results[3], ErrorKind::refused);
  for (std::size_t i = 1; i <= 3; ++i) ExpectNothingDone(results[i]);
  ASSERT_TRUE(results[4].record.ok()) << Describe(results[4].record.error());
  EXPECT_EQ(results[4].performed.size(), 3u);
  ASSERT_TRUE(results[5].record.ok()) << Describe(results[5].record.error());
  EXPECT_EQ(StateOf(*results[5].record), "won");

  EXPECT_EQ(Of(ReadOne(good.id), "name"), "Good");
  EXPECT_EQ(Of(ReadOne(stale.id), "name"), "A seller was faster");
  EXPECT_EQ(ReadOne(refused.id).etag, refused.etag);
}

TEST_P(CrmContractTest, ALostAnswerToManyWritesLeavesEachUnknown) {
  const auto deals = OpensSeveral(3);
  std::vector<CrmWrite> writes;
  for (const CrmId& deal : deals) writes.push_back(Rename(ReadOne(deal), "Did it arrive?"));
  people().LosesTheAnswerTo(writes.size());
  const auto results = crm().Write(writes);
  ASSERT_EQ(results.size(), 3u);
  for (const CrmWriteResult& result : results) {
    ExpectFailure(result, ErrorKind::unknown_outcome);
    ASSERT_FALSE(result.performed.empty());
    EXPECT_FALSE(result.performed.back().done);
  }
  for (const CrmId& deal : deals) EXPECT_EQ(Of(ReadOne(deal), "name"), "Did it arrive?");
}

// --- states
// ------------------------------------------------------------------------------------------------

TEST_P(CrmContractTest, ADealMovesOnHoldAndBack) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmRecord held = Written(MoveTo("new", deal));
  EXPECT_EQ(StateOf(held), "new");
  EXPECT_EQ(StateOf(Written(MoveTo("active", held))), "active");
}

TEST_P(CrmContractTest, ADealIsClosedAsWonAndAsLost) {
  for (const char* state : {"won", "lost"}) {
    const CrmRecord deal = ReadOne(people().Opens({}));
    const CrmWrite close = MoveTo(state, deal);
    const CrmWriteResult result = Write(close);
    ExpectPerformed(result, close.kind == CrmWrite::Kind::close ? "close" : "update");
    EXPECT_EQ(result.record->id, deal.id);
    EXPECT_NE(result.record->etag, deal.etag);
    EXPECT_EQ(StateOf(*result.record), state);
    EXPECT_EQ(StateOf(ReadOne(deal.id)), state);
    EXPECT_EQ(Of(*result.record, "name"), "Cold chain pilot");
  }
}

TEST_P(CrmContractTest, DeclinedAndExpiredReferralsShowAsLost) {
  for (const char* state : {"declined", "expired", "error"}) {
    const CrmRecord deal = ReadOne(people().Opens({}));
    EXPECT_EQ(StateOf(Written(MoveTo(state, deal))), "lost") << state;
  }
}

TEST_P(CrmContractTest, ARecordThatIsGoneCannotBeClosed) {
  CrmRecord nobody;
  nobody.id = people().unknown_id();
  const CrmWriteResult result = Write(MoveTo("won", nobody));
  ExpectFailure(result, ErrorKind::not_found);
  ExpectNothingDone(result);
}

}  // namespace cosell::test
