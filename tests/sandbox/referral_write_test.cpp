#include "tests/sandbox/world_fixture.h"

namespace cosell::sandbox {
namespace {

// POST, PATCH and PUT (contract partner-center.md 3.5 to 3.7, 3.10, 3.11).
class ReferralWriteTest : public WorldTest {
 protected:
  // A POST of the deal after `change` is refused with 400 and names `word`.
  template <typename Change>
  void ExpectRefused(Change&& change, const std::string& word) {
    Json deal = Deal();
    change(deal);
    const Reply reply = Post(deal);
    EXPECT_EQ(reply.status, 400) << word;
    EXPECT_EQ(reply.code(), "invalidRequest");
    EXPECT_NE(reply.text.find(word), std::string::npos) << reply.text;
  }
  int PatchStatus(const std::string& id, const Json& operations) {
    return Patch(id, operations).status;
  }
};

TEST_F(ReferralWriteTest, ACreatedDealIsFilledInByTheServer) {
  Json deal = Deal();
  deal["status"] = "New";
  deal["substatus"] = "Pending";
  const Json referral = Created(deal);
  EXPECT_EQ(referral["status"], "Active");
  EXPECT_EQ(referral["substatus"], "Accepted");
  EXPECT_EQ(referral["direction"], "Outgoing");
  EXPECT_EQ(referral["acceptedDateTime"], referral["createdDateTime"]);
  EXPECT_TRUE(referral["expirationDateTime"].is_null());
  EXPECT_EQ(referral["organizationId"], world.identities().organization_id);
  EXPECT_EQ(referral["consent"]["consentToContact"], true) << "names come in any case";
  EXPECT_FALSE(referral["consent"].contains("ConsentToContact"));
  const std::string etag = referral["eTag"];
  EXPECT_EQ(etag.size(), 38u) << etag;
  EXPECT_EQ(Get(referral["id"]).body["customerProfile"]["name"], "Northwind Harbour Logistics AS");
}

TEST_F(ReferralWriteTest, TheETagEndsInTheTimeOfTheUpdate) {
  const std::string etag = Created()["eTag"];
  const auto seconds = std::stoll(etag.substr(25, 8), nullptr, 16);
  EXPECT_EQ(seconds, ToUnixMs(clock.Now()) / 1000);
}

TEST_F(ReferralWriteTest, CreateAnswers200WhenSwitched) {
  world.switches().create_status = 200;
  EXPECT_EQ(Post(Deal()).status, 200);
}

TEST_F(ReferralWriteTest, EveryCreateRuleIsEnforced) {
  ExpectRefused([](Json& d) { d.erase("type"); }, "type");
  ExpectRefused([](Json& d) { d.erase("consent"); }, "consent");
  ExpectRefused([](Json& d) { d["customerProfile"].erase("name"); }, "customerProfile.name");
  ExpectRefused([](Json& d) { d["customerProfile"]["address"]["country"] = "NOR"; }, "two-letter");
  ExpectRefused([](Json& d) { d["customerProfile"]["address"]["city"] = ""; }, "city");
  ExpectRefused([](Json& d) { d["consent"]["consentToToShareInfoWithOthers"] = false; },
                "consentToToShareInfoWithOthers");
  ExpectRefused([](Json& d) { d["details"].erase("dealValue"); }, "dealValue");
  ExpectRefused([](Json& d) { d["details"]["currency"] = "EURO"; }, "currency");
  ExpectRefused([](Json& d) { d["details"].erase("closingDateTime"); }, "closingDateTime");
  ExpectRefused([](Json& d) { d["details"]["requirements"]["solutions"] = Json::array(); },
                "solutions");
  ExpectRefused([](Json& d) { d["details"]["requirements"]["solutions"][0]["id"] = "Crane"; },
                "solution id");
  ExpectRefused(
      [](Json& d) {
        d["details"]["requirements"]["solutions"] =
            Json::array({{{"type", "Category"}, {"id", "CloudMigration"}}});
      },
      "co-sell ready");
  ExpectRefused([](Json& d) { d["team"] = Json::array(); }, "team");
  ExpectRefused([](Json& d) { d["team"][0].erase("phoneNumber"); }, "phone");
  ExpectRefused([](Json& d) { d["type"] = "Private"; }, "type");
  ExpectRefused([](Json& d) { d["target"][0].erase("id"); }, "target");
  ExpectRefused(
      [](Json& d) {
        d["status"] = "New";
        d["substatus"] = "Accepted";
      },
      "status");
  ExpectRefused([](Json& d) { d["eTag"] = "x"; }, "eTag");
  EXPECT_TRUE(world.ReferralIds().empty());
}

TEST_F(ReferralWriteTest, FiftyOneSolutionsOrMembersAreTooMany) {
  ExpectRefused(
      [](Json& d) {
        Json& list = d["details"]["requirements"]["solutions"];
        while (list.size() < 51) list.push_back(list[0]);
      },
      "50");
  ExpectRefused(
      [](Json& d) {
        while (d["team"].size() < 51) d["team"].push_back(d["team"][0]);
      },
      "50");
}

TEST_F(ReferralWriteTest, InferredRulesAreSwitchable) {
  Json deal = Deal();
  deal["links"] = Json::object();
  world.switches().server_fields_refused = false;
  EXPECT_EQ(Post(deal).status, 201);
  world.switches().marketplace_intent_required = true;
  EXPECT_EQ(Post(Deal()).status, 400);
  deal["details"]["requirements"]["additionalRequirements"]["attributes"] =
      Json::array({{{"type", "CustomerMarketplaceIntent"}, {"id", "HaveNotDecided"}}});
  EXPECT_EQ(Post(deal).status, 201);
}

TEST_F(ReferralWriteTest, BodiesMustBeJson) {
  EXPECT_EQ(Call("POST", "", "{").status, 400);
  Json odd = Deal();
  odd["details"] = Json::array({1});
  EXPECT_EQ(Post(odd).status, 400);
  odd = Deal();
  odd["details"]["requirements"]["additionalRequirements"] = "text";
  EXPECT_NE(Post(odd).status, -1);
  net::HttpRequest request{"POST",
                           world.origins().referrals + "/v1.0/engagements/referrals",
                           {{"Authorization", "Bearer " + TokenFor(world.origins().referrals)},
                            {"Content-Type", "application/json-patch+json"}},
                           Deal().dump()};
  EXPECT_EQ(Send(request).status, 415);
}

TEST_F(ReferralWriteTest, APatchAnswersNothingUnlessAskedForTheReferral) {
  const Json before = Created();
  clock.Advance(std::chrono::seconds(5));
  const Reply quiet = Patch(before["id"], Replace("/details/dealValue", "91000"));
  EXPECT_EQ(quiet.status, 204);
  EXPECT_TRUE(quiet.text.empty());
  const Reply full = Patch(before["id"], Replace("/details/notes", "Wider."),
                           {{"Prefer", "return=representation"}});
  EXPECT_EQ(full.status, 200);
  EXPECT_EQ(full.body["details"]["dealValue"], 91000) << "text is taken, a number is answered";
  EXPECT_NE(full.body["eTag"], before["eTag"]);
  EXPECT_NE(full.body["updatedDateTime"], before["updatedDateTime"]);
}

TEST_F(ReferralWriteTest, AStaleETagIsRefusedAndNothingChanges) {
  const Json before = Created();
  ASSERT_EQ(PatchStatus(before["id"], Replace("/details/notes", "first")), 204);
  const Reply reply =
      Patch(before["id"], Replace("/details/notes", "second"), {{"If-Match", before["eTag"]}});
  EXPECT_EQ(reply.status, 412);
  EXPECT_EQ(reply.code(), "preconditionFailed");
  EXPECT_EQ(reply.body["error"]["innerError"]["code"], "resourceModified");
  const Json now = Stored(before["id"]);
  EXPECT_EQ(now["details"]["notes"], "first");
  EXPECT_EQ(
      Patch(before["id"], Replace("/details/notes", "third"), {{"If-Match", now["eTag"]}}).status,
      204);
}

TEST_F(ReferralWriteTest, APatchIsAppliedWholeOrNotAtAll) {
  const std::string id = Created()["id"];
  Json operations = Replace("/details/notes", "changed");
  operations.push_back({{"op", "replace"}, {"path", "/details/dealValue"}, {"value", 0}});
  EXPECT_EQ(PatchStatus(id, operations), 400);
  EXPECT_EQ(Stored(id)["details"]["notes"], "Pilot on two cranes first.");
}

TEST_F(ReferralWriteTest, OnlyTheConnectorsPathsCanBePatched) {
  const std::string id = Created()["id"];
  for (const char* path :
       {"/id", "/type", "/customerProfile/name", "/mpnId", "/inviteContext/notes", "/eTag",
        "/registrations/-", "/team/0/email", "/details", "name"})
    EXPECT_EQ(PatchStatus(id, Replace(path, "x")), 400) << path;
  for (const char* op : {"remove", "test", "move", "copy"})
    EXPECT_EQ(PatchStatus(id, Json::array({{{"op", op}, {"path", "/name"}, {"value", "x"}}})), 400);
  EXPECT_EQ(PatchStatus(id, Json::array({{{"op", "replace"}, {"path", "/name"}}})), 400);
  EXPECT_EQ(PatchStatus(id, Json::object()), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/externalReferenceId", "opp-9")), 204);
  EXPECT_EQ(PatchStatus(id, Replace("/name", "Renamed")), 204);
  world.switches().name_writable = false;
  EXPECT_EQ(PatchStatus(id, Replace("/name", "Again")), 400);
}

TEST_F(ReferralWriteTest, ListsAreReplacedWholeOrAppended) {
  const std::string id = Created()["id"];
  const Json noor = {{"firstName", "Noor"},
                     {"lastName", "Visser"},
                     {"phoneNumber", "+31205550177"},
                     {"Email", "noor@tailspinrobotics.example"}};
  EXPECT_EQ(PatchStatus(id, Json::array({{{"op", "add"}, {"path", "/team/-"}, {"value", noor}}})),
            204);
  EXPECT_EQ(Stored(id)["team"].size(), 2u);
  EXPECT_EQ(Stored(id)["team"][1]["email"], "noor@tailspinrobotics.example");
  EXPECT_EQ(PatchStatus(id, Replace("/team/-", noor)), 400) << "only add appends";
  EXPECT_EQ(PatchStatus(id, Replace("/team", Json::array({noor}))), 204);
  EXPECT_EQ(Stored(id)["team"].size(), 1u);
  EXPECT_EQ(PatchStatus(id, Replace("/team", Json::array())), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/details/requirements/solutions", Json::array())), 400);
}

TEST_F(ReferralWriteTest, ValuesOfAPatchAreChecked) {
  const std::string id = Created()["id"];
  EXPECT_EQ(PatchStatus(id, Replace("/details/dealValue", "")), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/details/dealValue", "12 000")), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/details/currency", "XXZ")), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/details/closingDateTime", "soon")), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/details/notes", 5)), 400);
  EXPECT_EQ(PatchStatus(id, Replace("/consent/consentToShareReferralWithMicrosoftSellers", false)),
            400)
      << "visibility is one-way";
}

TEST_F(ReferralWriteTest, StatusMovesFollowTheLifeCycle) {
  const std::string id = Created()["id"];
  EXPECT_EQ(PatchStatus(id, Replace("/status", "Closed")), 400) << "the pair is incomplete";
  EXPECT_EQ(PatchStatus(id, StatusPatch("New", "Pending")), 400);
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Declined")), 400) << "it was accepted";
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Expired")), 400) << "the server's alone";
  EXPECT_EQ(PatchStatus(id, StatusPatch("closed", "won")), 204);
  EXPECT_EQ(Stored(id)["substatus"], "Won");
  EXPECT_TRUE(Stored(id)["closedDateTime"].is_string());
}

TEST_F(ReferralWriteTest, AClosedReferralTakesNoEditAtAll) {
  const std::string id = Created()["id"];
  ASSERT_EQ(PatchStatus(id, StatusPatch("Closed", "Lost")), 204);
  EXPECT_EQ(PatchStatus(id, Replace("/details/notes", "late")), 400);
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Lost")), 400);
  EXPECT_EQ(PatchStatus(id, StatusPatch("Active", "Accepted")), 400);
}

TEST_F(ReferralWriteTest, ANewReferralMustBeAcceptedBeforeItIsWon) {
  const std::string id = *world.MicrosoftSends(Deal().dump());
  EXPECT_EQ(Stored(id)["status"], "New");
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Won")), 400);
  EXPECT_EQ(PatchStatus(id, StatusPatch("Active", "Accepted")), 204);
  EXPECT_TRUE(Stored(id)["acceptedDateTime"].is_string());
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Won")), 204);
}

TEST_F(ReferralWriteTest, ReasonsAreDemandedWhenSwitched) {
  const std::string id = Created()["id"];
  world.switches().reason_required = true;
  EXPECT_EQ(PatchStatus(id, StatusPatch("Closed", "Lost")), 400);
  Json operations = StatusPatch("Closed", "Lost");
  operations.push_back({{"op", "replace"}, {"path", "/statusReason"}, {"value", "Not a customer"}});
  EXPECT_EQ(PatchStatus(id, operations), 204);
}

TEST_F(ReferralWriteTest, ThePutOfOldDaysReplacesEverythingWithAnETag) {
  const std::string id = Created()["id"];
  Json body = Get(id).body;
  const std::string etag = body["eTag"];
  const auto put = [&](net::Headers headers) {
    return Call("PUT", "/" + id, body.dump(), std::move(headers)).status;
  };
  EXPECT_EQ(put({{"If-Match", etag}}), 400) << "links must go";
  body.erase("links");
  EXPECT_EQ(put({}), 400);
  EXPECT_EQ(put({{"If-Match", "\"old\""}}), 412);
  body["details"]["notes"] = "by PUT";
  body["customerProfile"]["name"] = "Somebody else";
  EXPECT_EQ(put({{"If-Match", etag}}), 400) << "the customer is frozen";
  body["customerProfile"]["name"] = "Northwind Harbour Logistics AS";
  EXPECT_EQ(put({{"If-Match", etag}}), 200);
  EXPECT_EQ(Stored(id)["details"]["notes"], "by PUT");
  world.switches().put_supported = false;
  EXPECT_EQ(put({{"If-Match", etag}}), 405);
}

}  // namespace
}  // namespace cosell::sandbox
