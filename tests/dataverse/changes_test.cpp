#include "organization.h"

namespace cosell::test {
namespace {

class ChangesTest : public DataverseTest {
 protected:
  static std::string Link(const std::string& token) {
    return std::string(kOrigin) + "/api/data/v9.2/opportunities?$select=name&" + token;
  }
  static std::string PageOf(const std::vector<Json>& rows, const std::string& next,
                            const std::string& delta) {
    Json page = {{"value", rows}};
    if (!next.empty()) page["@odata.nextLink"] = next;
    if (!delta.empty()) page["@odata.deltaLink"] = delta;
    return page.dump();
  }
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
  // Reads everything, so that a delta link is at hand.
  std::string AfterAFullRead() {
    Reads({"name"});
    api.On("GET", "opportunities?",
           Answered(200, PageOf({Row(kBrewhouse)}, "", Link("$deltatoken=1"))));
    const CrmChanges changes = Next("");
    EXPECT_TRUE(changes.full);
    EXPECT_FALSE(changes.more);
    api.Forget();
    return changes.cursor;
  }
};

TEST_F(ChangesTest, AFullReadPagesUpToTheDeltaLink) {
  Reads({"name"});
  api.Once("GET", "opportunities?",
           Answered(200, PageOf({Row(kBrewhouse)}, Link("$skiptoken=2"), "")));
  api.Once("GET", "$skiptoken=2",
           Answered(200, PageOf({Row(kYardPilot)}, "", Link("$deltatoken=1"))));
  const CrmChanges first = Next("");
  EXPECT_TRUE(first.full && first.more);
  ASSERT_EQ(first.records.size(), 1u);
  const CrmChanges second = Next(first.cursor);
  EXPECT_TRUE(second.full);
  EXPECT_FALSE(second.more);
  EXPECT_EQ(second.records.at(0).id.text, kYardPilot);

  const auto& request = api.all.at(0);
  EXPECT_EQ(request.header("Prefer"), "odata.track-changes,odata.maxpagesize=2");
  EXPECT_EQ(request.path.find("$filter"), std::string::npos);
  EXPECT_EQ(request.path.find("$orderby"), std::string::npos);
  EXPECT_NE(api.all.at(1).header("Prefer").find("odata.maxpagesize=2"), std::string::npos);
}

TEST_F(ChangesTest, ADeltaHoldsChangesAndDeletions) {
  const std::string cursor = AfterAFullRead();
  api.On(
      "GET", "$deltatoken=1",
      Answered(200,
               PageOf({Row(kBrewhouse, "W/\"9\""),
                       {{"@odata.context", "x#opportunities/$deletedEntity"}, {"id", kYardPilot}},
                       {{"id", kSeller}, {"reason", "deleted"}}},
                      "", Link("$deltatoken=2"))));
  const CrmChanges changes = Next(cursor);
  EXPECT_FALSE(changes.full);
  EXPECT_FALSE(changes.more);
  ASSERT_EQ(changes.records.size(), 1u);
  EXPECT_EQ(changes.records[0].etag, "W/\"9\"");
  EXPECT_EQ(changes.deleted, (std::vector<CrmId>{{kYardPilot}, {kSeller}}));

  api.On("GET", "$deltatoken=2", Answered(200, ""));
  const CrmChanges idle = Next(changes.cursor);
  EXPECT_TRUE(idle.records.empty());
  EXPECT_EQ(idle.cursor, changes.cursor);
}

TEST_F(ChangesTest, TheServersLinkIsFollowedUnchanged) {
  Reads({"name"});
  const std::string link = Link("$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E");
  api.Once("GET", "opportunities?", Answered(200, PageOf({}, link, "")));
  const std::string cursor = Next("").cursor;
  api.Once("GET", "$skiptoken", Answered(200, PageOf({}, "", Link("$deltatoken=1"))));
  Next(cursor);
  EXPECT_EQ(api.all.back().url, link);
}

TEST_F(ChangesTest, ALostTokenIsAnExpiredCursor) {
  const std::string cursor = AfterAFullRead();
  api.Once("GET", "$deltatoken=1", Refused(400, "0x80044352"));
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
  api.Once("GET", "$deltatoken=1", Refused(400, ""));
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
  api.Once("GET", "$deltatoken=1", Answered(410));
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
}

TEST_F(ChangesTest, TroubleOnADeltaLinkKeepsTheCursor) {
  const std::string cursor = AfterAFullRead();
  api.Once("GET", "$deltatoken=1", Failed(ErrorKind::unavailable));
  EXPECT_EQ(Fails(cursor), ErrorKind::unavailable);
  api.Once("GET", "$deltatoken=1", Refused(403, "0x80040220"));
  EXPECT_EQ(Fails(cursor), ErrorKind::forbidden);
}

TEST_F(ChangesTest, AnUnreadableOrForeignCursorIsExpired) {
  const std::string cursor = AfterAFullRead();
  EXPECT_EQ(Fails("https://somewhere"), ErrorKind::cursor_expired);
  EXPECT_EQ(Fails(ReplaceAll(cursor, "contoso", "fabrikam")), ErrorKind::cursor_expired);
  EXPECT_TRUE(api.all.empty());
}

TEST_F(ChangesTest, ACursorMadeForOtherColumnsIsExpired) {
  const std::string cursor = AfterAFullRead();
  crm().Select(RecordKind::opportunity, {"name", "description"});
  EXPECT_EQ(Fails(cursor), ErrorKind::cursor_expired);
}

TEST_F(ChangesTest, ALinkToAnotherHostIsRefusedAndGetsNoToken) {
  Reads({"name"});
  for (const std::string foreign :
       {"https://contoso.crm4.dynamics.com.evil.example/api/data/v9.2/opportunities",
        "https://contoso.crm4.dynamics.com@evil.example/api/data/v9.2/opportunities",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/opportunities",
        "https://contoso.crm4.dynamics.com:8443/api/data/v9.2/opportunities",
        "https://contoso.crm4.dynamics.com/elsewhere", "//evil.example/api/data/"}) {
    api.Once("GET", "opportunities?", Answered(200, PageOf({Row(kBrewhouse)}, foreign, "")));
    EXPECT_EQ(Fails(""), ErrorKind::invalid_response) << foreign;
    api.Once("GET", "opportunities?", Answered(200, PageOf({Row(kBrewhouse)}, "", foreign)));
    EXPECT_EQ(Fails(""), ErrorKind::invalid_response) << foreign;
  }
}

TEST_F(ChangesTest, TheOrganisationsLinkMayNameItsDefaultPort) {
  Reads({"name"});
  const std::string link =
      "https://Contoso.crm4.dynamics.com:443/api/data/v9.2/opportunities?$skiptoken=2";
  api.Once("GET", "opportunities?", Answered(200, PageOf({Row(kBrewhouse)}, link, "")));
  EXPECT_TRUE(Next("").more);
}

TEST_F(ChangesTest, WithoutChangeTrackingChangesAreReadByModificationTime) {
  api.On("GET", "EntityDefinitions(LogicalName='opportunity')?",
         Answered(200, R"({"ChangeTrackingEnabled":false})"));
  Reads({"name"});
  api.Once("GET", "opportunities?",
           Answered(200, PageOf({Row(kBrewhouse)}, Link("$skiptoken=2"), "")));
  api.Once(
      "GET", "$skiptoken=2",
      Answered(200, PageOf({With(Row(kYardPilot), "modifiedon", "2026-03-02T09:00:00Z")}, "", "")));
  const CrmChanges first = Next("");
  EXPECT_TRUE(first.full && first.more);
  EXPECT_NE(api.all.at(0).path.find("$orderby=modifiedon asc,opportunityid asc"),
            std::string::npos);
  EXPECT_EQ(api.all.at(0).header("Prefer"), "odata.maxpagesize=2");
  const CrmChanges second = Next(first.cursor);
  EXPECT_TRUE(second.full);
  EXPECT_FALSE(second.more);

  api.On("GET", "opportunities?", Answered(200, PageOf({}, "", "")));
  const CrmChanges third = Next(second.cursor);
  EXPECT_FALSE(third.full);
  EXPECT_NE(api.all.back().path.find("modifiedon ge 2026-03-02T08:58:00Z"), std::string::npos)
      << api.all.back().path;
  EXPECT_EQ(third.cursor, second.cursor);
}

TEST_F(ChangesTest, ARefusedPreferenceFallsBackToModificationTime) {
  Reads({"name"});
  api.Once("GET", "opportunities?", Refused(400, "0x80040203"));
  api.Once("GET", "opportunities?", Answered(200, PageOf({Row(kBrewhouse)}, "", "")));
  const CrmChanges changes = Next("");
  EXPECT_TRUE(changes.full);
  EXPECT_EQ(changes.records.size(), 1u);
  api.On("GET", "opportunities?", Answered(200, PageOf({}, "", "")));
  Next(changes.cursor);
  EXPECT_NE(api.all.back().path.find("modifiedon ge"), std::string::npos);
}

TEST_F(ChangesTest, AFullReadWithoutADeltaLinkBeginsAgainByModificationTime) {
  Reads({"name"});
  api.Once("GET", "opportunities?", Answered(200, PageOf({Row(kBrewhouse)}, "", "")));
  const CrmChanges first = Next("");
  EXPECT_TRUE(first.full && first.more);
  api.Once("GET", "$orderby=modifiedon", Answered(200, PageOf({Row(kBrewhouse)}, "", "")));
  const CrmChanges second = Next(first.cursor);
  EXPECT_TRUE(second.full);
  EXPECT_FALSE(second.more);
}

TEST_F(ChangesTest, AFullReadThatListsNothingAtAllIsNotBelieved) {
  Reads({"name"});
  api.Once("GET", "opportunities?", Answered(200, "{}"));
  EXPECT_EQ(Fails(""), ErrorKind::invalid_response);
}

}  // namespace
}  // namespace cosell::test
