#include "organization.h"

namespace cosell::test {
namespace {

class ChangesTest : public SalesforceTest {
 protected:
  CrmChanges Next(const std::string& cursor) {
    const auto changes = crm().Changes(RecordKind::opportunity, cursor);
    EXPECT_TRUE(changes.ok()) << Describe(changes.error());
    return changes.ok() ? *changes : CrmChanges{};
  }
  ErrorKind Fails(const std::string& cursor) {
    const auto changes = crm().Changes(RecordKind::opportunity, cursor);
    EXPECT_FALSE(changes.ok());
    return changes.ok() ? ErrorKind::invalid_input : changes.error().kind;
  }
  // Reads everything there is, so that a cursor is at hand.
  std::string AfterAFullRead(const std::vector<Json>& rows) {
    Reads({"Name", "Amount"});
    api.On("GET", "/query?q=", Rows(rows));
    const CrmChanges changes = Next("");
    EXPECT_TRUE(changes.full);
    EXPECT_FALSE(changes.more);
    EXPECT_EQ(changes.records.size(), rows.size());
    api.Forget();
    return changes.cursor;
  }
  void Polls(const std::vector<Json>& rows) { api.On("GET", "/queryAll?q=", Rows(rows)); }
  // The server's clock and ours move together.
  void Later(std::chrono::seconds time) {
    *api.now += time;
    clock.Advance(time);
  }
  static Json Deleted(const std::string& id, const std::string& stamp) {
    return With(Row(id, stamp), "IsDeleted", true);
  }
  void Replicates(const std::vector<std::string>& updated, const std::vector<std::string>& deleted,
                  const std::string& covered = "2026-10-19T09:09:00.000+0000") {
    api.On("GET", "/updated?",
           Answered(200, Json{{"ids", updated}, {"latestDateCovered", covered}}));
    Json records = Json::array();
    for (const auto& id : deleted) records.push_back({{"id", id}, {"deletedDate", covered}});
    api.On("GET", "/deleted?",
           Answered(200, Json{{"deletedRecords", records},
                              {"earliestDateAvailable", "2026-10-05T03:12:00.000+0000"},
                              {"latestDateCovered", covered}}));
  }
};

TEST_F(ChangesTest, AFullReadPagesToItsEnd) {
  Reads({"Name"});
  api.On("GET", "/query?q=", Rows({Row(kTelemetry)}, "/services/data/v62.0/query/0r8xx-1"));
  api.On("GET", "/query/0r8xx-1", Rows({Row(kTinplate, "2026-10-19T08:20:00")}));
  const CrmChanges first = Next("");
  EXPECT_TRUE(first.full && first.more);
  EXPECT_EQ(first.records.at(0).id.text, kTelemetry);
  const CrmChanges second = Next(first.cursor);
  EXPECT_TRUE(second.full);
  EXPECT_FALSE(second.more);
  EXPECT_EQ(second.records.at(0).id.text, kTinplate);
  EXPECT_NE(api.all.at(0).path.find("ORDER BY SystemModstamp, Id"), std::string::npos);
  EXPECT_EQ(api.all.at(0).path.find("WHERE"), std::string::npos);
  EXPECT_EQ(api.all.at(0).header("Sforce-Query-Options"), "batchSize=2000");
}

TEST_F(ChangesTest, APollBeginsTheOverlapBeforeTheNewestStampNeverAtOurClock) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  clock.Advance(std::chrono::hours{5});
  Polls({});
  Next(cursor);
  ASSERT_EQ(api.Calls(), 1u);
  EXPECT_NE(api.all[0].path.find("WHERE SystemModstamp >= 2026-10-19T08:49:00Z ORDER BY "
                                 "SystemModstamp, Id"),
            std::string::npos)
      << api.all[0].path;
}

TEST_F(ChangesTest, OnlyNewsAreToldAndAnIdlePollKeepsItsCursor) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  Polls({Row(kTelemetry, "2026-10-19T08:59:00")});
  const CrmChanges idle = Next(cursor);
  EXPECT_TRUE(idle.records.empty());
  EXPECT_EQ(idle.cursor, cursor);
  EXPECT_FALSE(idle.more);
  EXPECT_FALSE(idle.full);
  EXPECT_EQ(api.Calls(), 1u);

  Polls({With(Row(kTelemetry, "2026-10-19T08:59:00"), "Amount", 1),
         Row(kTinplate, "2026-10-19T09:00:00")});
  const CrmChanges news = Next(cursor);
  ASSERT_EQ(news.records.size(), 2u) << "the first was edited again within its second";
  EXPECT_NE(news.cursor, cursor);
  EXPECT_TRUE(Next(news.cursor).records.empty());
}

TEST_F(ChangesTest, ACursorThatWasNotRecordedLosesNothing) {
  const std::string cursor = AfterAFullRead({});
  Polls({Row(kTelemetry, "2026-10-19T09:00:00")});
  EXPECT_EQ(Next(cursor).records.size(), 1u);
  EXPECT_EQ(Next(cursor).records.size(), 1u) << "told again to who asks from the same place";
}

TEST_F(ChangesTest, AfterARestartTheOverlapIsToldOnceMore) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  Polls({Row(kTelemetry, "2026-10-19T08:59:00")});
  auto restarted = MakeSalesforceClient(api, tokens, options, clock, random, log);
  restarted->Select(RecordKind::opportunity, {"Name", "Amount"});
  const auto changes = restarted->Changes(RecordKind::opportunity, cursor);
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->records.size(), 1u);
}

TEST_F(ChangesTest, DeletionsAreToldOnceAndAnUndeletedRecordComesBack) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  Polls({Deleted(kTelemetry, "2026-10-19T09:00:10")});
  const CrmChanges gone = Next(cursor);
  EXPECT_EQ(gone.deleted, (std::vector<CrmId>{{kTelemetry}}));
  EXPECT_TRUE(gone.records.empty());
  EXPECT_TRUE(Next(gone.cursor).deleted.empty());
  Polls({Row(kTelemetry, "2026-10-19T09:00:20")});
  EXPECT_EQ(Next(gone.cursor).records.size(), 1u);
}

TEST_F(ChangesTest, AnOrganisationWithoutOpportunitiesStartsFromTheServersDate) {
  const std::string cursor = AfterAFullRead({});
  Polls({});
  Next(cursor);
  EXPECT_NE(api.all.at(0).path.find("SystemModstamp >= 2026-10-19T08:40:30Z"), std::string::npos)
      << api.all[0].path;
}

TEST_F(ChangesTest, TheWindowOfAQuietOrganisationMovesOn) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  Polls({});
  for (int i = 0; i < 4; ++i) {
    Later(std::chrono::minutes{9});
    Replicates({}, {});
    EXPECT_EQ(Next(cursor).cursor, cursor);
  }
  EXPECT_NE(api.Requests("GET", "/queryAll?").back().path.find(">= 2026-10-19T09:07:30Z"),
            std::string::npos)
      << api.Requests("GET", "/queryAll?").back().path;
}

TEST_F(ChangesTest, ALongScanNeverMovesPastItsBeginning) {
  Reads({"Name"});
  api.On("GET", "/query?q=",
         Rows({Row(kTelemetry, "2026-10-19T08:00:00")}, "/services/data/v62.0/query/0r8xx-1"));
  const CrmChanges first = Next("");
  Later(std::chrono::minutes{30});
  api.On("GET", "/query/0r8xx-1", Rows({Row(kTinplate, "2026-10-19T09:30:00")}));
  const CrmChanges last = Next(first.cursor);
  Polls({});
  Replicates({}, {});
  Next(last.cursor);
  EXPECT_NE(api.Requests("GET", "/queryAll?").at(0).path.find(">= 2026-10-19T08:50:30Z"),
            std::string::npos)
      << api.Requests("GET", "/queryAll?").at(0).path;
}

TEST_F(ChangesTest, ALostLocatorGoesOnBehindTheLastRow) {
  Reads({"Name"});
  api.Once("GET", "/query?q=",
           Rows({Row(kTelemetry, "2026-10-19T08:15:42")}, "/services/data/v62.0/query/0r8xx-1"));
  api.On("GET", "/query/0r8xx-1", Refused(400, "INVALID_QUERY_LOCATOR"));
  const std::string cursor = Next("").cursor;
  api.On("GET", "/query?q=", Rows({Row(kTinplate, "2026-10-19T08:16:00")}));
  const CrmChanges rest = Next(cursor);
  EXPECT_TRUE(rest.full);
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(rest.records.at(0).id.text, kTinplate);
  EXPECT_NE(
      api.all.back().path.find("WHERE (SystemModstamp > 2026-10-19T08:15:42Z OR (SystemModstamp = "
                               "2026-10-19T08:15:42Z AND Id > '0065g00000Qm1KdAAJ'))"),
      std::string::npos);
}

TEST_F(ChangesTest, AQueryThatRunsTooLongIsAskedForFewerRows) {
  Reads({"Name"});
  options.page_size = 2000;
  api.Once("GET", "/query?q=", Refused(400, "QUERY_TIMEOUT"));
  api.Once("GET", "/query?q=", Refused(500, "REQUEST_RUNNING_TOO_LONG"));
  std::vector<Json> page;
  for (std::size_t i = 0; i < 500; ++i) page.push_back(Row(NthId(i)));
  api.Once("GET", "/query?q=", Rows(page));
  const CrmChanges first = Next("");
  EXPECT_EQ(first.records.size(), 500u);
  EXPECT_TRUE(first.more) << "as many rows as were asked for";
  EXPECT_TRUE(api.all.at(1).path.ends_with("LIMIT 1000"));
  EXPECT_TRUE(api.all.at(2).path.ends_with("LIMIT 500"));
  api.On("GET", "/query?q=", Rows({Row(kTelemetry)}));
  const CrmChanges last = Next(first.cursor);
  EXPECT_FALSE(last.more);
  EXPECT_NE(api.all.back().path.find("Id > '" + NthId(499) + "'"), std::string::npos);
}

TEST_F(ChangesTest, AQueryThatIsTooSlowWhateverItsSizeEndsAsUnavailable) {
  Reads({"Name"});
  api.On("GET", "/query?q=", Refused(400, "QUERY_TIMEOUT"));
  EXPECT_EQ(Fails(""), ErrorKind::unavailable);
  EXPECT_LT(api.Calls(), 12u);
}

TEST_F(ChangesTest, TheCrossCheckTellsWhatTheScanMissed) {
  const std::string cursor = AfterAFullRead({Row(kTelemetry, "2026-10-19T08:59:00")});
  Later(std::chrono::minutes{10});
  Polls({});
  Stores(Row(kTelemetry, "2026-10-19T08:59:00"));
  Stores(Row(kTinplate, "2026-10-19T08:30:00"));
  const std::string lost = NthId(9);
  Replicates({kTelemetry, "0065g00000Qm2Zx"}, {lost});
  const CrmChanges changes = Next(cursor);
  ASSERT_EQ(changes.records.size(), 1u) << "what was told already is not told again";
  EXPECT_EQ(changes.records[0].id.text, kTinplate);
  EXPECT_EQ(changes.deleted, (std::vector<CrmId>{{lost}}));
  const auto asked = api.Requests("GET", "/updated?").at(0);
  EXPECT_NE(asked.url.find("start=2026-10-19T09%3A00%3A00%2B00%3A00"), std::string::npos)
      << asked.url;
  EXPECT_NE(asked.url.find("end=2026-10-19T09%3A11%3A00%2B00%3A00"), std::string::npos);
  EXPECT_EQ(api.Requests("POST", "/composite/sobjects/Opportunity").size(), 1u);

  Later(std::chrono::minutes{5});
  Next(changes.cursor);
  EXPECT_EQ(api.Requests("GET", "/updated?").size(), 1u) << "not at every poll";
  Later(std::chrono::minutes{5});
  Next(changes.cursor);
  EXPECT_NE(api.Requests("GET", "/updated?").back().path.find("start=2026-10-19T09:09:00"),
            std::string::npos)
      << "from where the server says it is safe";
}

TEST_F(ChangesTest, WhatIsListedAsDeletedButIsThereWasUndeleted) {
  const std::string cursor = AfterAFullRead({});
  Later(std::chrono::minutes{10});
  Polls({});
  Stores(Row(kTelemetry, "2026-10-19T09:06:00"));
  Replicates({}, {kTelemetry});
  const CrmChanges changes = Next(cursor);
  EXPECT_TRUE(changes.deleted.empty());
  EXPECT_EQ(changes.records.size(), 1u);
}

TEST_F(ChangesTest, ATrimmedLogOfDeletionsDemandsAFullRead) {
  const std::string cursor = AfterAFullRead({});
  Later(std::chrono::minutes{10});
  Polls({});
  Replicates({}, {});
  api.On("GET", "/deleted?",
         Answered(200, Json{{"deletedRecords", Json::array()},
                            {"earliestDateAvailable", "2026-10-19T09:05:00.000+0000"},
                            {"latestDateCovered", "2026-10-19T09:09:00.000+0000"}}));
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
}

TEST_F(ChangesTest, TroubleWithTheCrossCheckDoesNotHoldUpTheScan) {
  const std::string cursor = AfterAFullRead({});
  Later(std::chrono::minutes{10});
  Polls({Row(kTelemetry, "2026-10-19T09:10:00")});
  Replicates({}, {});
  api.Once("GET", "/updated?", Failed(ErrorKind::unavailable));
  const CrmChanges changes = Next(cursor);
  EXPECT_EQ(changes.records.size(), 1u);
  Next(changes.cursor);
  EXPECT_EQ(api.Requests("GET", "/updated?").size(), 2u) << "tried again at the next poll";
}

TEST_F(ChangesTest, ACursorOfTwoWeeksAgoIsExpired) {
  const std::string cursor = AfterAFullRead({});
  Later(std::chrono::days{15});
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(ChangesTest, AQuietOrganisationWatchedAllTheTimeIsNot) {
  std::string cursor = AfterAFullRead({});
  Polls({});
  Replicates({}, {});
  options.cross_check_interval = std::chrono::seconds{600};
  const std::string first = cursor;
  for (int day = 0; day < 20; ++day) {
    Later(std::chrono::days{1});
    Replicates({}, {}, FormatInstant(*api.now));
    api.On("GET", "/deleted?",
           Answered(200, Json{{"deletedRecords", Json::array()},
                              {"earliestDateAvailable", "2026-10-05T03:12:00.000+0000"},
                              {"latestDateCovered", FormatInstant(*api.now)}}));
    cursor = Next(cursor).cursor;
  }
  EXPECT_NE(cursor, first) << "renewed, so that a restart does not begin too far back";
}

TEST_F(ChangesTest, AForeignOrUnreadableCursorIsExpired) {
  const std::string cursor = AfterAFullRead({});
  EXPECT_EQ(Fails("something else"), ErrorKind::cursor_expired);
  std::string foreign = cursor;
  foreign.replace(foreign.find("00D5g000004TqAz"), 15, "00D5g000009ZzZz");
  EXPECT_EQ(Fails(foreign), ErrorKind::cursor_expired);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(ChangesTest, ACursorMadeForFewerFieldsIsExpired) {
  const std::string cursor = AfterAFullRead({});
  crm().Select(RecordKind::opportunity, {"Name", "Amount", "Description"});
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
}

TEST_F(ChangesTest, AFieldHiddenMeanwhileDoesNotStopTheChanges) {
  const std::string cursor = AfterAFullRead({});
  Lacks("Amount");
  api.Once("GET", "/queryAll?q=", Refused(400, "INVALID_FIELD", "No such column 'Amount' on"));
  Polls({Row(kTelemetry, "2026-10-19T09:00:00")});
  const CrmChanges changes = Next(cursor);
  ASSERT_EQ(changes.records.size(), 1u);
  EXPECT_FALSE(Json::parse(changes.records[0].raw).contains("Amount"));
}

TEST_F(ChangesTest, TroubleKeepsTheCursor) {
  const std::string cursor = AfterAFullRead({});
  api.Once("GET", "/queryAll?q=", Failed(ErrorKind::unreachable));
  EXPECT_EQ(Fails(cursor), ErrorKind::unreachable);
  api.Once("GET", "/queryAll?q=", Answered(200, "<html>"));
  EXPECT_EQ(Fails(cursor), ErrorKind::invalid_response);
  Polls({Row(kTelemetry, "2026-10-19T09:00:00")});
  EXPECT_EQ(Next(cursor).records.size(), 1u);
}

}  // namespace
}  // namespace cosell::test
