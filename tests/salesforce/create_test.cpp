#include "write_fixture.h"

namespace cosell::test {
namespace {

class CreateTest : public WriteFixture {
 protected:
  // What searches for accounts and contacts find.
  void Finds(const std::string& object, const std::vector<Json>& rows) {
    api.On("GET", "FROM " + object + " WHERE", Rows(rows));
  }
  void FindsNobody() {
    Finds("Account", {});
    Finds("Contact", {});
  }
};

TEST_F(CreateTest, ANewDealIsUpsertedByItsReferral) {
  SavesUpserts();
  const auto result = WriteOne(Create());
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->id.text, kTelemetry);
  const auto request = api.Requests("PATCH", "/sobjects/Opportunity").at(0);
  EXPECT_EQ(request.path, "/sobjects/Opportunity/Referral_Identifier__c/" + std::string(kReferral));
  EXPECT_EQ(request.json(), (Json{{"Name", "Harbor cold-chain telemetry"},
                                  {"StageName", "Qualification"},
                                  {"CloseDate", "2026-11-30"}}));
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(result.performed[0].operation, "create");
  EXPECT_EQ(result.performed[0].record_id, kTelemetry);
}

TEST_F(CreateTest, TheReferralIsEncodedInTheUrl) {
  api.On("PATCH", "/sobjects/Opportunity/", Refused(400, "MALFORMED_ID"));
  WriteOne(Create("a/b?c"));
  EXPECT_TRUE(api.Requests("PATCH", "/sobjects").at(0).url.ends_with("/a%2Fb%3Fc"));
}

TEST_F(CreateTest, AnUpsertThatMetAnotherIsAuditedAsTheUpdateItWas) {
  SavesUpserts(200, false);
  const auto result = WriteOne(Create());
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(result.performed.at(0).operation, "update");
}

TEST_F(CreateTest, AnAnswerWithoutIdIsFoundByItsReferral) {
  SavesUpserts(204);
  api.Once("GET", "FROM Opportunity WHERE", Rows({}));
  api.On("GET", "FROM Opportunity WHERE", Rows({Row(kTelemetry)}));
  const auto result = WriteOne(Create());
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->id.text, kTelemetry);
  EXPECT_EQ(result.performed.at(0).record_id, kTelemetry);
}

TEST_F(CreateTest, SeveralRecordsWithOneReferralAreRefusedNamingTheirNumber) {
  api.On("PATCH", "/sobjects/Opportunity/",
         Answered(300, Json::array({"/services/data/v62.0/sobjects/Opportunity/a",
                                    "/services/data/v62.0/sobjects/Opportunity/b"})));
  const auto result = WriteOne(Create());
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_TRUE(result.record.error().message.starts_with("2 opportunities"));
}

TEST_F(CreateTest, ARecordThatCarriesTheReferralAlreadyExistsAndNothingIsMade) {
  FindsNobody();
  api.On("GET", "FROM Opportunity WHERE", Rows({Row(kTelemetry)}));
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  const auto result = WriteOne(write);
  ExpectFailure(result, ErrorKind::already_exists);
  EXPECT_TRUE(result.performed.empty());
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(CreateTest, TheLoserOfARaceMeetsTheUniqueField) {
  api.Once("PATCH", "/sobjects/Opportunity/",
           Refused(400, "DUPLICATE_VALUE",
                   "duplicate value found: Referral_Identifier__c duplicates value on record with "
                   "id: 0065g00000Qm2Zx"));
  ExpectFailure(WriteOne(Create()), ErrorKind::already_exists);
  api.Once("PATCH", "/sobjects/Opportunity/",
           Refused(400, "DUPLICATE_VALUE", "duplicate value found: Order_No__c duplicates value"));
  ExpectFailure(WriteOne(Create()), ErrorKind::refused);
}

TEST_F(CreateTest, WithoutExternalIdItIsAPlainCreateAfterTheLookUp) {
  Describes("Referral_Identifier__c", "externalId", false);
  Schema(true);
  api.Forget();
  Stores(Row(kTelemetry));
  api.On("POST", "/sobjects/Opportunity", Answered(201, Saved(kTelemetry)));
  api.Does("POST", "/composite/sobjects/Opportunity",
           [this](const auto& request) { return Retrieved(request.json()); });
  ASSERT_TRUE(WriteOne(Create()).record.ok());
  EXPECT_EQ(api.all.at(0).method, "GET");
  EXPECT_EQ(api.all.at(1).path, "/sobjects/Opportunity");
  EXPECT_EQ(api.all.at(1).json()["Referral_Identifier__c"], kReferral);
}

TEST_F(CreateTest, WithoutIdentifierFieldNothingIsCreated) {
  Lacks("Referral_Identifier__c");
  Schema(true);
  api.Forget();
  CrmWrite write = Create();
  write.attributes.pop_back();
  ExpectFailure(WriteOne(write), ErrorKind::refused);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(CreateTest, MissingRequiredFieldsAreAllNamedBeforeAnythingIsMade) {
  CrmWrite write = Create();
  write.attributes = {{"Name", "\"x\""}, {"CloseDate", "null"}};
  write.account = Company("Fabled Harbor Logistics");
  const auto result = WriteOne(write);
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_NE(result.record.error().message.find("StageName, CloseDate"), std::string::npos);
  EXPECT_EQ(api.Calls(), 0u);
}

TEST_F(CreateTest, TheCustomerIsFoundIgnoringCaseAndTheOldestIsTaken) {
  SavesUpserts();
  Finds("Account",
        {{{"Id", NthId(1)}, {"Name", "Fabled Harbor Logistics"}, {"BillingPostalCode", "99999"}},
         {{"Id", kHarbor}, {"Name", "FABLED HÄRBOR LOGISTICS"}, {"BillingPostalCode", "28195"}},
         {{"Id", NthId(2)}, {"Name", "Fabled Härbor Logistics"}, {"BillingPostalCode", "28195"}}});
  CrmWrite write = Create();
  write.account = Company("fabled härbor logistics");
  const auto result = WriteOne(write);
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).json()["AccountId"], kHarbor);
  EXPECT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(Logged("several records match"), 1u);
}

TEST_F(CreateTest, ANewCustomerAndItsContactAreMadeFirst) {
  SavesUpserts();
  FindsNobody();
  api.On("POST", "/sobjects/Account", Answered(201, Saved(kHarbor)));
  api.On("POST", "/sobjects/Contact", Answered(201, Saved(kPurchaser)));
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  write.contact = Person("buyer@contoso.example");
  const auto result = WriteOne(write);
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  const Json account = api.Requests("POST", "/sobjects/Account").at(0).json();
  EXPECT_EQ(account["Name"], "Fabled Harbor Logistics");
  EXPECT_EQ(account["BillingCity"], "Bremen");
  EXPECT_EQ(api.Requests("POST", "/sobjects/Account").at(0).header("Sforce-Auto-Assign"), "FALSE");
  EXPECT_EQ(api.Requests("POST", "/sobjects/Contact").at(0).json()["AccountId"], kHarbor);
  const Json deal = api.Requests("PATCH", "/sobjects/Opportunity").at(0).json();
  EXPECT_EQ(deal["AccountId"], kHarbor);
  EXPECT_EQ(deal["ContactId"], kPurchaser);
  ASSERT_EQ(result.performed.size(), 3u);
  EXPECT_EQ(result.performed[0].record_kind, "account");
  EXPECT_EQ(result.performed[0].record_id, kHarbor);
  EXPECT_EQ(result.performed[1].record_kind, "contact");
  EXPECT_EQ(result.performed[2].record_kind, "opportunity");
}

TEST_F(CreateTest, TwoDealsOfOneNewCustomerMakeOneAccount) {
  FindsNobody();
  SavesCollections();
  api.On("POST", "/sobjects/Account", Answered(201, Saved(kHarbor)));
  CrmWrite first = Create(NthReferral(1)), second = Create(NthReferral(2));
  first.account = Company("Fabled Harbor Logistics");
  second.account = Company("FABLED HARBOR LOGISTICS");
  const auto results = crm().Write({first, second});
  EXPECT_TRUE(results[0].record.ok() && results[1].record.ok());
  EXPECT_EQ(api.Requests("POST", "/sobjects/Account").size(), 1u);
  const Json deals = api.Requests("PATCH", "/composite/sobjects").at(0).json()["records"];
  for (const Json& each : deals) {
    EXPECT_EQ(each["AccountId"], kHarbor);
  }
  EXPECT_EQ(results[0].performed.size(), 2u);
  EXPECT_EQ(results[1].performed.size(), 1u);
}

TEST_F(CreateTest, WhatADuplicateRuleFindsIsTaken) {
  SavesUpserts();
  FindsNobody();
  Json fault = {{"errorCode", "DUPLICATES_DETECTED"}, {"message", "Use one of these records?"}};
  fault["duplicateResut"] = {
      {"allowSave", true},
      {"matchResults",
       Json::array(
           {{{"entityType", "Contact"},
             {"matchRecords", Json::array({{{"record", {{"Id", kPurchaser}}}}})}},
            {{"entityType", "Account"},
             {"matchRecords", Json::array({{{"record", {{"Id", "0015g00000Lp8Ty"}}}}})}}})}};
  api.On("POST", "/sobjects/Account", Answered(400, Json::array({fault})));
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  const auto result = WriteOne(write);
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).json()["AccountId"], kHarbor);
  EXPECT_EQ(result.performed.size(), 1u) << "no account was made";
}

TEST_F(CreateTest, ADuplicateInACollectionIsAskedForAlone) {
  FindsNobody();
  SavesCollections();
  api.Once("POST", "/composite/sobjects",
           Answered(200, Json::array({Saved(kHarbor), NotSaved("DUPLICATES_DETECTED")})));
  Json fault = {{"errorCode", "DUPLICATES_DETECTED"}, {"message", "?"}};
  fault["duplicateResult"] = {
      {"matchResults",
       Json::array({{{"entityType", "Account"},
                     {"matchRecords", Json::array({{{"record", {{"Id", NthId(3)}}}}})}}})}};
  api.On("POST", "/sobjects/Account", Answered(400, Json::array({fault})));
  CrmWrite first = Create(NthReferral(1)), second = Create(NthReferral(2));
  first.account = Company("Fabled Harbor Logistics");
  second.account = Company("Tailspin Toys");
  const auto results = crm().Write({first, second});
  EXPECT_TRUE(results[0].record.ok() && results[1].record.ok());
  const Json deals = api.Requests("PATCH", "/composite/sobjects").at(0).json()["records"];
  EXPECT_EQ(deals[0]["AccountId"], kHarbor);
  EXPECT_EQ(deals[1]["AccountId"], NthId(3));
}

TEST_F(CreateTest, ADuplicateRuleWithoutAMatchIsARefusal) {
  FindsNobody();
  api.On("POST", "/sobjects/Account", Refused(400, "DUPLICATES_DETECTED", "hard block"));
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  const auto result = WriteOne(write);
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_EQ(result.performed.at(0).record_kind, "account");
  EXPECT_FALSE(result.performed[0].done);
  EXPECT_TRUE(api.Requests("PATCH", "/sobjects/Opportunity").empty());
}

TEST_F(CreateTest, ACustomerWhoseOutcomeIsUnknownMakesTheDealUnknown) {
  FindsNobody();
  api.On("POST", "/sobjects/Account", Failed(ErrorKind::unknown_outcome));
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  ExpectFailure(WriteOne(write), ErrorKind::unknown_outcome);
  EXPECT_TRUE(api.Requests("PATCH", "/sobjects/Opportunity").empty());
}

TEST_F(CreateTest, ACustomerWithoutANameIsRefused) {
  CrmWrite write = Create();
  write.account = RelatedRecord{{}, {{"BillingCity", "\"Bremen\""}}};
  const auto result = WriteOne(write);
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(CreateTest, AContactWithoutALastNameIsLeftOut) {
  SavesUpserts();
  FindsNobody();
  CrmWrite write = Create();
  write.contact = Person("buyer@contoso.example", "");
  ASSERT_TRUE(WriteOne(write).record.ok());
  EXPECT_FALSE(api.Requests("PATCH", "/sobjects").at(0).json().contains("ContactId"));
  EXPECT_EQ(log.text().find("buyer@"), std::string::npos);
}

TEST_F(CreateTest, AContactIsLookedForWithinItsAccount) {
  SavesUpserts();
  Finds("Account",
        {{{"Id", kHarbor}, {"Name", "Fabled Harbor Logistics"}, {"BillingPostalCode", "28195"}}});
  Finds("Contact",
        {{{"Id", NthId(1)}, {"AccountId", NthId(2)}, {"Email", "buyer@contoso.example"}},
         {{"Id", kPurchaser}, {"AccountId", kHarbor}, {"Email", "Buyer@Contoso.example"}}});
  CrmWrite write = Create();
  write.account = Company("Fabled Harbor Logistics");
  write.contact = Person("buyer@contoso.example");
  ASSERT_TRUE(WriteOne(write).record.ok());
  EXPECT_EQ(api.Requests("PATCH", "/sobjects").at(0).json()["ContactId"], kPurchaser);
}

TEST_F(CreateTest, ALostCreateIsUnknownAndFoundByItsReferral) {
  api.On("PATCH", "/sobjects/Opportunity/", Failed(ErrorKind::unknown_outcome));
  ExpectFailure(WriteOne(Create()), ErrorKind::unknown_outcome);
  api.On("GET", "FROM Opportunity WHERE", Rows({Row(kTelemetry)}));
  const auto found = crm().FindCreated({RecordKind::opportunity, {kReferral}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id.text, kTelemetry);
}

TEST_F(CreateTest, ALostCreateTellsOfTheCustomerThatOurUserMadeThen) {
  const auto made = [](const char* id, const char* user, const char* at) {
    return Json{{"Id", id}, {"CreatedById", user}, {"CreatedDate", at}};
  };
  Finds("Account",
        {{{"Id", kHarbor}, {"Name", "Fabled Harbor Logistics"}, {"BillingPostalCode", "28195"}}});
  Finds("Contact",
        {{{"Id", kPurchaser}, {"AccountId", kHarbor}, {"Email", "buyer@contoso.example"}}});
  CreateSearch search{
      RecordKind::opportunity,         {kReferral}, Company("Fabled Harbor Logistics"),
      Person("buyer@contoso.example"), {},          {}};
  search.opened_at = search.newest_seen = *ParseInstant("2026-10-19T09:00:00.7Z");
  const auto related = [&] {
    const auto found = crm().FindCreated(search);
    EXPECT_TRUE(found.ok()) << (found ? "" : Describe(found.error()));
    return found ? found->related : std::vector<PerformedWrite>{};
  };
  // The account is a person's, the contact ours.
  api.On("GET", "FROM Account WHERE Id =",
         Rows({made(kHarbor, kPurchaser, "2026-10-19T09:00:00.000+0000")}));
  api.On("GET", "FROM Contact WHERE Id =",
         Rows({made(kPurchaser, kApiUser, "2026-10-19T09:00:00.000+0000")}));
  ASSERT_EQ(related().size(), 1u);
  EXPECT_EQ(related()[0].record_kind, "contact");
  EXPECT_EQ(related()[0].record_id, kPurchaser);
  // Ours, but of an earlier deal.
  api.On("GET", "FROM Contact WHERE Id =",
         Rows({made(kPurchaser, kApiUser, "2026-10-19T08:30:00.000+0000")}));
  EXPECT_TRUE(related().empty());
  api.On("GET", "FROM Account WHERE", Failed(ErrorKind::unavailable));
  EXPECT_EQ(crm().FindCreated(search).error().kind, ErrorKind::unavailable);
}

TEST_F(CreateTest, AMixedCollectionEndsForEachDealOnItsOwn) {
  Stores(Row(kTelemetry));
  api.On("PATCH", "/composite/sobjects/Opportunity/Referral_Identifier__c",
         Answered(200,
                  Json::array({Saved(kTelemetry, true), NotSaved("DUPLICATE_EXTERNAL_ID"),
                               NotSaved("REQUIRED_FIELD_MISSING"), NotSaved("DUPLICATE_VALUE")})));
  std::vector<CrmWrite> writes;
  for (std::size_t i = 0; i < 4; ++i) writes.push_back(Create(NthReferral(i)));
  const auto results = crm().Write(writes);
  EXPECT_TRUE(results[0].record.ok());
  ExpectFailure(results[1], ErrorKind::refused);
  ExpectFailure(results[2], ErrorKind::refused);
  ExpectFailure(results[3], ErrorKind::already_exists);
  const Json record = api.Requests("PATCH", "/composite").at(0).json()["records"][1];
  EXPECT_EQ(record["Referral_Identifier__c"], NthReferral(1));
  EXPECT_FALSE(record.contains("id"));
}

TEST_F(CreateTest, TwoCreatesOfOneReferralMakeOneRecord) {
  SavesUpserts();
  api.Once("GET", "FROM Opportunity WHERE", Rows({}));
  api.On("GET", "FROM Opportunity WHERE", Rows({Row(kTelemetry)}));
  const auto results = crm().Write({Create(), Create()});
  EXPECT_TRUE(results[0].record.ok());
  ExpectFailure(results[1], ErrorKind::already_exists);
  EXPECT_EQ(api.Writes(), 1u);
}

TEST_F(CreateTest, ATwoThousandDealsOfAsManyNewCustomersStayWithinTheBudget) {
  FindsNobody();
  SavesCollections();
  std::vector<CrmWrite> writes;
  for (std::size_t i = 0; i < 2000; ++i) {
    writes.push_back(Create(NthReferral(i)));
    writes.back().account = Company("Customer " + std::to_string(i));
  }
  for (const auto& result : crm().Write(writes)) {
    ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  }
  EXPECT_EQ(api.Writes(), 20u) << "ten for the accounts, ten for the deals";
  EXPECT_LE(api.Calls(), 20u + 4u);
}

}  // namespace
}  // namespace cosell::test
