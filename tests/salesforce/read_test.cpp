#include "organization.h"

namespace cosell::test {
namespace {

class ReadTest : public SalesforceTest {
 protected:
  std::vector<CrmRecord> Read(const std::vector<CrmId>& ids,
                              Crm::Detail detail = Crm::Detail::own) {
    const auto records = crm().Read(RecordKind::opportunity, ids, detail);
    EXPECT_TRUE(records.ok()) << Describe(records.error());
    return records.ok() ? *records : std::vector<CrmRecord>{};
  }
  Json Raw(const CrmRecord& record) { return Json::parse(record.raw); }
};

TEST_F(ReadTest, ARecordBecomesFlatAttributes) {
  Reads({"Name", "Amount", "CloseDate", "StageName", "IsClosed", "Interests__c", "AccountId",
         "CreatedDate", "Description"});
  Json row = With(Row(kTelemetry), "Interests__c", "Cloud;Edge");
  row = With(row, "AccountId", "0015g00000Lp8Ty");
  row = With(row, "CreatedDate", "2026-10-01T07:00:12.000+0000");
  row = With(row, "Amount", 1.2345678e7);
  Stores(With(row, "Description", nullptr));
  const auto records = Read({{kTelemetry}});
  ASSERT_EQ(records.size(), 1u);
  const Json raw = Raw(records[0]);
  EXPECT_EQ(raw["Name"], "Harbor cold-chain telemetry");
  EXPECT_EQ(raw["Amount"].dump(), "12345678");
  EXPECT_EQ(raw["CloseDate"], "2026-11-30");
  EXPECT_EQ(raw["IsClosed"], false);
  EXPECT_EQ(raw["Interests__c"], "Cloud; Edge");
  EXPECT_EQ(raw["AccountId"], kHarbor);
  EXPECT_EQ(raw["CreatedDate"], "2026-10-01T07:00:12Z");
  EXPECT_TRUE(raw["Description"].is_null());
  EXPECT_FALSE(raw.contains("attributes"));
  EXPECT_EQ(records[0].id.text, kTelemetry);
  EXPECT_EQ(records[0].referral_id, kReferral);
  EXPECT_TRUE(records[0].sync);
  EXPECT_EQ(records[0].changed_at, *ParseInstant("2026-10-19T08:15:42Z"));
  EXPECT_EQ(records[0].clock_offset, std::chrono::milliseconds{250});
}

TEST_F(ReadTest, IdsOfEitherLengthAndCaseAreOneRecord) {
  Reads({"Name"});
  Stores(Row(kTelemetry));
  const auto records =
      Read({{"0065g00000Qm1Kd"}, {kTelemetry}, {"0065g00000qm1kdaaj"}, {"no id"}, {""}});
  EXPECT_EQ(records.size(), 1u);
  EXPECT_EQ(api.all.at(0).json()["ids"], Json::array({kTelemetry}));
}

TEST_F(ReadTest, MissingAndDeletedRecordsAreAbsent) {
  Reads({"Name"});
  Stores(With(Row(kTelemetry), "IsDeleted", true));
  EXPECT_TRUE(Read({{kTelemetry}, {kTinplate}}).empty());
}

TEST_F(ReadTest, TwoThousandRecordsAreOneCall) {
  Reads({"Name"});
  std::vector<CrmId> ids;
  for (std::size_t i = 0; i < 4001; ++i) {
    ids.push_back({NthId(i)});
    Stores(Row(NthId(i)));
  }
  EXPECT_EQ(Read(ids).size(), 4001u);
  EXPECT_EQ(api.Calls(), 3u);
  EXPECT_EQ(api.all[0].repeat, net::Repeat::safe);
}

TEST_F(ReadTest, TwoEditsWithinOneSecondHaveDifferentEtags) {
  Reads({"Name", "Amount"});
  Stores(Row(kTelemetry));
  const std::string first = Read({{kTelemetry}})[0].etag;
  Stores(With(Row(kTelemetry), "Amount", 140000));
  const std::string second = Read({{kTelemetry}})[0].etag;
  EXPECT_NE(first, second);
  EXPECT_TRUE(first.starts_with("2026-10-19T08:15:42.000+0000#"));
  Stores(With(Row(kTelemetry), "LastModifiedDate", "2026-10-19T08:15:40.000+0000"));
  EXPECT_EQ(Read({{kTelemetry}})[0].etag, first) << "a stamp is no content";
}

TEST_F(ReadTest, RelatedRecordsComeAsDottedColumns) {
  Reads({"Name", "AccountId", "AccountId.Name", "AccountId.BillingPostalCode", "ContactId.Email",
         "OwnerId.Name"});
  Json row = Row(kTelemetry);
  row["Account"] = {{"attributes", {{"type", "Account"}}},
                    {"Name", "Fabled Harbor Logistics"},
                    {"BillingPostalCode", "28195"}};
  row["Owner"] = {{"Name", "Cosell Seller"}};
  row["OpportunityContactRoles"] = {
      {"totalSize", 1},
      {"done", true},
      {"records", Json::array({{{"Contact", {{"Email", "buyer@contoso.example"}}}}})}};
  Json bare = Row(kTinplate);
  bare["Account"] = nullptr;
  bare["Owner"] = {{"Name", nullptr}};
  bare["OpportunityContactRoles"] = nullptr;
  api.On("GET", "/query?q=", Rows({row, bare}));
  const auto records = Read({{kTelemetry}, {kTinplate}}, Crm::Detail::with_related);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(Raw(records[0])["AccountId.Name"], "Fabled Harbor Logistics");
  EXPECT_EQ(Raw(records[0])["AccountId.BillingPostalCode"], "28195");
  EXPECT_EQ(Raw(records[0])["ContactId.Email"], "buyer@contoso.example");
  EXPECT_EQ(Raw(records[0])["OwnerId.Name"], "Cosell Seller");
  for (const char* name : {"AccountId.Name", "ContactId.Email", "OwnerId.Name"}) {
    EXPECT_TRUE(Raw(records[1])[name].is_null()) << name;
  }
  const std::string query = api.all.at(0).path;
  EXPECT_NE(query.find("Account.BillingPostalCode"), std::string::npos);
  EXPECT_NE(
      query.find("(SELECT Contact.Email FROM OpportunityContactRoles WHERE IsPrimary = true)"),
      std::string::npos);
  EXPECT_NE(query.find("Id IN ('0065g00000Qm1KdAAJ','0065g00000Qm2ZxAAJ')"), std::string::npos);
}

TEST_F(ReadTest, ManyRelatedRecordsAreOneCompositeCallAndItsPages) {
  Reads({"Name", "AccountId.Name"});
  std::vector<CrmId> ids;
  for (std::size_t i = 0; i < 300; ++i) ids.push_back({NthId(i)});
  api.On("GET", "/query?q=", Rows({Row(NthId(0))}, "/services/data/v62.0/query/0r8xx-1"));
  api.On("GET", "/query/0r8xx-1", Rows({Row(NthId(1))}));
  EXPECT_EQ(Read(ids, Crm::Detail::with_related).size(), 2u);
  EXPECT_EQ(api.Calls(), 2u);
  EXPECT_EQ(api.all[0].path, "/composite");
  EXPECT_EQ(api.all[0].repeat, net::Repeat::safe);
}

TEST_F(ReadTest, QueriesAreEncodedForTheUrl) {
  Reads({"Name"});
  api.On("GET", "/query?q=", Rows({}));
  const auto found = crm().FindCreated({RecordKind::opportunity, {"a+b'c&d"}});
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->record);
  const auto& request = api.all.at(0);
  EXPECT_NE(request.url.find("a%2Bb%5C%27c%26d"), std::string::npos) << request.url;
  EXPECT_TRUE(request.url.starts_with(std::string(kInstance) + "/services/data/v62.0/query?q="));
  EXPECT_EQ(request.header("Sforce-Call-Options"), "client=cosell-sync");
}

TEST_F(ReadTest, OfSeveralRecordsWithOneReferralTheOldestIsTheCreatedOne) {
  Reads({"Name"});
  api.On("GET", "ORDER BY CreatedDate, Id", Rows({Row(kTinplate), Row(kTelemetry)}));
  const auto found = crm().FindCreated({RecordKind::opportunity, {kReferral}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id.text, kTinplate);
}

TEST_F(ReadTest, ColumnsTheOrganisationLacksAreNotAskedForAndAbsent) {
  Reads({"Name", "Nowhere__c", "AccountId.Nothing"});
  Stores(Row(kTelemetry));
  EXPECT_FALSE(Raw(Read({{kTelemetry}})[0]).contains("Nowhere__c"));
  EXPECT_EQ(api.all.at(0).body.find("Nowhere__c"), std::string::npos);
  EXPECT_EQ(Logged("Nowhere__c, AccountId.Nothing"), 1u);
}

TEST_F(ReadTest, AFieldHiddenMeanwhileCostsItselfAndNotTheRead) {
  Reads({"Name", "Amount"});
  Stores(Row(kTelemetry));
  api.Once("POST", "/composite/sobjects/Opportunity",
           Refused(400, "INVALID_FIELD", "No such column 'Amount' on sobject of type Opportunity"));
  Lacks("Amount");
  const auto records = Read({{kTelemetry}});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(Raw(records[0]).contains("Amount"));
  EXPECT_EQ(Raw(records[0])["Name"], "Harbor cold-chain telemetry");
  EXPECT_EQ(Logged("field=Amount"), 1u);
}

TEST_F(ReadTest, AFieldThatDescribeShowsAndQueriesDoNotIsLeftOutByName) {
  Reads({"Name", "Amount"});
  Stores(Row(kTelemetry));
  api.Once("POST", "/composite/sobjects/Opportunity",
           Refused(400, "INVALID_FIELD",
                   "\nSELECT Id, Amount FROM\n ^\nERROR at Row:1:Column:12\nNo such column "
                   "'Amount' on entity 'Opportunity'. If you are"));
  EXPECT_FALSE(Raw(Read({{kTelemetry}}).at(0)).contains("Amount"));
  EXPECT_TRUE(Mentions(Schema().problems, "The field Amount cannot be queried"));
  EXPECT_EQ(api.Requests("POST", "/composite/sobjects/Opportunity").size(), 2u);
}

TEST_F(ReadTest, AHiddenFieldOfARelatedRecordIsLeftOutByName) {
  Reads({"Name", "AccountId.Name", "OwnerId.Email"});
  api.Once("GET",
           "/query?q=", Refused(400, "INVALID_FIELD", "No such column 'Email' on entity 'User'."));
  api.On("GET", "/query?q=", Rows({Row(kTelemetry)}));
  EXPECT_EQ(Read({{kTelemetry}}, Crm::Detail::with_related).size(), 1u);
  const auto queries = api.Requests("GET", "FROM Opportunity WHERE");
  EXPECT_EQ(queries.back().path.find("Owner.Email"), std::string::npos);
  EXPECT_NE(queries.back().path.find("Account.Name"), std::string::npos);
}

TEST_F(ReadTest, AnInvalidFieldThatNamesNothingOfOursEndsTheRead) {
  Reads({"Name"});
  api.On("POST", "/composite/sobjects/Opportunity", Refused(400, "INVALID_FIELD", "unclear"));
  const auto records = crm().Read(RecordKind::opportunity, {{kTelemetry}}, Crm::Detail::own);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().kind, ErrorKind::refused);
  EXPECT_EQ(api.Requests("POST", "/composite/sobjects/Opportunity").size(), 1u);
}

TEST_F(ReadTest, ALinkThatLeavesTheApiIsNotFollowed) {
  Reads({"Name", "AccountId.Name"});
  api.On("GET", "/query?q=", Rows({Row(kTelemetry)}, "https://evil.example/services/data/x"));
  const auto records =
      crm().Read(RecordKind::opportunity, {{kTelemetry}}, Crm::Detail::with_related);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().kind, ErrorKind::invalid_response);
  EXPECT_EQ(api.Calls(), 1u);
}

TEST_F(ReadTest, AUsedUpBudgetEndsReadsWithoutACall) {
  Reads({"Name"});
  Stores(Row(kTelemetry));
  api.limit_info = "api-usage=96000/100000; per-app-api-usage=17/250(appName=cosell-sync)";
  Read({{kTelemetry}});
  const auto records = crm().Read(RecordKind::opportunity, {{kTelemetry}}, Crm::Detail::own);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().kind, ErrorKind::throttled);
  EXPECT_EQ(api.Calls(), 1u);
}

TEST_F(ReadTest, AnOpportunityTeamIsAColumnOfItsPeople) {
  api.Does("GET", "/sobjects/Opportunity/describe", [this](const auto&) {
    Json description = Described("Opportunity", opportunity());
    description["childRelationships"].push_back({{"childSObject", "OpportunityTeamMember"},
                                                 {"field", "OpportunityId"},
                                                 {"relationshipName", "OpportunityTeamMembers"}});
    return Answered(200, description);
  });
  const auto member = [](const std::string& first_name, const std::string& email) {
    return Json{{"OpportunityId", kTelemetry},
                {"User", {{"FirstName", first_name}, {"Email", email}, {"Phone", nullptr}}}};
  };
  api.On("GET", "FROM OpportunityTeamMember WHERE OpportunityId IN",
         Rows({member("Per", "per.holm@contoso.example"), member("Ines", "ines@contoso.example")}));
  users_.push_back(FieldOf("FirstName", "string"));
  users_.push_back(FieldOf("Phone", "phone"));
  Reads({"Name", "OpportunityTeamMembers"});
  Stores(Row(kTelemetry));
  Stores(Row(kTinplate));
  const auto schema = crm().Describe(false);
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(schema->roles.at("sales_team"), "OpportunityTeamMembers");
  std::map<std::string, Json> teams;
  for (const CrmRecord& record : Read({{kTelemetry}, {kTinplate}}))
    teams[record.id.text] = Raw(record)["OpportunityTeamMembers"];
  EXPECT_EQ(teams[kTelemetry],
            Json::array({{{"email", "ines@contoso.example"}, {"firstName", "Ines"}},
                         {{"email", "per.holm@contoso.example"}, {"firstName", "Per"}}}));
  EXPECT_EQ(teams[kTinplate], Json::array()) << "read, and nobody there";
}

}  // namespace
}  // namespace cosell::test
