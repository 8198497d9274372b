// What the dashboard reads of links, from a service that has worked against the emulated sides.

#include "app/links_view.h"

#include <gtest/gtest.h>

#include <set>

#include "store/link_reader.h"
#include "support/sync_world.h"

namespace cosell::app {
namespace {

using test::Json;
using test::SyncWorld;

EngineOptions AskingAboutNotes() {
  EngineOptions options;
  options.policy.by_field["notes"] = ConflictPolicy::ask;
  return options;
}

class LinksViewTest : public testing::Test {
 protected:
  LinksViewTest() : sync_(sandbox::CrmProduct::dynamics365, AskingAboutNotes()) {
    referral_ = sync_.MicrosoftSends("<script>alert(1)</script> rollout");
    sync_.Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    sync_.Settle();
    opportunity_ = sync_.OpportunityOf(referral_);
    browser_ = OpenLinkBrowser(sync_.database());
  }
  Json Links(LinkQuery query = {}) { return Json::parse(LinksAsJson(*browser_, query))["links"]; }
  Json Find(const std::string& text) {
    LinkQuery query;
    query.text = text;
    return Links(query);
  }
  Json Link(const std::string& id, bool people = true) {
    const auto json = LinkAsJson(sync_.store(), sync_.engine().mapping(), contoso_, id, people);
    EXPECT_TRUE(json) << id;
    return json ? Json::parse(*json) : Json();
  }
  Json Timeline(bool people = true) {
    return Json::parse(*TimelineAsJson(sync_.store(), *browser_, sync_.engine().mapping(), contoso_,
                                       referral_, people));
  }
  Json Field(const std::string& name, bool people = true) {
    const Json link = Link(referral_, people);
    for (const Json& field : link["fields"]) {
      if (field["field"] == name) return field;
    }
    ADD_FAILURE() << "no field " << name;
    return {};
  }

  SyncWorld sync_;
  const ConnectionName contoso_{"contoso"};
  std::string referral_;
  std::string opportunity_;
  std::unique_ptr<LinkBrowser> browser_;
};

TEST_F(LinksViewTest, ALinkIsFoundByIdsNumberAndName) {
  const Json all = Links();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["name"], "<script>alert(1)</script> rollout");
  EXPECT_EQ(all[0]["connection"], "contoso");
  const std::string number = std::to_string(all[0]["link"].get<int>());
  for (const std::string& text : {referral_, opportunity_, referral_.substr(0, 8), number,
                                  std::string("ROLLOUT"), std::string("  alert(1) ")})
    EXPECT_EQ(Find(text), all) << text;
  EXPECT_TRUE(Find("Harbour crane").empty());
  EXPECT_TRUE(Find("00000000-0000-0000-0000-000000000000").empty());
  EXPECT_TRUE(Find("%").empty()) << "no pattern";
}

TEST_F(LinksViewTest, PagesShowEveryLinkOnce) {
  for (int i = 0; i < 6; ++i) sync_.MicrosoftSends("Referral " + std::to_string(i));
  sync_.Settle();
  LinkQuery query;
  query.limit = 3;
  std::set<std::string> seen;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const Json page = Json::parse(LinksAsJson(*browser_, query));
    for (const Json& link : page["links"])
      EXPECT_TRUE(seen.insert(link["referral_id"]).second) << link;
    more = !page["next_after"].is_null();
    if (more) query.after_id = page["next_after"];
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(pages, 3);
}

TEST_F(LinksViewTest, StateAndConnectionNarrowTheList) {
  auto deal = sync_.NewDeal("Harbour crane retrofit");
  deal.products = "";
  deal.sync = true;
  sync_.SellerOpens(deal);
  sync_.Sync();
  LinkQuery waiting;
  waiting.state = "waiting";
  ASSERT_EQ(Links(waiting).size(), 1u);
  EXPECT_EQ(Links(waiting)[0]["name"], "\u2717 Harbour crane retrofit")
      << "nothing was agreed on yet, so it is what the CRM shows, with its mark";
  EXPECT_EQ(Find("crane").size(), 1u);
  LinkQuery other;
  other.connection.text = "fabrikam";
  EXPECT_TRUE(Links(other).empty());
}

TEST_F(LinksViewTest, BothSidesStandBesideTheirBase) {
  sync_.PartnerSets(referral_, "/details/notes", "Four plants.");
  sync_.SellerSets(opportunity_, {{"notes", "Five plants."}});
  sync_.Settle();
  const Json notes = Field("notes");
  EXPECT_EQ(notes["state"], "conflict");
  EXPECT_EQ(notes["partner_center"], "Four plants.");
  EXPECT_EQ(notes["crm"], "Five plants.");
  EXPECT_EQ(notes["base_partner_center"], "Edge gateways in three plants.");
  EXPECT_TRUE(notes["changed_in_partner_center"].get<bool>());
  EXPECT_TRUE(notes["changed_in_crm"].get<bool>());
  EXPECT_EQ(Field("deal_value")["state"], "agree");
  EXPECT_EQ(Field("deal_value")["crm"], "84500");
  EXPECT_EQ(Link(opportunity_), Link(referral_));
}

TEST_F(LinksViewTest, AnUnknownLinkIsNotFound) {
  for (const char* id : {"4711", "00000000-0000-0000-0000-000000000000", "no-id"}) {
    const auto json = LinkAsJson(sync_.store(), sync_.engine().mapping(), contoso_, id, true);
    ASSERT_FALSE(json) << id;
    EXPECT_EQ(json.error().kind, ErrorKind::not_found);
  }
}

TEST_F(LinksViewTest, PeopleAreCountedForWhomTheyAreNotShown) {
  EXPECT_NE(Field("contacts", true)["partner_center"].get<std::string>().find('@'),
            std::string::npos);
  EXPECT_EQ(Field("contacts", false)["partner_center"], "1 person");
  EXPECT_EQ(Link(referral_, false).dump().find('@'), std::string::npos);
  EXPECT_EQ(Timeline(false).dump().find("jette.korn"), std::string::npos);
}

TEST_F(LinksViewTest, TimelineTellsEveryWriteNewestFirst) {
  const Json timeline = Timeline();
  ASSERT_GE(timeline["audit"].size(), 2u);
  std::int64_t last = timeline["audit"][0]["id"].get<std::int64_t>() + 1;
  bool created = false;
  for (const Json& entry : timeline["audit"]) {
    EXPECT_LT(entry["id"].get<std::int64_t>(), last);
    last = entry["id"];
    created |= entry["operation"] == "create" && entry["record_id"] == opportunity_;
  }
  EXPECT_TRUE(created);
  EXPECT_FALSE(timeline["history"].empty());
}

}  // namespace
}  // namespace cosell::app
