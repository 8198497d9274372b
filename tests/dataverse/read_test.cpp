#include "organization.h"

namespace cosell::test {
namespace {

class ReadTest : public DataverseTest {
 protected:
  void Holds(const std::vector<Json>& rows) {
    api.On("GET", "opportunities?", Answered(200, List(rows)));
  }
  CrmRecord ReadOne(const std::string& id, Crm::Detail detail = Crm::Detail::own) {
    const auto records = crm().Read(RecordKind::opportunity, {CrmId{id}}, detail);
    EXPECT_TRUE(records.ok()) << Describe(records.error());
    EXPECT_EQ(records->size(), 1u);
    return records->front();
  }
};

TEST_F(ReadTest, ARowBecomesFlatAttributes) {
  Reads({"name", "estimatedvalue", "estimatedclosedate", "transactioncurrencyid", "parentaccountid",
         "parentcontactid", "msft_howcanmicrosofthelp", "new_interests"});
  api.On("GET", "opportunities?", Answered(200, R"({"@odata.context":"x","value":[{
      "@odata.etag":"W/\"4402117\"","opportunityid":"0B000000-0000-0000-0000-000000000101",
      "name":"Br\u00fchhaus \"eins\"\n","estimatedvalue@OData.Community.Display.V1.FormattedValue":"x",
      "estimatedvalue":84500.5000,"estimatedclosedate":"2026-09-30T00:00:00Z",
      "_transactioncurrencyid_value":"0C000000-0000-0000-0000-0000000000E1",
      "_parentaccountid_value":"0A000000-0000-0000-0000-000000000011","_parentcontactid_value":null,
      "msft_howcanmicrosofthelp@OData.Community.Display.V1.FormattedValue":"Konzeptnachweis",
      "msft_howcanmicrosofthelp":100000002,"new_interests":"1, 9","statecode":0,"statuscode":2,
      "msft_syncwithpartnercenter":true,"msft_referralidentifier":null,
      "modifiedon":"2026-03-02T08:15:00Z","versionnumber":4402117,"surprise":{"deep":[1,{}]}}]})"));
  const CrmRecord record = ReadOne(kBrewhouse);
  EXPECT_EQ(record.id.text, kBrewhouse);
  EXPECT_EQ(record.etag, "W/\"4402117\"");
  EXPECT_EQ(record.changed_at, *ParseInstant("2026-03-02T08:15:00Z"));
  EXPECT_TRUE(record.sync);
  EXPECT_EQ(record.referral_id, "");
  EXPECT_EQ(record.clock_offset, std::chrono::milliseconds{250});
  const Json expected = {{"opportunityid", kBrewhouse},
                         {"name", "Br\u00fchhaus \"eins\"\n"},
                         {"estimatedvalue", 84500.5},
                         {"estimatedclosedate", "2026-09-30"},
                         {"transactioncurrencyid", "EUR"},
                         {"parentaccountid", kFabrikam},
                         {"parentcontactid", nullptr},
                         {"msft_howcanmicrosofthelp", "Proof Of Concept Or Demo"},
                         {"new_interests", "Cloud; Edge"},
                         {"statecode", 0},
                         {"statuscode", 2},
                         {"msft_syncwithpartnercenter", true},
                         {"msft_referralidentifier", nullptr},
                         {"modifiedon", "2026-03-02T08:15:00Z"}};
  EXPECT_EQ(Json::parse(record.raw), expected) << record.raw;
  EXPECT_NE(record.raw.find("84500.5,"), std::string::npos) << record.raw;
}

TEST_F(ReadTest, EqualRowsHaveEqualTextWhateverTheOrderOfTheirMembers) {
  Reads({"name", "estimatedvalue"});
  api.Once("GET", "opportunities?",
           Answered(200, R"({"value":[{"opportunityid":")" + std::string(kBrewhouse) +
                             R"(","name":"a/b","estimatedvalue":5.00}]})"));
  api.Once("GET", "opportunities?", Answered(200, R"({"value":[{"estimatedvalue":5,"name":"a\/b",
      "opportunityid":")" + std::string(kBrewhouse) + R"("}]})"));
  EXPECT_EQ(ReadOne(kBrewhouse).raw, ReadOne(kBrewhouse).raw);
}

TEST_F(ReadTest, OnlyColumnsTheTableHasAreAskedFor) {
  Reads({"name", "parentaccountid", "new_forgotten", "parentaccountidname"});
  Holds({Row(kBrewhouse)});
  ReadOne(kBrewhouse);
  const auto request = api.Requests("GET", "opportunities?").at(0);
  EXPECT_NE(request.path.find("_parentaccountid_value"), std::string::npos);
  EXPECT_EQ(request.path.find("new_forgotten"), std::string::npos);
  EXPECT_EQ(request.path.find("parentaccountidname"), std::string::npos);
  EXPECT_EQ(request.header("If-None-Match"), "null");
  EXPECT_EQ(request.header("OData-Version"), "4.0");
  EXPECT_NE(log.text().find("new_forgotten"), std::string::npos);
}

TEST_F(ReadTest, ManyRecordsAreReadInBatchesOfIds) {
  Reads({"name"});
  Holds({});
  std::vector<CrmId> ids;
  for (int i = 100; i < 165; ++i) {
    ids.push_back({"0b000000-0000-0000-0000-000000000" + std::to_string(i)});
  }
  ids.push_back({"not a guid"});
  const auto records = crm().Read(RecordKind::opportunity, ids, Crm::Detail::own);
  ASSERT_TRUE(records.ok());
  EXPECT_TRUE(records->empty());
  EXPECT_EQ(api.Requests("GET", "opportunities?").size(), 3u);
}

TEST_F(ReadTest, NothingToReadAsksNothing) {
  Reads({"name"});
  EXPECT_TRUE(crm().Read(RecordKind::opportunity, {}, Crm::Detail::own)->empty());
  EXPECT_TRUE(api.all.empty());
}

TEST_F(ReadTest, RelatedColumnsComeFromTheirTables) {
  Reads({"name", "parentaccountid.name", "parentaccountid.new_forgotten",
         "parentcontactid.emailaddress1", "ownerid.fullname"});
  Holds({With(Row(kBrewhouse), "_ownerid_value", kSeller)});
  api.On("GET", "accounts?",
         Answered(200, List({{{"accountid", kFabrikam}, {"name", "Fabrikam"}}})));
  api.On("GET", "systemusers?",
         Answered(200, List({{{"systemuserid", kSeller}, {"fullname", "Seller One"}}})));
  const Json flat = Json::parse(ReadOne(kBrewhouse, Crm::Detail::with_related).raw);
  EXPECT_EQ(flat.at("parentaccountid.name"), "Fabrikam");
  EXPECT_EQ(flat.at("parentaccountid.new_forgotten"), nullptr);
  EXPECT_EQ(flat.at("parentcontactid.emailaddress1"), nullptr);
  EXPECT_EQ(flat.at("ownerid.fullname"), "Seller One");
  const auto request = api.Requests("GET", "accounts?").at(0);
  EXPECT_NE(request.path.find("accountid eq " + std::string(kFabrikam)), std::string::npos);
  EXPECT_EQ(request.path.find("new_forgotten"), std::string::npos);
  EXPECT_TRUE(api.Requests("GET", "contacts?").empty());
}

TEST_F(ReadTest, OwnColumnsAloneLeaveOtherTablesAlone) {
  Reads({"name", "parentaccountid.name"});
  Holds({Row(kBrewhouse)});
  EXPECT_FALSE(Json::parse(ReadOne(kBrewhouse).raw).contains("parentaccountid.name"));
  EXPECT_TRUE(api.Requests("GET", "accounts?").empty());
}

TEST_F(ReadTest, APotentialCustomerThatIsAnAccountStandsInForTheAccount) {
  Reads({"parentaccountid.name"});
  Json row = With(Row(kBrewhouse), "_parentaccountid_value", nullptr);
  row["_customerid_value"] = kFabrikam;
  row["_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] = "account";
  Holds({row});
  api.On("GET", "accounts?",
         Answered(200, List({{{"accountid", kFabrikam}, {"name", "Fabrikam"}}})));
  const Json flat = Json::parse(ReadOne(kBrewhouse, Crm::Detail::with_related).raw);
  EXPECT_EQ(flat.at("parentaccountid.name"), "Fabrikam");
  EXPECT_EQ(flat.at("parentaccountid"), nullptr);
}

TEST_F(ReadTest, ATeamOwnerHasNoMemberColumns) {
  Reads({"ownerid.fullname"});
  Json row = With(Row(kBrewhouse), "_ownerid_value", kSeller);
  row["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] = "team";
  Holds({row});
  const Json flat = Json::parse(ReadOne(kBrewhouse, Crm::Detail::with_related).raw);
  EXPECT_EQ(flat.at("ownerid.fullname"), nullptr);
  EXPECT_TRUE(api.Requests("GET", "systemusers?").empty());
}

TEST_F(ReadTest, HiddenMetadataOfARelatedTableLeavesItsDocumentedColumns) {
  api.On("GET", "EntityDefinitions(LogicalName='account')", Refused(403, "0x80040220"));
  Reads({"parentaccountid.name", "parentaccountid.new_iso"});
  Holds({Row(kBrewhouse)});
  api.On("GET", "accounts?",
         Answered(200, List({{{"accountid", kFabrikam}, {"name", "Fabrikam"}}})));
  const Json flat = Json::parse(ReadOne(kBrewhouse, Crm::Detail::with_related).raw);
  EXPECT_EQ(flat.at("parentaccountid.name"), "Fabrikam");
  EXPECT_EQ(flat.at("parentaccountid.new_iso"), nullptr);
}

TEST_F(ReadTest, ACurrencyAddedMeanwhileIsLookedUp) {
  Reads({"transactioncurrencyid"});
  const std::string krona = "0c000000-0000-0000-0000-0000000000e2";
  HasCurrencies({{"EUR", kEuro}, {"SEK", krona}});
  Holds({With(Row(kBrewhouse), "_transactioncurrencyid_value", krona)});
  EXPECT_EQ(Json::parse(ReadOne(kBrewhouse).raw).at("transactioncurrencyid"), "SEK");
}

TEST_F(ReadTest, ACurrencyThatCannotBeFoundIsAskedForOnce) {
  Reads({"transactioncurrencyid"});
  Holds({With(Row(kBrewhouse), "_transactioncurrencyid_value", kFabrikam)});
  EXPECT_EQ(Json::parse(ReadOne(kBrewhouse).raw).at("transactioncurrencyid"), nullptr);
  ReadOne(kBrewhouse);
  EXPECT_EQ(api.Requests("GET", "transactioncurrencies?").size(), 1u);
}

TEST_F(ReadTest, HtmlInsteadOfJsonIsAnInvalidResponse) {
  Reads({"name"});
  api.On("GET", "opportunities?",
         Answered(200, "<html>Sign in</html>", {{"Content-Type", "text/html"}}));
  const auto records = crm().Read(RecordKind::opportunity, {CrmId{kBrewhouse}}, Crm::Detail::own);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().kind, ErrorKind::invalid_response);
}

TEST_F(ReadTest, ACutAnswerIsAnInvalidResponse) {
  Reads({"name"});
  const std::string whole = List(std::vector<Json>{Row(kBrewhouse)});
  api.On("GET", "opportunities?", Answered(200, whole.substr(0, whole.size() - 20)));
  const auto records = crm().Read(RecordKind::opportunity, {CrmId{kBrewhouse}}, Crm::Detail::own);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().kind, ErrorKind::invalid_response);
}

TEST_F(ReadTest, LeadsAreNotRead) {
  EXPECT_EQ(crm().Changes(RecordKind::lead, "").error().kind, ErrorKind::refused);
  EXPECT_EQ(crm().Read(RecordKind::lead, {}, Crm::Detail::own).error().kind, ErrorKind::refused);
}

TEST_F(ReadTest, ACreatedRecordIsFoundByItsDerivedId) {
  Reads({"name"});
  const std::string id = DerivedGuid("opportunity", kReferral);
  api.On("GET", "opportunities(" + id + ")", Answered(200, Row(id).dump()));
  const auto found = crm().FindCreated({RecordKind::opportunity, ReferralId{kReferral}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id.text, id);
  EXPECT_EQ(found->record->referral_id, kReferral);
}

TEST_F(ReadTest, ARecordMadeByAnotherHandIsFoundByItsReferralIdentifier) {
  Reads({"name"});
  api.On("GET", "opportunities(", Refused(404, "0x80040217"));
  Holds({Row(kYardPilot)});
  const auto found = crm().FindCreated({RecordKind::opportunity, ReferralId{kReferral}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id.text, kYardPilot);
  EXPECT_NE(api.Requests("GET", "opportunities?")
                .at(0)
                .path.find("msft_referralidentifier eq '" + std::string(kReferral) + "'"),
            std::string::npos);
  Holds({});
  EXPECT_FALSE(crm().FindCreated({RecordKind::opportunity, ReferralId{kReferral}})->record);
}

}  // namespace
}  // namespace cosell::test
