#include "base/text.h"
#include "write_fixture.h"

namespace cosell::test {
namespace {

class UpdateTest : public WriteFixture {};

TEST_F(UpdateTest, OneUpdateCarriesItsPreconditionAndReturnsTheRecordReadBack) {
  Stores(Row(kTelemetry));
  const std::string etag = EtagOf(kTelemetry);
  api.Does("PATCH", "/sobjects/Opportunity/", [this](const auto&) {
    Stores(With(Row(kTelemetry, "2026-10-19T09:00:31"), "Name", "As a flow rewrote it"));
    return Answered(204);
  });
  const auto result = WriteOne(Update("0065g00000Qm1Kd",
                                      {{"Name", "\"Rollout\""},
                                       {"Amount", "140000"},
                                       {"CloseDate", "\"2026-12-31T00:00:00Z\""},
                                       {"StageName", "\"closed won\""},
                                       {"CurrencyIsoCode", "\"eur\""},
                                       {"Interests__c", "\"edge; Cloud\""},
                                       {"Description", "\"\""},
                                       {"Sync_with_Partner_Center__c", "null"}},
                                      etag));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(Json::parse(result.record->raw)["Name"], "As a flow rewrote it");
  EXPECT_NE(result.record->etag, etag);
  const auto request = api.Requests("PATCH", "/sobjects/Opportunity/").at(0);
  EXPECT_EQ(request.path, "/sobjects/Opportunity/" + std::string(kTelemetry));
  EXPECT_EQ(request.header("If-Unmodified-Since"), "Mon, 19 Oct 2026 08:15:42 GMT");
  EXPECT_EQ(request.repeat, net::Repeat::never);
  const Json expected = {{"Name", "Rollout"},         {"Amount", 140000},
                         {"CloseDate", "2026-12-31"}, {"StageName", "Closed Won"},
                         {"CurrencyIsoCode", "EUR"},  {"Interests__c", "Edge;Cloud"},
                         {"Description", nullptr},    {"Sync_with_Partner_Center__c", false}};
  EXPECT_EQ(request.json(), expected);
  EXPECT_EQ(api.Calls(), 2u);
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(result.performed[0].record_kind, "opportunity");
  EXPECT_EQ(result.performed[0].record_id, kTelemetry);
  EXPECT_EQ(result.performed[0].operation, "update");
  EXPECT_TRUE(result.performed[0].done);
}

TEST_F(UpdateTest, AClosedDealIsAnUpdateOfItsStage) {
  Stores(Row(kTelemetry));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  CrmWrite close = Update(kTelemetry, {{"StageName", "\"Closed Won\""}});
  close.kind = CrmWrite::Kind::close;
  close.won = true;
  close.close_subject = "Won via co-sell referral";
  const auto result = WriteOne(close);
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).json(), (Json{{"StageName", "Closed Won"}}));
  EXPECT_EQ(result.performed.at(0).operation, "update");
}

TEST_F(UpdateTest, A412IsAStaleVersionWhateverItsBody) {
  api.Once("PATCH", "/sobjects/Opportunity/", Answered(412));
  ExpectFailure(WriteOne(Update(kTelemetry, {{"Amount", "1"}}, "2026-10-19T08:15:42.000+0000#a")),
                ErrorKind::stale_version);
  api.Once("PATCH", "/sobjects/Opportunity/",
           Refused(412, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE"));
  ExpectFailure(WriteOne(Update(kTelemetry, {{"Amount", "1"}}, "2026-10-19T08:15:42.000+0000#a")),
                ErrorKind::stale_version);
}

TEST_F(UpdateTest, AMissingRecordIsNotFoundInEitherStatus) {
  for (const int status : {400, 404}) {
    api.Once("PATCH", "/sobjects/Opportunity/", Refused(status, "ENTITY_IS_DELETED"));
    const auto result = WriteOne(Update(kTelemetry, {{"Amount", "1"}}));
    ExpectFailure(result, ErrorKind::not_found);
    EXPECT_EQ(result.performed.at(0).outcome_code, "ENTITY_IS_DELETED");
  }
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).header("If-Unmodified-Since"), "");
}

TEST_F(UpdateTest, ALostAnswerLeavesTheOutcomeUnknown) {
  api.On("PATCH", "/sobjects/Opportunity/", Failed(ErrorKind::unknown_outcome));
  const auto result = WriteOne(Update(kTelemetry, {{"Amount", "1"}}));
  ExpectFailure(result, ErrorKind::unknown_outcome);
  EXPECT_FALSE(result.performed.at(0).done);
  EXPECT_EQ(api.Calls(), 1u);
}

TEST_F(UpdateTest, AWriteThatCannotBeReadBackIsUnknown) {
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  api.On("POST", "/composite/sobjects/Opportunity", Failed(ErrorKind::unavailable));
  const auto result = WriteOne(Update(kTelemetry, {{"Amount", "1"}}));
  ExpectFailure(result, ErrorKind::unknown_outcome);
  EXPECT_TRUE(result.performed.at(0).done);
}

TEST_F(UpdateTest, TheReadBackIsNotHeldUpByAUsedUpBudget) {
  Stores(Row(kTelemetry));
  api.limit_info = "api-usage=95000/100000";
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  EXPECT_TRUE(WriteOne(Update(kTelemetry, {{"Amount", "1"}})).record.ok());
  const auto held = WriteOne(Update(kTelemetry, {{"Amount", "2"}}));
  ExpectFailure(held, ErrorKind::throttled);
  EXPECT_TRUE(held.performed.empty()) << "nothing was sent";
}

TEST_F(UpdateTest, NothingToWriteIsJustARead) {
  Stores(Row(kTelemetry));
  EXPECT_TRUE(WriteOne(Update(kTelemetry, {})).record.ok());
  EXPECT_EQ(api.Writes(), 0u);
  ExpectFailure(WriteOne(Update(kTinplate, {})), ErrorKind::not_found);
}

TEST_F(UpdateTest, ARetiredStageIsRefusedNamingTheActiveOnes) {
  const auto result = WriteOne(Update(kTelemetry, {{"StageName", "\"Retired\""}}));
  ExpectFailure(result, ErrorKind::refused);
  const std::string& message = result.record.error().message;
  EXPECT_NE(message.find("StageName"), std::string::npos);
  EXPECT_NE(message.find("Retired"), std::string::npos);
  EXPECT_NE(message.find("On Hold - Microsoft"), std::string::npos);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(UpdateTest, WhatCannotBeWrittenIsRefusedByNameBeforeAnythingIsSent) {
  const std::vector<Attribute> wrong = {{"How_can_Microsoft_help__c", "\"Free lunch\""},
                                        {"ContactId", "\"" + std::string(kPurchaser) + "\""},
                                        {"Nowhere__c", "\"x\""},
                                        {"IsWon", "true"},
                                        {"AccountId", "\"Contoso\""},
                                        {"Amount", "\"much\""},
                                        {"CloseDate", "\"soon\""},
                                        {"Name", "true"}};
  for (const Attribute& each : wrong) {
    const auto result = WriteOne(Update(kTelemetry, {each}));
    ExpectFailure(result, ErrorKind::refused);
    EXPECT_NE(result.record.error().message.find(each.name), std::string::npos) << each.name;
  }
  ExpectFailure(WriteOne(Update("no id", {{"Amount", "1"}})), ErrorKind::refused);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(UpdateTest, LongTextsEndInAnEllipsisAndLinksAreNotCut) {
  Stores(Row(kTelemetry));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  std::string name = "\u2713 ";
  for (int i = 0; i < 70; ++i) name += "\U0001F6A2";  // two UTF-16 units each
  WriteOne(Update(kTelemetry, {{"Name", Json(name).dump()}}));
  const std::string sent = api.Requests("PATCH", "/sobjects").at(0).json()["Name"];
  EXPECT_EQ(Utf16Length(sent), 119u) << "a character of two units does not fit into the last one";
  EXPECT_TRUE(sent.starts_with("\u2713 "));
  EXPECT_TRUE(sent.ends_with("\u2026"));
  const auto link = WriteOne(
      Update(kTelemetry, {{"Referral_Link__c", "\"https://x/" + std::string(300, 'a') + "\""}}));
  ExpectFailure(link, ErrorKind::refused);
}

TEST_F(UpdateTest, ALockedRecordIsTriedAgainInPlace) {
  Stores(Row(kTelemetry));
  api.Once("PATCH", "/sobjects/Opportunity/", Refused(400, "UNABLE_TO_LOCK_ROW"));
  api.Once("PATCH", "/sobjects/Opportunity/",
           Refused(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "tr: UNABLE_TO_LOCK_ROW, x"));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  EXPECT_TRUE(WriteOne(Update(kTelemetry, {{"Amount", "1"}})).record.ok());
  EXPECT_EQ(clock.slept(), std::chrono::milliseconds{1500});
}

TEST_F(UpdateTest, ARecordLockedForLongIsRefusedAndSaysSo) {
  api.On("PATCH", "/sobjects/Opportunity/", Refused(400, "UNABLE_TO_LOCK_ROW"));
  const auto result = WriteOne(Update(kTelemetry, {{"Amount", "1"}}));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_EQ(result.record.error().code, "UNABLE_TO_LOCK_ROW");
  EXPECT_EQ(clock.slept(), std::chrono::milliseconds{15500});
  EXPECT_EQ(api.Writes(), 6u);
}

TEST_F(UpdateTest, AnAmountBesideLineItemsIsLoggedAndTheRestIsWritten) {
  Stores(With(Row(kTelemetry), "HasOpportunityLineItem", true));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  EXPECT_TRUE(WriteOne(Update(kTelemetry, {{"Amount", "1"}, {"Name", "\"x\""}})).record.ok());
  EXPECT_EQ(Logged(kTelemetry), 1u);
}

TEST_F(UpdateTest, SeveralUpdatesAreComparedFirstAndEachEndsOnItsOwn) {
  const std::string stale = NthId(1), gone = NthId(2), refused = NthId(3), locked = NthId(4),
                    good = NthId(5), lines = NthId(6);
  for (const auto& id : {stale, refused, locked, good}) Stores(Row(id));
  Stores(With(Row(lines), "HasOpportunityLineItem", true));
  std::map<std::string, std::string> etags;
  for (const auto& id : {stale, refused, locked, good, lines}) etags[id] = EtagOf(id);
  Stores(With(Row(stale), "Amount", 7));  // within the same second
  api.Once("PATCH", "/composite/sobjects",
           Answered(200, Json::array({NotSaved("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not so"),
                                      NotSaved("UNABLE_TO_LOCK_ROW"), Saved(good), Saved(lines)})));
  api.Once("PATCH", "/composite/sobjects", Answered(200, Json::array({Saved(locked)})));
  std::vector<CrmWrite> writes;
  for (const auto& id : {stale, gone, refused, locked, good, lines}) {
    writes.push_back(Update(id, {{"Amount", "5"}, {"Name", "\"x\""}},
                            etags.contains(id) ? etags[id] : etags[good]));
  }
  const auto results = crm().Write(writes);
  ASSERT_EQ(results.size(), 6u);
  ExpectFailure(results[0], ErrorKind::stale_version);
  EXPECT_TRUE(results[0].performed.empty()) << "nothing was sent";
  ExpectFailure(results[1], ErrorKind::not_found);
  ExpectFailure(results[2], ErrorKind::refused);
  EXPECT_EQ(results[2].performed.at(0).outcome_code, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
  for (const std::size_t i : {3, 4, 5}) EXPECT_TRUE(results[i].record.ok()) << i;
  EXPECT_EQ(results[3].record->id.text, locked);
  const auto sent = api.Requests("PATCH", "/composite/sobjects");
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].json()["allOrNone"], false);
  EXPECT_EQ(sent[0].json()["records"].size(), 4u);
  EXPECT_EQ(sent[0].json()["records"][0]["attributes"]["type"], "Opportunity");
  EXPECT_FALSE(sent[0].json()["records"][3].contains("Amount")) << "it has line items";
  EXPECT_TRUE(sent[0].json()["records"][2].contains("Amount"));
  EXPECT_EQ(sent[1].json()["records"].size(), 1u) << "the locked one alone";
  EXPECT_EQ(clock.slept(), std::chrono::milliseconds{500});
  EXPECT_EQ(Logged(lines), 1u);
}

TEST_F(UpdateTest, TwoThousandUpdatesCostTenWritesAndTwoReads) {
  std::vector<CrmWrite> writes;
  for (std::size_t i = 0; i < 2000; ++i) {
    Stores(Row(NthId(i)));
    writes.push_back(Update(NthId(i), {{"Name", "\"x\""}}, EtagOf(NthId(i))));
  }
  SavesCollections();
  for (const auto& result : crm().Write(writes)) EXPECT_TRUE(result.record.ok());
  EXPECT_EQ(api.Writes(), 10u);
  EXPECT_EQ(api.Calls(), 12u);
}

TEST_F(UpdateTest, ALostCollectionIsUnknownForEachOfItsRecordsAlone) {
  std::vector<CrmWrite> writes;
  for (std::size_t i = 0; i < 250; ++i) {
    writes.push_back(Update(NthId(i), {{"Name", "\"x\""}}));
  }
  api.Once("PATCH", "/composite/sobjects", Failed(ErrorKind::unknown_outcome));
  SavesCollections();
  const auto results = crm().Write(writes);
  for (std::size_t i = 0; i < 200; ++i) ExpectFailure(results[i], ErrorKind::unknown_outcome);
  for (std::size_t i = 200; i < 250; ++i) EXPECT_TRUE(results[i].record.ok());
}

TEST_F(UpdateTest, ACutAnswerToACollectionIsUnknown) {
  api.On("PATCH", "/composite/sobjects", Answered(200, "[{\"id\":\"0065g00000Qm1KdAAJ\",\"succ"));
  const auto results = crm().Write(
      {Update(kTelemetry, {{"Name", "\"x\""}}), Update(kTinplate, {{"Name", "\"x\""}})});
  ExpectFailure(results[0], ErrorKind::unknown_outcome);
  ExpectFailure(results[1], ErrorKind::unknown_outcome);
}

TEST_F(UpdateTest, AfterAUsedUpLimitNothingMoreIsSent) {
  std::vector<CrmWrite> writes;
  for (std::size_t i = 0; i < 450; ++i) {
    writes.push_back(Update(NthId(i), {{"Name", "\"x\""}}));
  }
  api.On("PATCH", "/composite/sobjects",
         Refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
  for (const auto& result : crm().Write(writes)) {
    ExpectFailure(result, ErrorKind::throttled);
    EXPECT_TRUE(result.performed.empty());
  }
  EXPECT_EQ(api.Writes(), 1u);
}

TEST_F(UpdateTest, TwoWritesToOneRecordFollowEachOther) {
  Stores(Row(kTelemetry));
  api.On("PATCH", "/sobjects/Opportunity/", Answered(204));
  const auto results = crm().Write(
      {Update(kTelemetry, {{"Name", "\"a\""}}), Update("0065g00000Qm1Kd", {{"Name", "\"b\""}})});
  EXPECT_TRUE(results[0].record.ok() && results[1].record.ok());
  const auto sent = api.Requests("PATCH", "/sobjects/Opportunity/");
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].json()["Name"], "b");
}

TEST_F(UpdateTest, LeadsAreRefused) {
  CrmWrite write = Update(kTelemetry, {{"Name", "\"x\""}});
  write.record_kind = RecordKind::lead;
  ExpectFailure(WriteOne(write), ErrorKind::refused);
}

}  // namespace
}  // namespace cosell::test
