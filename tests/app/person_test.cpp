// What a person hands to the service and is told by it: the reviewed plan, requests, and what
// waits.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/plan_file.h"
#include "app/requests.h"
#include "app/results.h"
#include "app/waiting.h"
#include "store/store_factory.h"
#include "support/fake_clock.h"
#include "support/temp_folder.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// --- the reviewed plan

PlannedLink Planned(std::int64_t link, const std::string& field, const std::string& after) {
  PlannedLink planned;
  planned.work.link.id = link;
  planned.work.link.referral_id.text = "11111111-0000-0000-0000-000000000001";
  Step step;
  step.operation = IntentOperation::update_crm;
  step.reason = "Partner Center has changed";
  step.changes = {{field, "84500", after, "partner_center_changed", "Partner Center changed it"}};
  planned.plan.steps = {step};
  planned.digest = "digest-" + std::to_string(link);
  return planned;
}

class PlanFileTest : public testing::Test {
 protected:
  PlanFileTest() {
    Mapping mapping;
    mapping.fingerprint = "mapping-1";
    const Instant at = *ParseInstant("2026-03-01T09:00:00Z");
    file_["made_at"] = "2026-03-01T09:00:00Z";
    file_["connections"] = {
        Json::parse(PlanAsJson(ConnectionName{"contoso"}, mapping,
                               {Planned(12, "deal_value", "90000"), Planned(15, "notes", "\xff")},
                               at)),
        Json::parse(PlanAsJson(ConnectionName{"fabrikam"}, mapping, {}, at))};
  }
  Json& link(std::size_t index) { return file_["connections"][0]["links"][index]; }
  Result<std::vector<ReviewedConnection>> Read() {
    return ParsePlanFile(file_.dump(), "plan.json");
  }
  std::string Complaint() {
    const auto read = Read();
    EXPECT_FALSE(read);
    return read ? "" : read.error().message;
  }

  Json file_;
};

TEST_F(PlanFileTest, WhatWasPlannedIsReadBack) {
  const auto read = Read();
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].connection.text, "contoso");
  EXPECT_EQ((*read)[0].reviewed.fingerprint, "mapping-1");
  EXPECT_EQ((*read)[0].reviewed.digests,
            (std::map<std::int64_t, std::string>{{12, "digest-12"}, {15, "digest-15"}}));
  EXPECT_EQ((*read)[1].connection.text, "fabrikam");
  EXPECT_TRUE((*read)[1].reviewed.digests.empty());
}

TEST_F(PlanFileTest, ALinkMayBeTakenOut) {
  file_["connections"][0]["links"].erase(0);
  const auto read = Read();
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)[0].reviewed.digests.size(), 1u);
}

TEST_F(PlanFileTest, LayoutAndOrderOfMembersDoNotMatter) {
  EXPECT_TRUE(ParsePlanFile(file_.dump(7), "plan.json"));
  nlohmann::ordered_json backwards;
  for (const char* key : {"checksum", "digest", "conflicts", "steps", "reason", "record_kind",
                          "crm_id", "referral_id", "link"}) {
    backwards[key] = link(0)[key];
  }
  EXPECT_EQ(LinkChecksum(backwards.dump()), link(0)["checksum"]);
}

// The digest stands for what the planner saw. A value rewritten by hand would not be written, so
// the file no longer says what would be done.
TEST_F(PlanFileTest, ARewrittenLinkIsRefused) {
  link(0)["steps"][0]["changes"][0]["after"] = "1";
  const std::string complaint = Complaint();
  EXPECT_TRUE(Says(complaint, "plan.json")) << complaint;
  EXPECT_TRUE(Says(complaint, "connections[0].links[0]: this link was changed")) << complaint;
  EXPECT_FALSE(Says(complaint, "links[1]")) << complaint;
}

TEST_F(PlanFileTest, ALinkUnderAnotherNumberIsRefused) {
  link(1)["link"] = 12;
  EXPECT_TRUE(Says(Complaint(), "connections[0].links[1]: this link was changed"));
}

TEST_F(PlanFileTest, EveryProblemIsNamedWithItsPlace) {
  link(0).erase("digest");
  link(1)["checksum"] = "";
  file_["connections"][0].erase("fingerprint");
  file_["connections"][1]["links"] = 3;
  file_["connections"].push_back("tailspin");
  const std::string complaint = Complaint();
  for (const char* part :
       {"connections[0].fingerprint: is missing", "connections[0].links[0].digest: is missing",
        "connections[0].links[1].checksum: is missing", "connections[1].links: is missing",
        "connections[2]: must be a JSON object", "cosell-sync plan --out"}) {
    EXPECT_TRUE(Says(complaint, part)) << part << "\n" << complaint;
  }
}

TEST_F(PlanFileTest, NothingStandsInItTwice) {
  const Json again = link(0);
  file_["connections"][0]["links"].push_back(again);
  EXPECT_TRUE(Says(Complaint(), "links[2].link: this link stands in the file twice"));
  file_["connections"][0]["links"].erase(2);
  file_["connections"][1]["connection"] = "contoso";
  EXPECT_TRUE(Says(Complaint(), "connections[1].connection: 'contoso' stands in the file twice"));
}

TEST_F(PlanFileTest, AFileThatIsNoPlanSaysWhere) {
  const auto broken = ParsePlanFile("{\n\"made_at\": \"x\",\n oops", "plan.json");
  ASSERT_FALSE(broken);
  EXPECT_TRUE(Says(broken.error().message, "line 3: this is not JSON")) << broken.error().message;
  EXPECT_FALSE(Says(broken.error().message, "oops"));
  for (const char* text : {"{}", "[]", "null", "{\"connections\": {}}"}) {
    const auto read = ParsePlanFile(text, "plan.json");
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(Says(read.error().message, "connections: is missing or no list")) << text;
  }
}

TEST_F(PlanFileTest, ManyProblemsAreCutShort) {
  file_["connections"] = Json::array();
  for (int i = 0; i < 30; ++i) file_["connections"].push_back(i);
  const std::string complaint = Complaint();
  EXPECT_TRUE(Says(complaint, "connections[19]")) << complaint;
  EXPECT_FALSE(Says(complaint, "connections[20]")) << complaint;
  EXPECT_TRUE(Says(complaint, "and 10 more")) << complaint;
}

// --- requests: what one program writes the other understands

TEST(RequestsTest, AReviewedPlanArrivesAsItWasSent) {
  const ReviewedPlan sent{"mapping-1", {{12, "a"}, {15, "b"}}};
  const auto got = ParseApplyRequest(ApplyRequest(sent));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->fingerprint, sent.fingerprint);
  EXPECT_EQ(got->digests, sent.digests);
}

TEST(RequestsTest, ADecisionArrivesAsItWasSent) {
  for (const Take take : {Take::partner_center, Take::crm, Take::leave, Take::lost_value}) {
    const auto got = ParseResolveRequest(ResolveRequest({"12", "deal_value", take}));
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->record_id, "12");
    EXPECT_EQ(got->field, "deal_value");
    EXPECT_EQ(got->take, take);
  }
}

TEST(RequestsTest, AnIdIsUnderstoodInAnySpelling) {
  const auto got = ParseRetryRequest(R"({"id":"{AAAAAAAA-0000-0000-0000-00000000000B}"})");
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, "aaaaaaaa-0000-0000-0000-00000000000b");
}

TEST(RequestsTest, OneLinkOrAllAreRetried) {
  EXPECT_EQ(*ParseRetryRequest(RetryRequest("12")), "12");
  EXPECT_EQ(*ParseRetryRequest(RetryRequest("")), "");
}

TEST(RequestsTest, ARailIsConfirmedOrNone) {
  EXPECT_TRUE(ParseSyncRequest(SyncRequest({"first-share"}))->first_share);
  EXPECT_FALSE(ParseSyncRequest(SyncRequest({}))->first_share);
  EXPECT_FALSE(ParseSyncRequest("{}")->mass_change);
}

TEST(RequestsTest, WhatIsNotUnderstoodIsRefusedByName) {
  const auto refused = [](const auto& result, const std::string& part) {
    ASSERT_FALSE(result) << part;
    EXPECT_EQ(result.error().kind, ErrorKind::invalid_input);
    EXPECT_TRUE(Says(result.error().message, part)) << result.error().message;
  };
  refused(ParseSyncRequest(R"({"confirm":"all"})"), "'all' cannot be confirmed");
  refused(ParseSyncRequest(R"({"confirm":1})"), "\"confirm\"");
  refused(ParseSyncRequest(R"({"force":true})"), "may hold only: confirm");
  refused(ParseApplyRequest(""), "must be a JSON object");
  refused(ParseApplyRequest(R"({"links":[]})"), "\"fingerprint\"");
  refused(ParseApplyRequest(R"({"fingerprint":"f"})"), "\"links\" must be a list");
  refused(ParseApplyRequest(R"({"fingerprint":"f","links":[1]})"), "links[0] must be an object");
  refused(ParseApplyRequest(R"({"fingerprint":"f","links":[{"digest":"a"}]})"), "links[0].link");
  refused(ParseApplyRequest(R"({"fingerprint":"f","links":[{"link":1}]})"), "\"digest\"");
  refused(ParseApplyRequest(R"({"fingerprint":"f","links":[{"link":1,"digest":"a","x":1}]})"),
          "may hold only: link, digest");
  refused(ParseApplyRequest(
              R"({"fingerprint":"f","links":[{"link":1,"digest":"a"},{"link":1,"digest":"b"}]})"),
          "links[1].link is there twice");
  refused(ParseResolveRequest(R"({"id":"1","field":"notes","take":"both"})"), "\"take\" must be");
  refused(ParseResolveRequest(R"({"id":"1","take":"crm"})"), "\"field\"");
  refused(ParseResolveRequest(R"({"id":"","field":"notes","take":"crm"})"), "\"id\"");
  for (const char* body : {"{}", R"({"all":false})", R"({"all":true,"id":"1"})"}) {
    refused(ParseRetryRequest(body), "either");
  }
}

// --- what a round stands for

TEST(RoundResultTest, APlanThatChangedIsARefusal) {
  RoundResult result;
  result.stopped = "plan-changed";
  result.reason = "link 12 would be changed in another way now";
  EXPECT_EQ(ExitCodeOf(result), 5);
  const Json json = Json::parse(RoundAsJson(ConnectionName{"contoso"}, result));
  EXPECT_EQ(json["exit_code"], 5);
  EXPECT_EQ(json["reason"], result.reason);
}

TEST(RoundResultTest, WhateverNewlyWaitsForAPersonIsExitCode1) {
  EXPECT_EQ(ExitCodeOf(RoundResult{}), 0);
  RoundResult refused;
  refused.run.failed = 1;
  RoundResult asked;
  asked.run.conflicts = 1;
  RoundResult told;
  told.told = 1;
  RoundResult drifting;
  drifting.drifting = 1;
  for (const auto& result : {refused, asked, told, drifting}) EXPECT_EQ(ExitCodeOf(result), 1);
  drifting.broken = Error{ErrorKind::unreachable, "no route"};
  EXPECT_EQ(ExitCodeOf(drifting), 3);
}

// --- what waits for a person

class WaitingTest : public testing::Test {
 protected:
  WaitingTest() {
    StoreOptions options;
    options.path = folder_.File("cosell-sync.db");
    options.clock = &clock_;
    store_ = OpenStore(options);
    store_->OpenConnection(name_, "live");
  }
  std::int64_t Pair(LinkState state) {
    Link link;
    link.referral_id.text = "11111111-0000-0000-0000-000000000001";
    link.crm_id.text = "22222222-0000-0000-0000-000000000002";
    link.state = state;
    link.reason = "the CRM refused it twice";
    link.attempts = 2;
    link.not_before = *ParseInstant("2026-03-01T10:00:00Z");
    return store_->InsertLink(name_, link);
  }
  Json Conflicts() { return Json::parse(ConflictsAsJson(*store_, name_)); }
  Json Quarantine() { return Json::parse(QuarantineAsJson(*store_, name_)); }

  test::TempFolder folder_;
  test::FakeClock clock_;
  std::unique_ptr<Store> store_;
  const ConnectionName name_{"contoso"};
};

TEST_F(WaitingTest, AConflictShowsBothValuesAndWhetherItIsDecided) {
  const std::int64_t link = Pair(LinkState::conflict);
  Conflict conflict{link,    "deal_value", "84500",
                    "90000", "70000",      *ParseInstant("2026-03-01T09:00:00Z")};
  Changes changes;
  changes.conflicts = {{conflict, false}};
  store_->Commit(name_, changes);
  const Json open = {{"link", link},
                     {"referral_id", "11111111-0000-0000-0000-000000000001"},
                     {"crm_id", "22222222-0000-0000-0000-000000000002"},
                     {"field", "deal_value"},
                     {"base", "84500"},
                     {"partner_center_value", "90000"},
                     {"crm_value", "70000"},
                     {"since", "2026-03-01T09:00:00Z"},
                     {"decided", nullptr}};
  EXPECT_EQ(Conflicts(), Json({{"connection", "contoso"}, {"conflicts", Json::array({open})}}));

  Decision decision;
  decision.link_id = link;
  decision.field = "deal_value";
  decision.take = Take::crm;
  decision.decided_at = clock_.Now();
  Changes decided;
  decided.decisions = {{decision, false}};
  store_->Commit(name_, decided);
  EXPECT_EQ(Conflicts()["conflicts"][0]["decided"], "crm");
}

TEST_F(WaitingTest, AQuarantinedLinkShowsWhyAndWhenItIsLookedAtAgain) {
  const std::int64_t link = Pair(LinkState::quarantined);
  const Json shown = {{"link", link},
                      {"referral_id", "11111111-0000-0000-0000-000000000001"},
                      {"crm_id", "22222222-0000-0000-0000-000000000002"},
                      {"record_kind", "opportunity"},
                      {"reason", "the CRM refused it twice"},
                      {"attempts", 2},
                      {"next_look_at", "2026-03-01T10:00:00Z"}};
  EXPECT_EQ(Quarantine()["quarantined"], Json::array({shown}));
}

TEST_F(WaitingTest, ALinkInSyncDoesNotWait) {
  Pair(LinkState::in_sync);
  EXPECT_TRUE(Quarantine()["quarantined"].empty());
  EXPECT_TRUE(Conflicts()["conflicts"].empty());
}

TEST_F(WaitingTest, AConnectionThatNeverRanHasNothingWaiting) {
  const ConnectionName fresh{"fabrikam"};
  EXPECT_TRUE(Json::parse(ConflictsAsJson(*store_, fresh))["conflicts"].empty());
  EXPECT_TRUE(Json::parse(QuarantineAsJson(*store_, fresh))["quarantined"].empty());
}

}  // namespace
}  // namespace cosell::app
