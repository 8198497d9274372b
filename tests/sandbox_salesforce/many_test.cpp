#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

// Many records in one call: collections, composite, graph, batch, tree.
namespace cosell::sandbox {
namespace {

class ManyTest : public ::testing::Test {
 protected:
  static Json Record(const std::string& type, Json fields) {
    fields["attributes"] = {{"type", type}};
    return fields;
  }
  static Json Deal(const std::string& name) {
    return Record("Opportunity", Instance::DealBody(name));
  }
  Json Many(const std::string& method, const std::string& path, const Json& records,
            bool all_or_none = false) {
    const Reply reply =
        org.Send(method, path, Json{{"allOrNone", all_or_none}, {"records", records}}.dump());
    return reply.status == 200 ? reply.json()
                               : Json{{"status", reply.status}, {"body", reply.json()}};
  }
  static std::string StatusCode(const Json& result) { return result["errors"][0]["statusCode"]; }
  std::size_t Count(const std::string& object) {
    return org.Query("SELECT COUNT() FROM " + object).json()["totalSize"];
  }

  Instance org;
  const std::string records = "composite/sobjects";
  const std::string upsert = "composite/sobjects/Opportunity/Referral_Identifier__c";
};

using CollectionsTest = ManyTest;

TEST_F(CollectionsTest, EachRecordHasItsOwnResult) {
  const Json made = Many("POST", records, {Deal("A"), Record("Opportunity", {{"Name", "B"}})});
  EXPECT_EQ(made[0]["success"], true);
  EXPECT_EQ(StatusCode(made[1]), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(made[1]["errors"][0]["fields"], Json({"StageName", "CloseDate"}));
  EXPECT_FALSE(made[1].contains("id"));
  const std::string id = made[0]["id"];
  const Json changed = Many("PATCH", records,
                            {Record("Opportunity", {{"id", id}, {"StageName", ""}}),
                             Record("Opportunity", {{"Id", "0065g00000Qm1KdAAJ"}, {"Name", "C"}}),
                             Record("Opportunity", {{"Name", "D"}})});
  EXPECT_EQ(changed[0]["id"], id);
  EXPECT_EQ(StatusCode(changed[0]), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(StatusCode(changed[1]), "INVALID_CROSS_REFERENCE_KEY");
  EXPECT_EQ(StatusCode(changed[2]), "MISSING_ARGUMENT");
}

TEST_F(CollectionsTest, AllOrNoneRollsTheHealthyBack) {
  const Json results =
      Many("POST", records,
           {Record("Contact", {{"LastName", "Okafor"}}), Record("Contact", {{"FirstName", "No"}})},
           true);
  EXPECT_EQ(StatusCode(results[0]), "ALL_OR_NONE_OPERATION_ROLLED_BACK");
  EXPECT_EQ(StatusCode(results[1]), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(Count("Contact"), 0u);
  EXPECT_TRUE(org.world.journal().empty());
}

TEST_F(CollectionsTest, UpsertSaysWhatItMade) {
  const Json first = Record("Opportunity", {{"Referral_Identifier__c", "r1"},
                                            {"Name", "A"},
                                            {"StageName", "Qualification"},
                                            {"CloseDate", "2026-11-30"}});
  EXPECT_EQ(Many("PATCH", upsert, Json::array({first}))[0]["created"], true);
  const Json again =
      Many("PATCH", upsert,
           {Record("Opportunity", {{"Referral_Identifier__c", "R1"}, {"NextStep", "Kick-off"}}),
            Record("Opportunity", {{"NextStep", "no key"}})});
  EXPECT_EQ(again[0]["created"], false);
  EXPECT_EQ(org.Field(again[0]["id"], "NextStep"), "Kick-off");
  EXPECT_EQ(StatusCode(again[1]), "MISSING_ARGUMENT");
  EXPECT_EQ(Many("PATCH", "composite/sobjects/Opportunity/Nope__c", Json::array({first}))["status"],
            404);
  EXPECT_EQ(Many("PATCH", "/services/data/v45.0/" + upsert, Json::array({first}))["status"], 404);
}

// The contract suite of the product's port once found inserts refused as if they were updates.
TEST_F(CollectionsTest, AnUpsertThatInsertsTakesFieldsThatAreOnlyCreateable) {
  const Json made = Many("POST", "composite/sobjects",
                         Json::array({Record("Contact", {{"LastName", "Okafor"}})}));
  const Json deal = Record("Opportunity", {{"Referral_Identifier__c", "r1"},
                                           {"Name", "A"},
                                           {"StageName", "Qualification"},
                                           {"CloseDate", "2026-11-30"},
                                           {"ContactId", made[0]["id"]}});
  EXPECT_EQ(Many("PATCH", upsert, Json::array({deal}))[0]["created"], true);
  EXPECT_NE(
      Many("PATCH", upsert, Json::array({deal})).dump().find("INVALID_FIELD_FOR_INSERT_UPDATE"),
      std::string::npos);
}

TEST_F(CollectionsTest, UpsertRefusesSeveralMatches) {
  SalesforceWorldOptions options;
  options.identifier_unique = false;
  Instance loose(options);
  for (const auto* name : {"A", "B"}) loose.Deal(name, {{"Referral_Identifier__c", "r"}});
  const Json body = {
      {"records",
       Json::array({Record("Opportunity", {{"Referral_Identifier__c", "r"}, {"Name", "C"}})})}};
  EXPECT_EQ(StatusCode(loose.Patch(upsert, body).json()[0]), "DUPLICATE_EXTERNAL_ID");
}

TEST_F(CollectionsTest, ARepeatedIdRefusesBothRecords) {
  const std::string id = org.Deal("A");
  const Json results = Many("PATCH", records,
                            {Record("Opportunity", {{"id", id}, {"Name", "B"}}),
                             Record("Opportunity", {{"id", id.substr(0, 15)}, {"Name", "C"}})});
  EXPECT_EQ(StatusCode(results[0]), "DUPLICATE_VALUE");
  EXPECT_EQ(StatusCode(results[1]), "DUPLICATE_VALUE");
  EXPECT_EQ(org.Field(id, "Name"), "A");
}

TEST_F(CollectionsTest, TooManyRecordsOrChunks) {
  EXPECT_EQ(Many("POST", records, Json::array_t(201, Deal("A")))["status"], 400);
  EXPECT_EQ(Many("POST", records, Json::array_t(200, Deal("A"))).size(), 200u);
  Json mixed = Json::array();
  for (int i = 0; i < 6; ++i) {
    mixed.push_back(Deal("A"));
    mixed.push_back(Record("Contact", {{"LastName", "X"}}));
  }
  EXPECT_EQ(Many("POST", records, mixed)["body"][0]["errorCode"], "OPERATION_TOO_LARGE");
  mixed.erase(10);
  mixed.erase(10);
  EXPECT_EQ(Many("POST", records, mixed).size(), 10u);
}

TEST_F(CollectionsTest, WhatIsNotUnderstoodRefusesAllOrOne) {
  const Json two = {Deal("A"), Record("Opportunity", {{"Nope__c", 1}})};
  EXPECT_EQ(Many("POST", records, two)["body"][0]["errorCode"], "INVALID_FIELD");
  EXPECT_EQ(Count("Opportunity"), 0u);
  org.world.switches().collection_parse_errors_refuse_all = false;
  EXPECT_EQ(StatusCode(Many("POST", records, two)[1]), "INVALID_FIELD");
  EXPECT_EQ(Count("Opportunity"), 1u);
  EXPECT_EQ(StatusCode(Many("POST", records, Json::array({Record("Nope", {{"Name", "A"}})}))[0]),
            "INVALID_TYPE");
  EXPECT_EQ(Many("POST", records, Json::array({Json{{"Name", "A"}}}))["status"], 400);
  EXPECT_EQ(org.Post(records, {{"records", "none"}}).status, 400);
}

TEST_F(CollectionsTest, MembersOfTheWrongTypeAreRefused) {
  EXPECT_EQ(org.Post(records, {{"allOrNone", "yes"}, {"records", Json::array()}}).Code(),
            "JSON_PARSER_ERROR");
  EXPECT_EQ(org.Post("composite", {{"compositeRequest", 5}}).Code(), "JSON_PARSER_ERROR");
  EXPECT_EQ(org.Post("composite", Json::array()).Code(), "JSON_PARSER_ERROR");
  EXPECT_EQ(org.Post("sobjects/Account", Json::array()).Code(), "JSON_PARSER_ERROR");
}

TEST_F(CollectionsTest, DeleteAndRetrieve) {
  const std::string a = org.Deal("A");
  const std::string b = org.Deal("B");
  const Json gone = org.Send("DELETE", records + "?ids=" + a + ",0065g00000QmGonAAF,x").json();
  EXPECT_EQ(gone[0], Json({{"id", a}, {"success", true}, {"errors", Json::array()}}));
  EXPECT_EQ(StatusCode(gone[1]), "INVALID_CROSS_REFERENCE_KEY");
  EXPECT_EQ(StatusCode(gone[2]), "MALFORMED_ID");
  EXPECT_EQ(StatusCode(org.Send("DELETE", records + "?ids=" + a).json()[0]), "ENTITY_IS_DELETED");
  const Json body = {{"ids", {a, b}}, {"fields", {"Id", "Name", "Owner.Name"}}};
  const Json read = org.Post(records + "/Opportunity", body).json();
  EXPECT_TRUE(read[0].is_null());
  EXPECT_EQ(read[1]["Name"], "B");
  EXPECT_EQ(read[1]["Owner"]["Name"], "Cosell Sync");
  EXPECT_EQ(org.Get(records + "/Opportunity?ids=" + b + "&fields=Name").json()[0]["Name"], "B");
  EXPECT_EQ(org.Post(records + "/Opportunity", {{"ids", {b}}}).status, 400);
  EXPECT_EQ(org.Post(records + "/Opportunity", {{"ids", {b}}, {"fields", {"Nope"}}}).Code(),
            "INVALID_FIELD");
}

TEST_F(CollectionsTest, LocksHitSingleRecords) {
  org.world.switches().lock_errors = 1;
  const Json results = Many("POST", records, {Deal("A"), Deal("B")});
  EXPECT_EQ(StatusCode(results[0]), "UNABLE_TO_LOCK_ROW");
  EXPECT_EQ(results[1]["success"], true);
}

class CompositeTest : public ManyTest {
 protected:
  static Json Part(const std::string& method, const std::string& reference, const std::string& path,
                   Json body = nullptr) {
    Json part = {
        {"method", method}, {"referenceId", reference}, {"url", "/services/data/v67.0/" + path}};
    if (!body.is_null()) part["body"] = std::move(body);
    return part;
  }
  Json Run(const Json& parts, bool all_or_none) {
    const Json body = {{"allOrNone", all_or_none}, {"compositeRequest", parts}};
    const Reply reply = org.Post("composite", body);
    return reply.status == 200 ? reply.json()["compositeResponse"] : Json(reply.status);
  }
};

TEST_F(CompositeTest, LaterPartsUseEarlierResults) {
  const std::string contact = org.Make("Contact", {{"LastName", "Okafor"}});
  const Json answers = Run(
      {Part("PATCH", "acct", "sobjects/Account/ERP_Key__c/F-17", {{"Name", "Fabrikam"}}),
       Part("POST", "opp", "sobjects/Opportunity",
            {{"Name", "A"},
             {"StageName", "Qualification"},
             {"CloseDate", "2026-11-30"},
             {"AccountId", "@{acct.id}"}}),
       Part("POST", "role", "sobjects/OpportunityContactRole",
            {{"OpportunityId", "@{opp.id}"}, {"ContactId", contact}, {"IsPrimary", true}}),
       Part("GET", "rows", "query?q=SELECT+Id+FROM+Opportunity"),
       Part("GET", "back", "sobjects/Opportunity/@{rows.records[0].Id}?fields=ContactId,AccountId"),
       Part("PATCH", "name", "sobjects/Opportunity/@{opp.id}", {{"Name", "For @{acct.id}"}})},
      true);
  ASSERT_EQ(answers.size(), 6u) << answers;
  EXPECT_EQ(answers[0]["httpStatusCode"], 201);
  EXPECT_EQ(answers[1]["httpHeaders"]["Location"].get<std::string>().substr(0, 41),
            "/services/data/v67.0/sobjects/Opportunity");
  EXPECT_EQ(answers[4]["body"]["ContactId"], contact);
  EXPECT_EQ(answers[4]["body"]["AccountId"], answers[0]["body"]["id"]);
  EXPECT_EQ(answers[5]["httpStatusCode"], 204);
  EXPECT_TRUE(answers[5]["body"].is_null());
  const std::string account = answers[0]["body"]["id"];
  EXPECT_EQ(org.Field(answers[1]["body"]["id"], "Name"), "For " + account);
}

TEST_F(CompositeTest, AllOrNoneRollsEverythingBack) {
  const Json parts = {Part("POST", "a", "sobjects/Contact", {{"LastName", "Okafor"}}),
                      Part("POST", "b", "sobjects/Contact", {{"FirstName", "No"}}),
                      Part("POST", "c", "sobjects/Contact", {{"LastName", "Late"}})};
  const Json answers = Run(parts, true);
  EXPECT_EQ(answers[0]["httpStatusCode"], 400);
  EXPECT_EQ(answers[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
  EXPECT_EQ(answers[1]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(answers[2]["body"][0]["errorCode"], "PROCESSING_HALTED");
  EXPECT_EQ(Count("Contact"), 0u);
  org.world.switches().composite_sibling_status = 412;
  EXPECT_EQ(Run(parts, true)[2]["httpStatusCode"], 412);
}

TEST_F(CompositeTest, WithoutItOnlyDependentsAreHalted) {
  const Json answers = Run({Part("POST", "a", "sobjects/Contact", {{"FirstName", "No"}}),
                            Part("GET", "b", "sobjects/Contact/@{a.id}"),
                            Part("POST", "c", "sobjects/Contact", {{"LastName", "Okafor"}})},
                           false);
  EXPECT_EQ(answers[1]["body"][0]["errorCode"], "PROCESSING_HALTED");
  EXPECT_EQ(answers[2]["httpStatusCode"], 201);
  EXPECT_EQ(Count("Contact"), 1u);
}

TEST_F(CompositeTest, ConditionsStandOnTheirPart) {
  const std::string id = org.Deal("A");
  Json part = Part("PATCH", "a", Instance::Path(id), {{"Name", "B"}});
  part["httpHeaders"] = {{"If-Unmodified-Since", "Sun, 01 Mar 2026 08:00:00 GMT"}};
  EXPECT_EQ(Run(Json::array({part}), false)[0]["httpStatusCode"], 412);
  part["httpHeaders"] = {{"Authorization", "Bearer other"}};
  EXPECT_EQ(Run(Json::array({part}), false), 400);
}

TEST_F(CompositeTest, Limits) {
  Json many = Json::array();
  for (int i = 0; i < 26; ++i) many.push_back(Part("GET", "r" + std::to_string(i), "limits"));
  EXPECT_EQ(Run(many, false), 400);
  many.erase(25);
  EXPECT_EQ(Run(many, false).size(), 25u);
  Json queries = Json::array();
  for (int i = 0; i < 6; ++i) {
    queries.push_back(Part("GET", "q" + std::to_string(i), "query?q=SELECT+Id+FROM+Account"));
  }
  EXPECT_EQ(Run(queries, false), 400);
  EXPECT_EQ(Run(Json::array({Part("GET", "a-b", "limits")}), false), 400);
  EXPECT_EQ(Run({Part("GET", "a", "limits"), Part("GET", "a", "limits")}, false), 400);
  EXPECT_EQ(Run(Json::array({Part("get", "a", "sobjects/Account")}), false)[0]["httpStatusCode"],
            405);
  EXPECT_EQ(Run(Json::array({Part("POST", "a", "composite", Json::object())}),
                false)[0]["httpStatusCode"],
            400);
}

TEST_F(CompositeTest, ACollectionInsideIsSavedWithTheRest) {
  const Json body = {{"records", {Deal("A"), Deal("B")}}};
  const Json answers = Run({Part("POST", "many", "composite/sobjects", body),
                            Part("GET", "first", "sobjects/Opportunity/@{many[0].id}")},
                           true);
  EXPECT_EQ(answers[0]["body"][1]["success"], true);
  EXPECT_EQ(answers[1]["body"]["Name"], "A");
}

TEST_F(CompositeTest, EachGraphIsItsOwnTransaction) {
  const auto graph = [](const char* id, const Json& parts) {
    return Json{{"graphId", id}, {"compositeRequest", parts}};
  };
  const Json good = Json::array({Part("POST", "a", "sobjects/Contact", {{"LastName", "Okafor"}})});
  Json bad = good;
  bad.push_back(Part("POST", "b", "sobjects/Contact", Json::object()));
  const Json answer =
      org.Post("composite/graph", {{"graphs", {graph("g1", good), graph("g2", bad)}}}).json();
  EXPECT_EQ(answer["graphs"][0]["isSuccessful"], true);
  EXPECT_EQ(answer["graphs"][0]["graphResponse"]["compositeResponse"][0]["httpStatusCode"], 201);
  EXPECT_EQ(answer["graphs"][1]["isSuccessful"], false);
  EXPECT_EQ(Count("Contact"), 1u);
  const Json query = Json::array({Part("GET", "q", "query?q=SELECT+Id+FROM+Account")});
  EXPECT_EQ(org.Post("composite/graph", {{"graphs", Json::array({graph("g", query)})}}).status,
            400);
}

TEST_F(CompositeTest, BatchesTakeBothUrlStyles) {
  const Json requests = {{{"method", "GET"}, {"url", "v67.0/sobjects/Account/0015g00000Lp8TyAAJ"}},
                         {{"method", "POST"},
                          {"url", "/services/data/v67.0/sobjects/Account"},
                          {"richInput", {{"Name", "Fabrikam"}}}}};
  const Json run = org.Post("composite/batch", {{"batchRequests", requests}}).json();
  EXPECT_EQ(run["hasErrors"], true);
  EXPECT_EQ(run["results"][0]["statusCode"], 404);
  EXPECT_EQ(run["results"][1]["statusCode"], 201);
  const Json halted =
      org.Post("composite/batch", {{"haltOnError", true}, {"batchRequests", requests}}).json();
  EXPECT_EQ(halted["results"][1]["statusCode"], 412);
}

TEST_F(CompositeTest, TreesAreCreatedWhole) {
  const auto contact = [](const char* reference, Json fields) {
    fields["attributes"] = {{"type", "Contact"}, {"referenceId", reference}};
    return fields;
  };
  Json account = {
      {"attributes", {{"type", "Account"}, {"referenceId", "a1"}}},
      {"Name", "Tailspin"},
      {"Contacts", {{"records", Json::array({contact("c1", {{"LastName", "Okafor"}})})}}}};
  const Reply made = org.Post("composite/tree/Account", {{"records", Json::array({account})}});
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.json()["hasErrors"], false);
  const std::string id = made.json()["results"][0]["id"];
  EXPECT_EQ(org.world.Row("Contact", made.json()["results"][1]["id"])->Field("AccountId"), id);
  account["Name"] = "Wingtip";
  account["Contacts"]["records"][0] = contact("c1", {{"FirstName", "No"}});
  const Reply refused = org.Post("composite/tree/Account", {{"records", Json::array({account})}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json()["results"][0]["referenceId"], "c1");
  EXPECT_EQ(Count("Account"), 1u);
}

}  // namespace
}  // namespace cosell::sandbox
