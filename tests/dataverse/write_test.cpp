#include "organization.h"

namespace cosell::test {
namespace {

class WriteTest : public DataverseTest {
 protected:
  void SetUp() override {
    Reads({"name", "description", "estimatedvalue", "transactioncurrencyid", "msft_audit"});
  }
  static CrmWrite Update(const std::string& id, std::vector<Attribute> attributes,
                         const std::string& etag = "W/\"1\"") {
    CrmWrite write;
    write.kind = CrmWrite::Kind::update;
    write.id.text = id;
    write.etag = etag;
    write.attributes = std::move(attributes);
    write.correlation.text = "c0000000-0000-4000-8000-000000000001";
    return write;
  }
  static CrmWrite Create(std::vector<Attribute> attributes) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.marker.text = kReferral;
    write.attributes = std::move(attributes);
    return write;
  }
  static CrmWrite Close(bool won, int status) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::close;
    write.id.text = kBrewhouse;
    write.won = won;
    write.attributes = {{"statuscode", std::to_string(status)}};
    write.close_subject = "Won via co-sell referral";
    write.close_description = "Closed as won in Partner Center.";
    return write;
  }
  CrmWriteResult WriteOne(const CrmWrite& write) {
    auto results = crm().Write({write});
    EXPECT_EQ(results.size(), 1u);
    return results.at(0);
  }
  static std::string Created() { return DerivedGuid("opportunity", kReferral); }
  static Json Closed(int state, int status) {
    return With(With(Row(kBrewhouse, "W/\"77\""), "statecode", state), "statuscode", status);
  }
  static void ExpectFailure(const CrmWriteResult& result, ErrorKind kind) {
    ASSERT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, kind) << Describe(result.record.error());
  }
};

TEST_F(WriteTest, AnUpdateSendsOptionValuesAndBindsAndReturnsTheRecord) {
  api.On("PATCH", "opportunities(", Answered(200, Row(kBrewhouse, "W/\"2\"").dump()));
  const auto result =
      WriteOne(Update(kBrewhouse, {{"name", "\"Rollout\""},
                                   {"estimatedvalue", "91000"},
                                   {"estimatedclosedate", "\"2026-10-31\""},
                                   {"transactioncurrencyid", "\"eur\""},
                                   {"parentcontactid", "null"},
                                   {"msft_howcanmicrosofthelp", "\"General or other\""},
                                   {"new_interests", "\"Edge; Cloud\""},
                                   {"description", "\"\""},
                                   {"msft_syncwithpartnercenter", "true"}}));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->etag, "W/\"2\"");
  const auto request = api.Requests("PATCH", "opportunities(").at(0);
  EXPECT_EQ(request.header("If-Match"), "W/\"1\"");
  EXPECT_EQ(request.header("If-None-Match"), "");
  EXPECT_EQ(request.header("Prefer"), "return=representation");
  EXPECT_NE(request.path.find("$select="), std::string::npos);
  EXPECT_EQ(request.repeat, net::Repeat::never);
  const Json expected = {
      {"name", "Rollout"},
      {"estimatedvalue", 91000},
      {"estimatedclosedate", "2026-10-31"},
      {"transactioncurrencyid@odata.bind", "/transactioncurrencies(" + std::string(kEuro) + ")"},
      {"parentcontactid@odata.bind", nullptr},
      {"msft_howcanmicrosofthelp", 100000005},
      {"new_interests", "9,1"},
      {"description", nullptr},
      {"msft_syncwithpartnercenter", true}};
  EXPECT_EQ(Json::parse(request.body), expected);
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(result.performed[0].record_id, kBrewhouse);
  EXPECT_EQ(result.performed[0].operation, "update");
  EXPECT_TRUE(result.performed[0].done);
}

TEST_F(WriteTest, AnUpdateWithoutAnEtagStillDemandsThatTheRecordExists) {
  api.On("PATCH", "opportunities(", Refused(404, "0x80040217"));
  const auto result = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}, ""));
  ExpectFailure(result, ErrorKind::not_found);
  EXPECT_EQ(api.all.at(0).header("If-Match"), "*");
}

TEST_F(WriteTest, AnAnswerWithoutTheRecordIsReadBack) {
  api.On("PATCH", "opportunities(", Answered(204));
  api.On("GET", "opportunities(", Answered(200, Row(kBrewhouse, "W/\"3\"").dump()));
  const auto result = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(result.record->etag, "W/\"3\"");
}

TEST_F(WriteTest, TheVersionMayComeInTheHeaderOfTheAnswer) {
  Json row = Row(kBrewhouse);
  row.erase("@odata.etag");
  api.On("PATCH", "opportunities(", Answered(200, row.dump(), {{"ETag", "W/\"4\""}}));
  EXPECT_EQ(WriteOne(Update(kBrewhouse, {{"name", "\"x\""}})).record->etag, "W/\"4\"");
}

TEST_F(WriteTest, AWriteThatCannotBeReadBackHasAnUnknownOutcome) {
  api.On("PATCH", "opportunities(", Answered(204));
  api.On("GET", "opportunities(", Failed(ErrorKind::unreachable));
  const auto result = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ExpectFailure(result, ErrorKind::unknown_outcome);
  EXPECT_TRUE(result.performed.at(0).done);
}

TEST_F(WriteTest, AProxysPageInAnswerToAWriteIsNotTakenForSuccess) {
  api.On("PATCH", "opportunities(", Answered(200, "<html>Sign in</html>"));
  const auto result = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ExpectFailure(result, ErrorKind::unknown_outcome);
  EXPECT_FALSE(result.performed.at(0).done);
}

TEST_F(WriteTest, AChangedRecordIsAStaleVersion) {
  api.On("PATCH", "opportunities(", Refused(412, "0x80060882"));
  const auto result = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ExpectFailure(result, ErrorKind::stale_version);
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_FALSE(result.performed[0].done);
  EXPECT_EQ(result.performed[0].outcome_code, "0x80060882");
}

TEST_F(WriteTest, WhatCannotBeTranslatedIsRefusedByNameAndNotSent) {
  const auto refused = [&](const Attribute& attribute) {
    const auto result = WriteOne(Update(kBrewhouse, {attribute}));
    EXPECT_TRUE(result.performed.empty());
    EXPECT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, ErrorKind::refused);
    return result.record.error().message;
  };
  EXPECT_NE(refused({"new_forgotten", "1"}).find("new_forgotten"), std::string::npos);
  const std::string label = refused({"msft_howcanmicrosofthelp", "\"Magic\""});
  EXPECT_NE(label.find("msft_howcanmicrosofthelp"), std::string::npos);
  EXPECT_NE(label.find("General Or Other"), std::string::npos);
  EXPECT_NE(refused({"transactioncurrencyid", "\"CHF\""}).find("no currency CHF"),
            std::string::npos);
  EXPECT_NE(refused({"modifiedon", "\"2026-03-02T08:15:00Z\""}).find("read only"),
            std::string::npos);
  EXPECT_NE(refused({"new_sponsorid", "\"" + std::string(kSeller) + "\""}).find("new_sponsorid"),
            std::string::npos);
  EXPECT_NE(refused({"estimatedclosedate", "\"soon\""}).find("estimatedclosedate"),
            std::string::npos);
  EXPECT_NE(refused({"estimatedvalue", "\"much\""}).find("estimatedvalue"), std::string::npos);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, ACurrencyAddedMeanwhileCanBeWritten) {
  HasCurrencies({{"EUR", kEuro}, {"CHF", kSeller}});
  api.On("PATCH", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  EXPECT_TRUE(WriteOne(Update(kBrewhouse, {{"transactioncurrencyid", "\"CHF\""}})).record.ok());
}

TEST_F(WriteTest, TheStateIsNeverPartOfAnUpdate) {
  api.On("GET", "opportunities(", Answered(200, Closed(1, 3).dump()));
  const auto result = WriteOne(Update(kBrewhouse, {{"statecode", "0"}}));
  EXPECT_TRUE(result.record.ok());
  EXPECT_TRUE(result.performed.empty());
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, ATextThatIsTooLongNamesTheColumn) {
  api.On("PATCH", "opportunities(", Refused(400, "0x80044331"));
  const auto result = WriteOne(Update(
      kBrewhouse, {{"description", "\"" + std::string(2001, 'x') + "\""}, {"name", "\"n\""}}));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_NE(result.record.error().message.find("too long for description"), std::string::npos);
}

TEST_F(WriteTest, AnAuditLineOnAClosedRecordThatIsRefusedIsARefusal) {
  api.On("PATCH", "opportunities(", Refused(400, "0x80040265", "The record is closed."));
  const auto result =
      WriteOne(Update(kBrewhouse, {{"msft_audit", "\"2026-03-01 09:13 - done\""}}, ""));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_NE(result.record.error().message.find("The record is closed."), std::string::npos);
}

TEST_F(WriteTest, NoAnswerIsAnUnknownOutcome) {
  api.On("PATCH", "opportunities(", Failed(ErrorKind::unknown_outcome));
  const auto unknown = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ExpectFailure(unknown, ErrorKind::unknown_outcome);
  EXPECT_EQ(unknown.performed.at(0).outcome_code, "unknown_outcome");

  api.On("PATCH", "opportunities(", Failed(ErrorKind::unreachable));
  const auto never_sent = WriteOne(Update(kBrewhouse, {{"name", "\"x\""}}));
  ExpectFailure(never_sent, ErrorKind::unreachable);
  EXPECT_TRUE(never_sent.performed.empty());
}

TEST_F(WriteTest, ACreateGoesUnderTheDerivedIdAndOnlyIfItIsNotThere) {
  api.On("PATCH", "opportunities(" + Created() + ")", Answered(201, Row(Created()).dump()));
  const auto result =
      WriteOne(Create({{"name", "\"Rollout\""}, {"statecode", "0"}, {"statuscode", "1"}}));
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->id.text, Created());
  ASSERT_EQ(api.Writes(), 1u);
  const auto request = api.Requests("PATCH", "opportunities(").at(0);
  EXPECT_EQ(request.header("If-None-Match"), "*");
  EXPECT_EQ(request.header("If-Match"), "");
  EXPECT_EQ(Json::parse(request.body), Json({{"name", "Rollout"}}));
  EXPECT_EQ(result.performed.at(0).operation, "create");
}

TEST_F(WriteTest, ARepeatedCreateMeetsTheFirst) {
  api.On("PATCH", "opportunities(", Refused(412, ""));
  ExpectFailure(WriteOne(Create({{"name", "\"Rollout\""}})), ErrorKind::already_exists);
}

TEST_F(WriteTest, AnInitialReasonThatDidNotTakeIsSetByASecondWrite) {
  api.Once("PATCH", "opportunities(", Answered(201, Row(Created(), "W/\"5\"").dump()));
  api.Once("PATCH", "opportunities(",
           Answered(200, With(Row(Created(), "W/\"6\""), "statuscode", 2).dump()));
  const auto result = WriteOne(Create({{"name", "\"Rollout\""}, {"statuscode", "2"}}));
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(Json::parse(result.record->raw).at("statuscode"), 2);
  const auto requests = api.Requests("PATCH", "opportunities(");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(Json::parse(requests[0].body).at("statuscode"), 2);
  EXPECT_EQ(Json::parse(requests[1].body), Json({{"statuscode", 2}}));
  EXPECT_EQ(requests[1].header("If-Match"), "W/\"5\"");
  ASSERT_EQ(result.performed.size(), 2u);
  EXPECT_EQ(result.performed[1].operation, "update");
}

TEST_F(WriteTest, AnInitialReasonThatTookNeedsNoSecondWrite) {
  api.On("PATCH", "opportunities(", Answered(201, With(Row(Created()), "statuscode", 2).dump()));
  EXPECT_TRUE(WriteOne(Create({{"name", "\"Rollout\""}, {"statuscode", "2"}})).record.ok());
  EXPECT_EQ(api.Writes(), 1u);
}

TEST_F(WriteTest, ASecondWriteThatFailsLeavesTheCreatedRecord) {
  api.Once("PATCH", "opportunities(", Answered(201, Row(Created()).dump()));
  api.Once("PATCH", "opportunities(", Refused(412, "0x80060882"));
  const auto result = WriteOne(Create({{"name", "\"Rollout\""}, {"statuscode", "2"}}));
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(Json::parse(result.record->raw).at("statuscode"), 1);
  EXPECT_TRUE(result.performed.at(0).done);
  EXPECT_FALSE(result.performed.at(1).done);
}

TEST_F(WriteTest, WinningSendsTheReasonAndTheTextsAndReadsBack) {
  api.Once("GET", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  api.Once("GET", "opportunities(", Answered(200, Closed(1, 3).dump()));
  api.On("POST", "WinOpportunity", Answered(204));
  CrmWrite close = Close(true, 3);
  close.close_description = std::string(2500, 'd');
  const auto result = WriteOne(close);
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->etag, "W/\"77\"");
  const Json body = Json::parse(api.Requests("POST", "WinOpportunity").at(0).body);
  EXPECT_EQ(body.at("Status"), 3);
  EXPECT_EQ(body.at("OpportunityClose").at("subject"), "Won via co-sell referral");
  EXPECT_EQ(body.at("OpportunityClose").at("description").get<std::string>().size(), 2000u);
  EXPECT_EQ(body.at("OpportunityClose").at("opportunityid@odata.bind"),
            "/opportunities(" + std::string(kBrewhouse) + ")");
  EXPECT_EQ(result.performed.at(0).operation, "close");
}

TEST_F(WriteTest, ClosingWhatIsAlreadyClosedAsWantedSendsNothing) {
  api.On("GET", "opportunities(", Answered(200, Closed(2, 5).dump()));
  const auto result = WriteOne(Close(false, 5));
  EXPECT_TRUE(result.record.ok());
  EXPECT_TRUE(result.performed.empty());
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, ACloseThatSomebodyElseWonIsAccepted) {
  api.Once("GET", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  api.Once("GET", "opportunities(", Answered(200, Closed(2, 4).dump()));
  api.On("POST", "LoseOpportunity", Refused(400, "0x80040203"));
  EXPECT_TRUE(WriteOne(Close(false, 4)).record.ok());

  api.On("GET", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  ExpectFailure(WriteOne(Close(false, 4)), ErrorKind::refused);
}

TEST_F(WriteTest, ARecordClosedOtherwiseIsNotClosedAgain) {
  api.On("GET", "opportunities(", Answered(200, Closed(1, 3).dump()));
  ExpectFailure(WriteOne(Close(false, 4)), ErrorKind::refused);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, ACloseIsBoundToTheVersionItWasPlannedFor) {
  api.On("GET", "opportunities(", Answered(200, Row(kBrewhouse, "W/\"8\"").dump()));
  CrmWrite close = Close(true, 3);
  close.etag = "W/\"7\"";
  ExpectFailure(WriteOne(close), ErrorKind::stale_version);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, AReasonOfAnotherStateIsRefusedWithTheRightOnes) {
  api.On("GET", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  const auto result = WriteOne(Close(false, 3));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_NE(result.record.error().message.find("4 Canceled, 5 Out-Sold"), std::string::npos);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(WriteTest, SeveralWritesGoInOneBatchAndFailOnTheirOwn) {
  api.On("PATCH", kBrewhouse, Answered(200, Row(kBrewhouse, "W/\"2\"").dump()));
  api.On("PATCH", kYardPilot, Refused(412, "0x80060882"));
  api.On("PATCH", kFabrikam, Refused(429, "0x80072322"));
  const auto results = crm().Write(
      {Update(kBrewhouse, {{"name", "\"a\""}}), Update(kYardPilot, {{"name", "\"b\""}}),
       Update(kSeller, {{"new_forgotten", "1"}}), Update(kFabrikam, {{"name", "\"c\""}})});
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].record->etag, "W/\"2\"");
  ExpectFailure(results[1], ErrorKind::stale_version);
  ExpectFailure(results[2], ErrorKind::refused);
  ExpectFailure(results[3], ErrorKind::throttled);
  EXPECT_TRUE(results[3].performed.empty());
  const auto batches = api.Requests("POST", "$batch");
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(batches[0].header("Prefer"), "odata.continue-on-error");
  EXPECT_EQ(batches[0].repeat, net::Repeat::never);
  EXPECT_EQ(api.Requests("PATCH", "opportunities(").at(0).header("If-Match"), "W/\"1\"");
}

TEST_F(WriteTest, ABatchWithoutAnswerLeavesEveryWriteUnknown) {
  api.NextBatch(Failed(ErrorKind::unknown_outcome));
  for (const auto& result : crm().Write(
           {Update(kBrewhouse, {{"name", "\"a\""}}), Update(kYardPilot, {{"name", "\"b\""}})})) {
    ExpectFailure(result, ErrorKind::unknown_outcome);
  }
}

TEST_F(WriteTest, APartThatIsMissingFromABatchIsUnknown) {
  api.NextBatch(Answered(200,
                         "--r\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" +
                             Row(kBrewhouse).dump() + "\r\n--r\r\nContent-Type: applica",
                         {{"Content-Type", "multipart/mixed; boundary=r"}}));
  const auto results = crm().Write(
      {Update(kBrewhouse, {{"name", "\"a\""}}), Update(kYardPilot, {{"name", "\"b\""}})});
  EXPECT_TRUE(results.at(0).record.ok());
  ExpectFailure(results.at(1), ErrorKind::unknown_outcome);
}

TEST_F(WriteTest, ABatchRefusedAsAWholeSaysNothingAboutItsRecords) {
  api.NextBatch(Refused(404, ""));
  for (const auto& result : crm().Write(
           {Update(kBrewhouse, {{"name", "\"a\""}}), Update(kYardPilot, {{"name", "\"b\""}})})) {
    ExpectFailure(result, ErrorKind::invalid_response);
  }
}

TEST_F(WriteTest, BatchesAreCutToTheirLimit) {
  api.On("PATCH", "opportunities(", Answered(200, Row(kBrewhouse).dump()));
  std::vector<CrmWrite> writes(250, Update(kBrewhouse, {{"name", "\"a\""}}));
  EXPECT_EQ(crm().Write(writes).size(), 250u);
  EXPECT_EQ(api.Requests("POST", "$batch").size(), 3u);
}

TEST_F(WriteTest, TheIdMustBeAGuid) {
  ExpectFailure(WriteOne(Update("1) or (1", {{"name", "\"a\""}})), ErrorKind::refused);
  EXPECT_TRUE(api.all.empty());
}

}  // namespace
}  // namespace cosell::test
