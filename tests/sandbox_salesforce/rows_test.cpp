#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"
#include "tools/sandbox/salesforce/ids.h"

namespace cosell::sandbox {
namespace {

class RowsTest : public ::testing::Test {
 protected:
  Instance org;
};

TEST_F(RowsTest, IdsCarryTheirChecksum) {
  EXPECT_EQ(salesforce::FullId("0065g00000Qm1Kd"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(salesforce::FullId("0065g00000Qm1KdAAJ"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(salesforce::FullId("0065g00000qm1kdAAJ"), std::nullopt);
  EXPECT_EQ(salesforce::FullId("0065g00000Qm1K-"), std::nullopt);
  EXPECT_EQ(salesforce::FullId("0065g0000"), std::nullopt);
}

TEST_F(RowsTest, ACreateAnswersWithIdAndLocation) {
  const Reply reply = org.Post("sobjects/Opportunity/", Instance::DealBody("Harbor"));
  ASSERT_EQ(reply.status, 201) << reply.text;
  const std::string id = reply.json()["id"];
  EXPECT_EQ(id.size(), 18u);
  EXPECT_TRUE(id.starts_with("006"));
  EXPECT_EQ(reply.text, R"({"id":")" + id + R"(","success":true,"errors":[]})");
  EXPECT_EQ(reply.Header("Location"), "/services/data/v67.0/sobjects/Opportunity/" + id);
  EXPECT_EQ(reply.Header("Content-Type"), "application/json;charset=UTF-8");
}

TEST_F(RowsTest, ARecordIsReadWhole) {
  const std::string id = org.Deal("Harbor", {{"Amount", 125000}});
  const Reply reply = org.Get(Instance::Path(id));
  const Json record = reply.json();
  EXPECT_EQ(record["attributes"]["type"], "Opportunity");
  EXPECT_EQ(record["attributes"]["url"], "/services/data/v67.0/sobjects/Opportunity/" + id);
  EXPECT_EQ(record["Id"], id);
  EXPECT_EQ(record["SystemModstamp"], "2026-03-01T09:00:00.000+0000");
  EXPECT_TRUE(record.contains("Description") && record["Description"].is_null());
  EXPECT_NE(reply.text.find("\"Amount\":125000.0"), std::string::npos);
  EXPECT_NE(reply.text.find("\"FiscalQuarter\":4,"), std::string::npos);
  EXPECT_EQ(record["LastModifiedById"], Instance::kUser);
  EXPECT_EQ(record["OwnerId"], Instance::kUser);
  EXPECT_EQ(record["Sync_with_Partner_Center__c"], false);
}

TEST_F(RowsTest, FifteenCharactersWillDoAndCaseMatters) {
  const std::string id = org.Deal("Harbor");
  const Reply reply = org.Get(Instance::Path(id.substr(0, 15)) + "?fields=Name,Owner.Name");
  EXPECT_EQ(reply.json()["Name"], "Harbor");
  EXPECT_EQ(reply.json()["Id"], id);
  EXPECT_EQ(reply.json()["Owner"]["Name"], "Cosell Sync");
  EXPECT_FALSE(reply.json().contains("StageName"));
  std::string folded = id.substr(0, 15);
  folded[10] = static_cast<char>(folded[10] ^ 0x20);
  EXPECT_EQ(org.Get(Instance::Path(folded)).status, 404);
}

TEST_F(RowsTest, WhatIsNotThereIs404) {
  EXPECT_EQ(org.Get(Instance::Path("0065g00000Qm1KdAAJ")).Code(), "NOT_FOUND");
  const Reply malformed = org.Get(Instance::Path("nonsense"));
  EXPECT_EQ(malformed.status, 404);
  EXPECT_EQ(malformed.Message(),
            "Provided external ID field does not exist or is not accessible: nonsense");
  EXPECT_EQ(org.Get("sobjects/Oportunity/0065g00000Qm1KdAAJ").status, 404);
  EXPECT_EQ(org.Get("sobjects/Account/0065g00000Qm1KdAAJ").status, 404);
  EXPECT_EQ(org.Get(Instance::Path(org.Deal("A")) + "?fields=Nope").Code(), "INVALID_FIELD");
}

TEST_F(RowsTest, AnUpdateChangesWhatItNamesAndClearsWithNull) {
  const std::string id = org.Deal("Harbor", {{"Description", "x"}, {"NextStep", "y"}});
  org.Wait(std::chrono::seconds{5});
  const Reply reply = org.Patch(Instance::Path(id), {{"amount", 140000.257}, {"Description", ""}});
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(org.Field(id, "Amount"), "140000.26");
  EXPECT_EQ(org.Field(id, "Description"), std::nullopt);
  EXPECT_EQ(org.Field(id, "NextStep"), "y");
  EXPECT_EQ(org.Field(id, "SystemModstamp"), "2026-03-01T09:00:05.000+0000");
  EXPECT_EQ(org.Field(id, "CreatedDate"), "2026-03-01T09:00:00.000+0000");
  EXPECT_EQ(org.Send("POST", Instance::Path(id) + "?_HttpMethod=PATCH", R"({"Name":"B"})").status,
            204);
  EXPECT_EQ(org.Field(id, "Name"), "B");
}

TEST_F(RowsTest, EqualValuesMoveTheStampsUnlessSwitchedOff) {
  const std::string id = org.Deal("Harbor");
  org.Wait(std::chrono::seconds{5});
  org.world.switches().no_op_bumps = false;
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "Harbor"}}).status, 204);
  EXPECT_EQ(org.Field(id, "SystemModstamp"), "2026-03-01T09:00:00.000+0000");
  org.world.switches().no_op_bumps = true;
  org.Patch(Instance::Path(id), {{"Name", "Harbor"}});
  EXPECT_EQ(org.Field(id, "SystemModstamp"), "2026-03-01T09:00:05.000+0000");
}

struct Refused {
  Json body;
  std::string code;
  std::vector<std::string> fields;
};

TEST_F(RowsTest, BadBodiesAreRefusedByTheirOwnCodes) {
  const std::string id = org.Deal("Harbor");
  const std::vector<Refused> cases = {
      {{{"StageName", nullptr}, {"CloseDate", nullptr}},
       "REQUIRED_FIELD_MISSING",
       {"StageName", "CloseDate"}},
      {{{"Name", std::string(121, 'x')}}, "STRING_TOO_LONG", {"Name"}},
      {{{"IsWon", true}, {"ContactId", nullptr}},
       "INVALID_FIELD_FOR_INSERT_UPDATE",
       {"ContactId", "IsWon"}},
      {{{"How_can_Microsoft_help__c", "Free lunch"}},
       "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
       {"How_can_Microsoft_help__c"}},
      {{{"CurrencyIsoCode", "TRY"}}, "INVALID_CURRENCY_ISO", {"CurrencyIsoCode"}},
      {{{"AccountId", "abc"}}, "MALFORMED_ID", {"AccountId"}},
      {{{"AccountId", "0065g00000Qm1KdAAJ"}}, "MALFORMED_ID", {"AccountId"}},
      {{{"AccountId", "0015g00000Lp8TyAAJ"}}, "INVALID_CROSS_REFERENCE_KEY", {"AccountId"}},
      {{{"Amount", 1e17}}, "NUMBER_OUTSIDE_VALID_RANGE", {"Amount"}}};
  for (const auto& one : cases) {
    const Reply reply = org.Patch(Instance::Path(id), one.body);
    EXPECT_EQ(reply.status, 400) << reply.text;
    EXPECT_EQ(reply.Code(), one.code);
    EXPECT_EQ(reply.Fields(), one.fields) << reply.text;
  }
  EXPECT_EQ(org.Field(id, "Name"), "Harbor");
}

TEST_F(RowsTest, BodiesThatAreNotUnderstood) {
  const std::string id = org.Deal("Harbor");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Foo__c", 1}}).Message(),
            "No such column 'Foo__c' on sobject of type Opportunity");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Id", id}, {"Name", "B"}}).Code(), "INVALID_FIELD");
  for (const Json& body : {Json{{"Amount", "abc"}}, Json{{"CloseDate", "30.11.2026"}},
                           Json{{"CloseDate", "2026-02-30"}}, Json{{"IsPrivate", "yes"}},
                           Json{{"Sync_with_Partner_Center__c", nullptr}}, Json{{"Name", 5}}}) {
    EXPECT_EQ(org.Patch(Instance::Path(id), body).Code(), "JSON_PARSER_ERROR") << body;
  }
  EXPECT_EQ(org.Send("PATCH", Instance::Path(id), "{\"Name\":").Code(), "JSON_PARSER_ERROR");
  org.world.switches().null_booleans_refused = false;
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Sync_with_Partner_Center__c", nullptr}}).status, 204);
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Amount", "12.5"}}).status, 204);
  EXPECT_EQ(org.Field(id, "Amount"), "12.5");
}

TEST_F(RowsTest, AContactNeedsARealAddressAndALastName) {
  EXPECT_EQ(
      org.Post("sobjects/Contact", {{"LastName", "Okafor"}, {"Email", "not-an-address"}}).Code(),
      "INVALID_EMAIL_ADDRESS");
  EXPECT_EQ(org.Post("sobjects/Contact", {{"FirstName", "Ines"}}).Fields(),
            std::vector<std::string>{"LastName"});
  const std::string id = org.Make("Contact", {{"LastName", "Okafor"}, {"FirstName", "Ines"}});
  EXPECT_EQ(org.world.Row("Contact", id)->Field("Name"), "Ines Okafor");
}

TEST_F(RowsTest, AUniqueIdentifierIsTakenOnce) {
  const std::string id = org.Deal("A", {{"Referral_Identifier__c", Instance::kReferral}});
  Json body = Instance::DealBody("B");
  body["Referral_Identifier__c"] = "7F0C2F0E-5f6b-4a53-9b0c-0d6b1d2f4a11";
  const Reply reply = org.Post("sobjects/Opportunity", body);
  EXPECT_EQ(reply.Code(), "DUPLICATE_VALUE");
  EXPECT_NE(reply.Message().find("record with id: " + id.substr(0, 15)), std::string::npos);
  EXPECT_EQ(org.Send("DELETE", Instance::Path(id)).status, 204);
  EXPECT_EQ(org.Post("sobjects/Opportunity", body).status, 201);
}

TEST_F(RowsTest, AnOwnerMustBeActive) {
  const std::string gone =
      org.world.AddPerson({"", "Robin", "Left", "robin.left@contoso.example", "", false});
  EXPECT_EQ(org.Patch(Instance::Path(org.Deal("A")), {{"OwnerId", gone}}).Code(),
            "INACTIVE_OWNER_OR_USER");
}

TEST_F(RowsTest, ALookupMayNameItsParentsKey) {
  const std::string account = org.Make("Account", {{"Name", "Fabrikam"}, {"ERP_Key__c", "F-17"}});
  const std::string id = org.Deal("A", {{"Account", {{"ERP_Key__c", "f-17"}}}});
  EXPECT_EQ(org.Field(id, "AccountId"), account);
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Account", {{"ERP_Key__c", "F-18"}}}}).Code(),
            "INVALID_FIELD");
}

TEST_F(RowsTest, DeletedRecordsAreGoneButNotForgotten) {
  const std::string id = org.Deal("A");
  EXPECT_EQ(org.Send("DELETE", Instance::Path(id)).status, 204);
  EXPECT_EQ(org.Get(Instance::Path(id)).Code(), "NOT_FOUND");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "B"}}).status, 404);
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "B"}}).Code(), "ENTITY_IS_DELETED");
  org.world.switches().deleted_status = 400;
  EXPECT_EQ(org.Send("DELETE", Instance::Path(id)).status, 400);
  EXPECT_EQ(org.world.Row("Opportunity", id)->Field("IsDeleted"), "true");
}

class UpsertTest : public RowsTest {
 protected:
  const std::string path =
      std::string("sobjects/Opportunity/Referral_Identifier__c/") + Instance::kReferral;
};

TEST_F(UpsertTest, CreatesThenUpdates) {
  const Reply created = org.Patch(path, Instance::DealBody("A"));
  ASSERT_EQ(created.status, 201) << created.text;
  EXPECT_EQ(created.json()["created"], true);
  const std::string id = created.json()["id"];
  EXPECT_EQ(created.Header("Location"), "/services/data/v67.0/sobjects/Opportunity/" + id);
  EXPECT_EQ(org.Field(id, "Referral_Identifier__c"), Instance::kReferral);
  const Reply updated = org.Patch(path, {{"Name", "B"}});
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(updated.json(),
            Json({{"id", id}, {"success", true}, {"errors", Json::array()}, {"created", false}}));
  EXPECT_EQ(org.Get(path + "?fields=Name").json()["Name"], "B");
}

TEST_F(UpsertTest, OlderVersionsAnswerAnUpdateWithoutBody) {
  org.Patch(path, Instance::DealBody("A"));
  const Reply old = org.Patch("/services/data/v45.0/" + path, {{"Name", "B"}});
  EXPECT_EQ(old.status, 204);
  EXPECT_EQ(old.text, "");
  org.world.switches().upsert_204 = true;
  EXPECT_EQ(org.Patch(path, {{"Name", "C"}}).status, 204);
}

TEST_F(UpsertTest, SeveralMatchesWriteNothing) {
  SalesforceWorldOptions options;
  options.identifier_unique = false;
  Instance loose(options);
  const std::string a = loose.Deal("A", {{"Referral_Identifier__c", Instance::kReferral}});
  const std::string b = loose.Deal("B", {{"Referral_Identifier__c", Instance::kReferral}});
  const Reply reply = loose.Patch(path, {{"Name", "C"}});
  EXPECT_EQ(reply.status, 300);
  EXPECT_EQ(reply.json(), Json::array({"/services/data/v67.0/sobjects/Opportunity/" + a,
                                       "/services/data/v67.0/sobjects/Opportunity/" + b}));
  EXPECT_EQ(loose.Field(a, "Name"), "A");
}

TEST_F(UpsertTest, WhatItRefuses) {
  EXPECT_EQ(org.Patch(path + "?updateOnly=true", {{"Name", "B"}}).status, 404);
  EXPECT_EQ(org.Patch("sobjects/Opportunity/Referal__c/x", {{"Name", "B"}}).Message(),
            "Provided external ID field does not exist or is not accessible: Referal__c");
  EXPECT_EQ(org.Patch("sobjects/Opportunity/Name/x", {{"Name", "B"}}).status, 404);
  EXPECT_EQ(org.Patch(path, {{"Name", "B"}}).Code(), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(org.Patch(path, {{"Referral_Identifier__c", "other"}}).Code(), "INVALID_FIELD");
  EXPECT_EQ(org.Patch(path, {{"Id", "0065g00000Qm1KdAAJ"}}).Code(), "INVALID_FIELD");
  EXPECT_EQ(org.Get(path).status, 404);
}

TEST_F(UpsertTest, TheKeyIsPercentDecodedAndIgnoresCase) {
  const Reply created =
      org.Patch("sobjects/Account/ERP_Key__c/a%2Fb%20c%2B", {{"Name", "Fabrikam"}});
  ASSERT_EQ(created.status, 201);
  const std::string id = created.json()["id"];
  EXPECT_EQ(org.world.Row("Account", id)->Field("ERP_Key__c"), "a/b c+");
  EXPECT_EQ(org.Get("sobjects/Account/ERP_Key__c/A%2FB%20C+").json()["Id"], id);
  EXPECT_EQ(org.Send("DELETE", "sobjects/Account/ERP_Key__c/a%2Fb%20c%2B").status, 204);
}

TEST_F(UpsertTest, ADeletedRecordDoesNotMatch) {
  const std::string id = org.Deal("A", {{"Referral_Identifier__c", Instance::kReferral}});
  org.Send("DELETE", Instance::Path(id));
  EXPECT_EQ(org.Patch(path, Instance::DealBody("B")).status, 201);
  const Status back = org.world.Undelete(org.Person(), "Opportunity", id);
  EXPECT_EQ(back.error().code, "DUPLICATE_VALUE");
}

TEST_F(UpsertTest, TheIdResourceCreatesAndAddresses) {
  const Reply created = org.Post("sobjects/Opportunity/Id", Instance::DealBody("A"));
  ASSERT_EQ(created.status, 201);
  const std::string id = created.json()["id"];
  EXPECT_EQ(org.Patch("sobjects/Opportunity/Id/" + id, {{"Name", "B"}}).status, 204);
  EXPECT_EQ(org.Field(id, "Name"), "B");
}

class ConditionsTest : public RowsTest {
 protected:
  const std::string id = org.Deal("A");
  static constexpr const char* kBefore = "Sun, 01 Mar 2026 08:59:59 GMT";
  static constexpr const char* kThen = "Sun, 01 Mar 2026 09:00:00 GMT";
};

TEST_F(ConditionsTest, UnmodifiedSinceGuardsAPatch) {
  const Json body = {{"Name", "B"}};
  const Reply late = org.Patch(Instance::Path(id), body, {{"If-Unmodified-Since", kBefore}});
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text, "");
  EXPECT_EQ(late.Header("Content-Type"), "");
  org.world.switches().empty_412_body = false;
  EXPECT_EQ(org.Patch(Instance::Path(id), body, {{"If-Unmodified-Since", kBefore}}).Code(),
            "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE");
  EXPECT_EQ(org.Field(id, "Name"), "A");
  EXPECT_EQ(org.Patch(Instance::Path(id), body, {{"If-Unmodified-Since", kThen}}).status, 204);
  EXPECT_EQ(org.Patch(Instance::Path(id), body, {{"If-Unmodified-Since", "soon"}}).status, 400);
  EXPECT_EQ(org.Patch(Instance::Path(id), body, {{"If-Match", "\"x\""}}).status, 204);
}

TEST_F(ConditionsTest, ABackgroundBumpCountsAsModified) {
  org.Wait(std::chrono::seconds{3});
  ASSERT_TRUE(org.world.BackgroundBump("Opportunity", id));
  const net::Headers since = {{"If-Unmodified-Since", kThen}};
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "B"}}, since).status, 412);
  org.world.switches().unmodified_since_uses_modstamp = false;
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "B"}}, since).status, 204);
}

TEST_F(ConditionsTest, ModifiedSinceSparesARead) {
  EXPECT_EQ(org.Get(Instance::Path(id), {{"If-Modified-Since", kThen}}).status, 304);
  EXPECT_EQ(org.Get(Instance::Path(id), {{"If-Modified-Since", kBefore}}).status, 200);
  EXPECT_EQ(org.Get(Instance::Path(id)).Header("Last-Modified"), kThen);
  EXPECT_EQ(org.Get(Instance::Path(id)).Header("ETag"), "");
}

TEST_F(ConditionsTest, AccountsHaveTags) {
  const std::string account = org.Make("Account", {{"Name", "Fabrikam"}});
  const std::string path = "sobjects/Account/" + account;
  const std::string etag = org.Get(path).Header("ETag");
  ASSERT_NE(etag, "");
  EXPECT_EQ(org.Get(path, {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(org.Patch(path, {{"Phone", "1"}}, {{"If-Match", etag}}).status, 204);
  EXPECT_EQ(org.Patch(path, {{"Phone", "2"}}, {{"If-Match", etag}}).status, 412);
  EXPECT_EQ(org.world.Row("Account", account)->Field("Phone"), "1");
}

}  // namespace
}  // namespace cosell::sandbox
