#include "organization.h"

namespace cosell::test {
namespace {

constexpr const char* kBrandvold = "00Q5g000007HvMnEAK";
constexpr const char* kSecondLead = "00Q5g000007HvMoEAK";

// An organisation whose leads are looked after too.
class LeadsTest : public SalesforceTest {
 protected:
  LeadsTest() {
    options.leads = true;
    const FieldOptions fixed{0, false, {}, ""};
    lead_ = {FieldOf("Id", "id", "", fixed),
             FieldOf("IsDeleted", "boolean", "", fixed),
             FieldOf("IsConverted", "boolean", "", fixed),
             FieldOf("ConvertedOpportunityId", "reference", "", {18, false, {}, ""}),
             FieldOf("SystemModstamp", "datetime", "", fixed),
             FieldOf("LastModifiedDate", "datetime", "", fixed),
             FieldOf("Name", "string", "Full Name", {121, false, {}, ""}),
             FieldOf("LastName", "string", "", {80, true, {}, ""}),
             FieldOf("Company", "string", "", {255, true, {}, ""}),
             FieldOf("Title", "string", "", {128, true, {}, ""}),
             FieldOf("Country", "string", "", {80, true, {}, ""}),
             FieldOf("CurrencyIsoCode", "picklist", "", {3, true, {"EUR", "USD"}, ""}),
             FieldOf("OwnerId", "reference", "", {18, true, {}, "Owner"}),
             FieldOf("Status", "picklist", "", {255, true, {"Neu", "Gewonnen", "Verloren"}, ""}),
             FieldOf("Sync_with_Partner_Center__c", "boolean", "Sync With Partner Center"),
             FieldOf("Referral_Link__c", "url", "Referral Link", {255, true, {}, ""}),
             FieldOf("Audit__c", "textarea", "Audit", {100000, true, {}, ""})};
    Json identifier =
        FieldOf("Referral_Identifier__c", "string", "Referral Identifier", {100, true, {}, ""});
    identifier["externalId"] = true;
    identifier["unique"] = true;
    lead_.push_back(identifier);
    api.Does("GET", "/sobjects/Lead/describe",
             [this](const auto&) { return Answered(200, Described("Lead", lead_)); });
    api.Does("POST", "/composite/sobjects/Lead",
             [this](const auto& request) { return Retrieved(request.json()); });
    api.On("GET", "FROM Lead WHERE", Rows({}));
  }

  void LeadLacks(const std::string& name) {
    std::erase_if(lead_, [&](const Json& each) { return each["name"] == name; });
  }
  static Json LeadRow(const std::string& id, const std::string& stamp = "2026-10-19T08:15:42") {
    return {{"attributes", {{"type", "Lead"}, {"url", "/services/data/v62.0/" + id}}},
            {"Id", id},
            {"IsDeleted", false},
            {"IsConverted", false},
            {"ConvertedOpportunityId", nullptr},
            {"Title", "Brewhouse telemetry"},
            {"Status", "Neu"},
            {"Sync_with_Partner_Center__c", true},
            {"Referral_Identifier__c", kReferral},
            {"LastModifiedDate", stamp + ".000+0000"},
            {"SystemModstamp", stamp + ".000+0000"}};
  }
  static Json Converted(Json row) {
    row["IsConverted"] = true;
    row["ConvertedOpportunityId"] = kTelemetry;
    row["Status"] = "Gewonnen";
    return row;
  }
  void ReadsLeads(const std::vector<std::string>& columns = {"Title", "Status"}) {
    Schema();
    crm().Select(RecordKind::lead, columns);
    api.Forget();
  }
  CrmRecord Read(const std::string& id) {
    const auto records = crm().Read(RecordKind::lead, {{id}}, Crm::Detail::own);
    EXPECT_TRUE(records.ok() && records->size() == 1);
    return records.ok() && !records->empty() ? records->front() : CrmRecord{};
  }

  static CrmWrite Create(const std::string& marker = kReferral) {
    CrmWrite write;
    write.kind = CrmWrite::Kind::create;
    write.record_kind = RecordKind::lead;
    write.marker.text = marker;
    write.attributes = {{"LastName", "\"Brandvold\""},
                        {"Company", "\"Tailspin Freight AB\""},
                        {"Title", "\"Brewhouse telemetry\""}};
    return write;
  }
  static CrmWrite Update(const std::string& id, const std::string& etag = "") {
    CrmWrite write;
    write.record_kind = RecordKind::lead;
    write.id.text = id;
    write.etag = etag;
    write.attributes = {{"Title", "\"Brewhouse and cellar\""}};
    return write;
  }
  CrmWriteResult WriteOne(const CrmWrite& write) { return crm().Write({write}).at(0); }
  static void ExpectRefusal(const CrmWriteResult& result, const std::string& text) {
    ASSERT_FALSE(result.record.ok());
    EXPECT_EQ(result.record.error().kind, ErrorKind::refused);
    EXPECT_NE(result.record.error().message.find(text), std::string::npos)
        << result.record.error().message;
  }
  static void ExpectLeadHeaders(const ScriptedApi::Received& request) {
    EXPECT_EQ(request.header("Sforce-Auto-Assign"), "FALSE");
    EXPECT_EQ(request.header("Sforce-Duplicate-Rule-Header"), "allowSave=true");
  }

  std::vector<Json> lead_;
};

TEST_F(LeadsTest, RolesOfALeadAreFound) {
  const CrmSchema schema = Schema();
  ASSERT_TRUE(schema.lead);
  const auto& roles = schema.lead->roles;
  EXPECT_EQ(roles.at("sync"), "Sync_with_Partner_Center__c");
  EXPECT_EQ(roles.at("referral_id"), "Referral_Identifier__c");
  EXPECT_EQ(roles.at("referral_link"), "Referral_Link__c");
  EXPECT_EQ(roles.at("audit"), "Audit__c");
  EXPECT_EQ(roles.at("country_code"), "Country");
  EXPECT_EQ(roles.at("status"), "Status");
  EXPECT_EQ(roles.at("became"), "ConvertedOpportunityId");
  EXPECT_EQ(roles.size(), 7u);
  EXPECT_EQ(schema.lead->columns.at("Status").choices.size(), 3u);
  EXPECT_FALSE(schema.lead->columns.at("Name").creatable);
  EXPECT_FALSE(schema.can_qualify);
  EXPECT_EQ(schema.roles.at("deal_value"), "Amount");
  EXPECT_TRUE(schema.problems.empty()) << schema.problems.front();
}

TEST_F(LeadsTest, AnOrganisationsOwnDealValueBringsItsCurrency) {
  lead_.push_back(FieldOf("Worth__c", "currency", "Worth"));
  lead_.push_back(FieldOf("Closes__c", "date", "Closes"));
  options.fields = {{"lead.deal_value", "worth__c"}, {"lead.closing_date", "Closes__c"}};
  const CrmSchema schema = Schema();
  EXPECT_EQ(schema.lead->roles.at("deal_value"), "Worth__c");
  EXPECT_EQ(schema.lead->roles.at("currency"), "CurrencyIsoCode");
  EXPECT_EQ(schema.lead->roles.at("closing_date"), "Closes__c");
  EXPECT_EQ(schema.roles.at("deal_value"), "Amount");
}

TEST_F(LeadsTest, WhatALeadLacksIsAProblemOfItsOwn) {
  LeadLacks("Referral_Identifier__c");
  LeadLacks("ConvertedOpportunityId");
  options.fields = {{"lead.audit", "Nowhere__c"}};
  const CrmSchema schema = Schema();
  EXPECT_TRUE(Mentions(schema.problems, "The Lead has no field named Referral_Identifier__c"));
  EXPECT_TRUE(Mentions(schema.problems, "no lead can be created from a referral"));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.lead.referral_id"));
  EXPECT_TRUE(Mentions(schema.problems, "ConvertedOpportunityId of the Lead is hidden"));
  EXPECT_TRUE(Mentions(schema.problems, "crm.fields.lead.audit names the field \"Nowhere__c\""));
  EXPECT_FALSE(Mentions(schema.problems, "The Opportunity"));
  ExpectRefusal(WriteOne(Create()), "The Lead has no Referral Identifier field");
}

TEST_F(LeadsTest, AHiddenLeadObjectIsAProblemAndNoFailure) {
  api.On("GET", "/sobjects/Lead/describe", Refused(404, "NOT_FOUND"));
  const CrmSchema schema = Schema();
  EXPECT_FALSE(schema.lead);
  EXPECT_TRUE(Mentions(schema.problems, "The Lead object is hidden"));
  EXPECT_EQ(crm().Changes(RecordKind::lead, "").error().kind, ErrorKind::refused);
  ExpectRefusal(WriteOne(Create()), "The Lead object is hidden");
}

TEST_F(LeadsTest, LeadsThatAreLeftOutCostNoCall) {
  options.leads = false;
  EXPECT_FALSE(Schema().lead);
  EXPECT_TRUE(api.Requests("GET", "/sobjects/Lead").empty());
  ExpectRefusal(WriteOne(Create()), "crm.records");
}

TEST_F(LeadsTest, ACreateIsAnUpsertThatNeitherRoutesNorStopsAtAnAlert) {
  ReadsLeads();
  api.On("PATCH", "/sobjects/Lead/",
         Answered(201, Json{{"id", kBrandvold}, {"success", true}, {"created", true}}));
  Stores(LeadRow(kBrandvold));
  const auto result = WriteOne(Create());
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  EXPECT_EQ(result.record->kind, RecordKind::lead);
  EXPECT_EQ(result.record->referral_id, kReferral);
  EXPECT_TRUE(result.record->sync);
  ASSERT_EQ(result.performed.size(), 1u);
  EXPECT_EQ(result.performed[0].record_kind, "lead");
  EXPECT_EQ(result.performed[0].operation, "create");
  const auto sent = api.Requests("PATCH", "/sobjects/Lead/Referral_Identifier__c/");
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].json()["Company"], "Tailspin Freight AB");
  EXPECT_FALSE(sent[0].json().contains("Referral_Identifier__c"));
  ExpectLeadHeaders(sent[0]);
}

TEST_F(LeadsTest, AReferralThatIsALeadAlreadyIsNotMadeTwice) {
  ReadsLeads();
  api.On("GET", "FROM Lead WHERE", Rows({LeadRow(kBrandvold)}));
  EXPECT_EQ(WriteOne(Create()).record.error().kind, ErrorKind::already_exists);
  EXPECT_EQ(api.Writes(), 0u);
  const auto found = crm().FindCreated({RecordKind::lead, {kReferral}});
  ASSERT_TRUE(found.ok() && found->record);
  EXPECT_EQ(found->record->id.text, kBrandvold);
  EXPECT_TRUE(api.Requests("GET", "FROM Account").empty());
}

TEST_F(LeadsTest, WhatWouldBeRefusedIsNotSent) {
  ReadsLeads();
  CrmWrite nameless = Create();
  nameless.attributes = {{"Title", "\"Brewhouse telemetry\""}};
  ExpectRefusal(WriteOne(nameless), "A new lead needs LastName, Company");
  CrmWrite foreign = Create();
  foreign.attributes.push_back({"Status", "\"Open - Not Contacted\""});
  ExpectRefusal(WriteOne(foreign), "Status");
  CrmWrite computed = Create();
  computed.attributes.push_back({"Name", "\"Ture Brandvold\""});
  ExpectRefusal(WriteOne(computed), "Name");
  CrmWrite qualify;
  qualify.kind = CrmWrite::Kind::qualify;
  qualify.record_kind = RecordKind::lead;
  qualify.id.text = kBrandvold;
  ExpectRefusal(WriteOne(qualify), "in Salesforce");
  CrmWrite close = Update(kBrandvold);
  close.kind = CrmWrite::Kind::close;
  ExpectRefusal(WriteOne(close), "Status");
  EXPECT_EQ(api.Writes(), 0u);
}

TEST_F(LeadsTest, AStatusIsCheckedWhereTheOrganisationDoesNotRestrictItToo) {
  for (Json& each : lead_) {
    if (each["name"] == "Status") each["restrictedPicklist"] = false;
  }
  ReadsLeads();
  CrmWrite write = Update(kBrandvold);
  write.attributes = {{"Status", "\"Closed - Not Converted\""}};
  ExpectRefusal(WriteOne(write), "Status");
}

TEST_F(LeadsTest, AnUpdateCarriesItsPrecondition) {
  ReadsLeads();
  Stores(LeadRow(kBrandvold));
  const std::string etag = Read(kBrandvold).etag;
  api.On("PATCH", "/sobjects/Lead/", Answered(204));
  const auto result = WriteOne(Update(kBrandvold, etag));
  ASSERT_TRUE(result.record.ok());
  EXPECT_EQ(result.performed.at(0).record_kind, "lead");
  const auto sent = api.Requests("PATCH", std::string("/sobjects/Lead/") + kBrandvold);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].header("If-Unmodified-Since"), "Mon, 19 Oct 2026 08:15:42 GMT");
  ExpectLeadHeaders(sent[0]);
}

TEST_F(LeadsTest, AConvertedLeadTellsItsOpportunityAndTakesNoWrite) {
  ReadsLeads();
  Stores(Converted(LeadRow(kBrandvold)));
  const Json raw = Json::parse(Read(kBrandvold).raw);
  EXPECT_EQ(raw["ConvertedOpportunityId"], kTelemetry);
  EXPECT_EQ(raw["IsConverted"], true);
  api.On("PATCH", "/sobjects/Lead/",
         Refused(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead"));
  const auto result = WriteOne(Update(kBrandvold));
  ExpectRefusal(result, "its opportunity takes its place");
  EXPECT_EQ(result.performed.at(0).outcome_code, "CANNOT_UPDATE_CONVERTED_LEAD");
}

TEST_F(LeadsTest, SeveralLeadsAreComparedAndWrittenAtOnce) {
  ReadsLeads();
  Stores(LeadRow(kBrandvold));
  Stores(LeadRow(kSecondLead));
  const std::string etag = Read(kBrandvold).etag;
  const std::string stale = Read(kSecondLead).etag;
  Stores(With(LeadRow(kSecondLead), "Title", "Edited meanwhile"));
  api.Does("PATCH", "/composite/sobjects", [](const ScriptedApi::Received& request) {
    EXPECT_EQ(request.json()["records"].at(0)["attributes"]["type"], "Lead");
    ExpectLeadHeaders(request);
    Json saved = Json::array();
    const Json asked = request.json();
    for (const Json& each : asked["records"])
      saved.push_back({{"id", each["id"]}, {"success", true}});
    return ScriptedApi::Answer(Answered(200, saved));
  });
  const CrmWrite third = Update(IdOf("00Q5g000007HvMp"));
  Stores(LeadRow(third.id.text));
  const auto results = crm().Write({Update(kBrandvold, etag), Update(kSecondLead, stale), third});
  EXPECT_TRUE(results[0].record.ok());
  EXPECT_EQ(results[1].record.error().kind, ErrorKind::stale_version);
  EXPECT_TRUE(results[2].record.ok());
}

TEST_F(LeadsTest, WritesOfBothKindsAreAnsweredInTheirOrder) {
  ReadsLeads();
  crm().Select(RecordKind::opportunity, {"Name"});
  Stores(LeadRow(kBrandvold));
  Stores(Row(kTelemetry));
  api.On("PATCH", "/sobjects/", Answered(204));
  CrmWrite deal;
  deal.id.text = kTelemetry;
  deal.attributes = {{"Name", "\"Harbor\""}};
  const auto results = crm().Write({Update(kBrandvold), deal});
  ASSERT_TRUE(results[0].record.ok() && results[1].record.ok());
  EXPECT_EQ(results[0].record->kind, RecordKind::lead);
  EXPECT_EQ(results[1].record->kind, RecordKind::opportunity);
  const auto sent = api.Requests("PATCH", "/sobjects/Opportunity/");
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].header("Sforce-Auto-Assign"), "");
}

TEST_F(LeadsTest, ChangesOfLeadsHaveACursorOfTheirOwn) {
  ReadsLeads();
  crm().Select(RecordKind::opportunity, {"Name"});
  api.On("GET", "FROM Lead", Rows({LeadRow(kBrandvold, "2026-10-19T08:59:00")}));
  api.On("GET", "FROM Opportunity", Rows({Row(kTelemetry, "2026-10-19T08:59:00")}));
  const auto leads = crm().Changes(RecordKind::lead, "");
  const auto deals = crm().Changes(RecordKind::opportunity, "");
  ASSERT_TRUE(leads.ok() && deals.ok());
  ASSERT_EQ(leads->records.size(), 1u);
  EXPECT_EQ(leads->records[0].kind, RecordKind::lead);
  EXPECT_TRUE(leads->full);
  const auto again = crm().Changes(RecordKind::lead, leads->cursor);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->records.empty());
  api.On("GET", "FROM Lead", Rows({Converted(LeadRow(kBrandvold, "2026-10-19T09:00:20"))}));
  const auto converted = crm().Changes(RecordKind::lead, again->cursor);
  ASSERT_TRUE(converted.ok());
  ASSERT_EQ(converted->records.size(), 1u);
  EXPECT_EQ(Json::parse(converted->records[0].raw)["ConvertedOpportunityId"], kTelemetry);
  EXPECT_TRUE(crm().Changes(RecordKind::opportunity, deals->cursor)->records.empty());
}

TEST_F(LeadsTest, TheCrossCheckAsksForLeads) {
  ReadsLeads();
  api.On("GET", "FROM Lead", Rows({LeadRow(kBrandvold, "2026-10-19T08:59:00")}));
  const auto first = crm().Changes(RecordKind::lead, "");
  ASSERT_TRUE(first.ok());
  api.On("GET", "FROM Lead", Rows({}));
  api.On("GET", "/sobjects/Lead/updated",
         Answered(200, Json{{"ids", {kSecondLead}},
                            {"latestDateCovered", "2026-10-19T09:10:00.000+0000"}}));
  api.On("GET", "/sobjects/Lead/deleted",
         Answered(200, Json{{"deletedRecords", {{{"id", kBrandvold}}}},
                            {"earliestDateAvailable", "2026-10-05T03:12:00.000+0000"},
                            {"latestDateCovered", "2026-10-19T09:10:00.000+0000"}}));
  Stores(LeadRow(kSecondLead, "2026-10-19T08:58:00"));
  api.now = ParseInstant("2026-10-19T09:11:00Z");
  clock.Advance(std::chrono::minutes(11));
  const auto changes = crm().Changes(RecordKind::lead, first->cursor);
  ASSERT_TRUE(changes.ok()) << Describe(changes.error());
  ASSERT_EQ(changes->records.size(), 1u);
  EXPECT_EQ(changes->records[0].id.text, kSecondLead);
  ASSERT_EQ(changes->deleted.size(), 1u);
  EXPECT_EQ(changes->deleted[0].text, kBrandvold);
}

TEST_F(LeadsTest, TheOwnerOfALeadIsReadAlong) {
  ReadsLeads({"Title", "OwnerId.Name", "AccountId.Name"});
  Json row = LeadRow(kBrandvold);
  row["Owner"] = {{"Name", "Partner queue"}};
  api.On("GET", "FROM Lead WHERE", Rows({row}));
  const auto records = crm().Read(RecordKind::lead, {{kBrandvold}}, Crm::Detail::with_related);
  ASSERT_TRUE(records.ok() && records->size() == 1);
  const Json raw = Json::parse(records->front().raw);
  EXPECT_EQ(raw["OwnerId.Name"], "Partner queue");
  EXPECT_FALSE(raw.contains("AccountId.Name"));
}

TEST_F(LeadsTest, AHiddenFieldOfALeadCostsItselfAlone) {
  ReadsLeads({"Title", "Company"});
  crm().Select(RecordKind::opportunity, {"Name", "Amount"});
  Stores(LeadRow(kBrandvold));
  api.Once("POST", "/composite/sobjects/Lead",
           Refused(400, "INVALID_FIELD", "No such column 'Company' on sobject of type Lead"));
  EXPECT_FALSE(Json::parse(Read(kBrandvold).raw).contains("Company"));
  EXPECT_TRUE(Mentions(Schema().problems, "The field Company cannot be queried"));
}

}  // namespace
}  // namespace cosell::test
