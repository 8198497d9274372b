#include "mapping/mapping.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mapping/read_record.h"
#include "mapping/render.h"
#include "mapping/sharing.h"
#include "support/test_mapping.h"

namespace cosell {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kReferral = R"({
  "id": "7C1E2F90-4B1D-4C3A-9A55-0D2B8F61A001", "engagementId": "e1f0a3c4-77aa-4d10-8a21-5b9c00d1e001",
  "name": "Brewhouse telemetry rollout", "externalReferenceId": null, "status": "New", "substatus": "Received",
  "type": "Shared", "qualification": "SalesQualified", "somethingNew": {"x": 1},
  "customerProfile": {"name": "Tannhof Brauereitechnik GmbH",
    "address": {"addressLine1": "Mälzerweg 7", "addressLine2": "", "city": "Bamberg", "postalCode": "96047", "country": "DE"},
    "team": [{"firstName": "Jette", "lastName": "Korn", "email": "jette.korn@tannhof.example", "phoneNumber": "+49 951 000001"}]},
  "consent": {"consentToToShareInfoWithOthers": true, "ConsentToShareReferralWithMicrosoftSellers": true},
  "details": {"notes": "Edge gateways\r\nin three plants. ", "dealValue": 84500, "currency": "EUR",
    "closingDateTime": "2026-09-30T00:00:00Z",
    "requirements": {"solutions": [{"id": "SOL-90210-QWK", "name": "Quillwerk Sensor Hub", "type": "Name", "publisherName": "Quillwerk"}]}},
  "inviteContext": {"assistanceRequestCode": "ProofOfConceptOrDemo"},
  "trackingInfo": {"microsoftMsxId": null}})";

constexpr std::string_view kOpportunity = R"({
  "name": "✓ Brewhouse telemetry rollout", "estimatedvalue": 84500.0000, "transactioncurrencyid": "EUR",
  "estimatedclosedate": "2026-09-30", "description": "Edge gateways\nin three plants.", "statecode": 0, "statuscode": 2,
  "msft_syncwithpartnercenter": true, "msft_referralidentifier": "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001",
  "msft_referrallink": "https://partner.example/referrals?id=7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001",
  "msft_referralvisibility": true, "msft_howcanmicrosofthelp": "Proof Of Concept Or Demo", "msft_products": "SOL-90210-QWK",
  "msft_audit": "2026-03-01 09:13 - Partner Center Referral to CRM sync success.",
  "parentaccountid.name": "Tannhof Brauereitechnik GmbH", "parentaccountid.address1_line1": "Mälzerweg 7",
  "parentaccountid.address1_city": "Bamberg", "parentaccountid.address1_country": "de",
  "parentcontactid.firstname": "Jette", "parentcontactid.lastname": "Korn",
  "parentcontactid.emailaddress1": "jette.korn@tannhof.example", "parentcontactid.telephone1": "+49 951 000001",
  "ownerid.fullname": "Oda van Brandt", "ownerid.internalemailaddress": "oda.brandt@quillwerk.example"})";

constexpr std::string_view kCrmId = "0b000000-0000-0000-0000-000000000101";

class MappingTest : public testing::Test {
 protected:
  Value At(const Record& record, std::string_view field) const {
    return record.values[*mapping_.Find(field)];
  }
  FieldWrite Write(std::string_view field, Value value) const {
    return {*mapping_.Find(field), std::move(value)};
  }
  static Json Object(const Columns& columns) {
    Json json = Json::object();
    for (const auto& [name, text] : columns) json[name] = Json::parse(text);
    return json;
  }

  Mapping mapping_ = BoundTestMapping();
  Record referral_ = *RecordFromReferral(mapping_, kReferral);
  Record opportunity_ = *RecordFromCrm(mapping_, kOpportunity, kCrmId);
};

TEST_F(MappingTest, APairThatSaysTheSameMapsToTheSameValues) {
  for (const char* field : {"name", "deal_value", "currency", "closing_date", "notes", "status",
                            "visibility", "help", "solutions", "referral_id", "referral_link"}) {
    EXPECT_EQ(At(referral_, field), At(opportunity_, field)) << field;
    EXPECT_TRUE(At(referral_, field)) << field;
  }
}

TEST_F(MappingTest, NullsAndAbsentMembersAreNothing) {
  EXPECT_EQ(At(referral_, "microsoft_crm_id"), Value());
  EXPECT_EQ(At(referral_, "referral_program"), Value());
  EXPECT_EQ(At(referral_, "crm_id"), Value());
  EXPECT_EQ(At(opportunity_, "crm_id"), Value(std::string(kCrmId)));
}

TEST_F(MappingTest, HelpUnknownIsNoHelp) {
  const auto record =
      RecordFromReferral(mapping_, R"({"inviteContext": {"assistanceRequestCode": "Unknown"}})");
  EXPECT_EQ(At(*record, "help"), Value());
}

TEST_F(MappingTest, AnAmountGivenAsTextIsAnAmount) {
  const auto record = RecordFromReferral(mapping_, R"({"details": {"dealValue": "10000"}})");
  EXPECT_EQ(At(*record, "deal_value"), Value("10000"));
}

TEST_F(MappingTest, ATimestampIsTakenAsItsUtcDate) {
  const auto record = RecordFromReferral(
      mapping_, R"({"details": {"closingDateTime": "2026-09-30T23:59:59.1234567Z"}})");
  EXPECT_EQ(At(*record, "closing_date"), Value("2026-09-30"));
}

TEST_F(MappingTest, TextThatIsNoObjectIsRefused) {
  EXPECT_FALSE(RecordFromReferral(mapping_, "<html>").ok());
  EXPECT_FALSE(RecordFromReferral(mapping_, "[]").ok());
  EXPECT_FALSE(RecordFromCrm(mapping_, "", kCrmId).ok());
}

TEST_F(MappingTest, LeadsAreRecognisedByTypeQualificationAndInviter) {
  const auto lead = [&mapping = mapping_](const char* type, const char* qualification,
                                          const char* inviter) {
    const Json json = {{"type", type},
                       {"qualification", qualification},
                       {"inviteContext", {{"invitedBy", {{"organizationId", inviter}}}}}};
    return RouteOf(mapping, json.dump()) == Route::lead;
  };
  EXPECT_TRUE(lead("Independent", "Direct", "msft"));
  EXPECT_TRUE(lead("Independent", "Direct", ""));
  EXPECT_TRUE(lead("Independent", "SalesQualified", "msft"));
  EXPECT_TRUE(lead("Independent", "MarketingQualified", "msft"));
  EXPECT_FALSE(lead("Independent", "SalesQualified", "e0b7f1aa-6d39-4f57-b0d2-51c0a9d3f004"));
  EXPECT_FALSE(lead("Shared", "SalesQualified", "msft"));
  EXPECT_FALSE(lead("Shared", "None", "e0b7f1aa-6d39-4f57-b0d2-51c0a9d3f004"));
}

TEST_F(MappingTest, ARouteOfTheFileDecidesBeforeTheOnesBelowIt) {
  Json file = Json::parse(*BuiltInMapping("dynamics365"), nullptr, true, true);
  file["routes"] =
      Json::array({{{"when", {{"/campaignId", {"spring"}}}}, {"is", "none"}},
                   {{"when", {{"/qualification", {"direct"}}, {"/mpnId", {""}}}}, {"is", "lead"}}});
  const auto mapping = ParseMapping(file.dump(), "mine.json");
  ASSERT_TRUE(mapping.ok()) << mapping.error().message;
  EXPECT_EQ(RouteOf(*mapping, R"({"qualification": "Direct"})"), Route::lead);
  EXPECT_EQ(RouteOf(*mapping, R"({"qualification": "Direct", "mpnId": null})"), Route::lead);
  EXPECT_EQ(RouteOf(*mapping, R"({"qualification": "Direct", "mpnId": "12"})"), Route::opportunity);
  EXPECT_EQ(RouteOf(*mapping, R"({"qualification": "Direct", "campaignId": "Spring"})"),
            Route::none);
}

TEST_F(MappingTest, AWrongRouteIsToldWithItsPlace) {
  Json file = Json::parse(*BuiltInMapping("dynamics365"), nullptr, true, true);
  file["extends"] = "nothing";
  file["routes"] = Json::array({{{"when", {{"type", "Independent"}}}, {"is", "prospect"}}});
  file["lead"]["fields"].erase("status");
  const auto mapping = ParseMapping(file.dump(), "mine.json");
  ASSERT_FALSE(mapping.ok());
  for (const char* text : {"routes.0.when.type: must be called by a JSON pointer",
                           "routes.0.when.type: must be a list",
                           "routes.0.is: 'prospect' is not one of opportunity, lead, none",
                           "lead.fields.status: is missing"})
    EXPECT_NE(mapping.error().message.find(text), std::string::npos) << mapping.error().message;
  file.erase("routes");
  EXPECT_FALSE(ParseMapping(file.dump(), "mine.json").ok());
}

TEST_F(MappingTest, TheLeadPartHasColumnsOfItsOwn) {
  const auto unbound = ParseMapping(*BuiltInMapping("dynamics365"), "the built-in mapping");
  std::vector<std::string> dropped;
  const std::map<std::string, std::string> lead_roles = {{"referral_id", "msft_referralidentifier"},
                                                         {"deal_value", "estimatedamount"},
                                                         {"became", "qualifyingopportunityid"}};
  const Mapping bound = BindMapping(*unbound, {}, {}, &dropped, &lead_roles);
  const Mapping& lead = bound.For(RecordKind::lead);
  EXPECT_EQ(lead.kind, RecordKind::lead);
  EXPECT_EQ(lead.fields[*lead.Find("deal_value")].crm, "estimatedamount");
  EXPECT_FALSE(lead.Find("currency"));
  EXPECT_NE(std::find(dropped.begin(), dropped.end(), "lead.currency"), dropped.end());
  const auto columns = ColumnsToRead(lead);
  EXPECT_NE(std::find(columns.begin(), columns.end(), "qualifyingopportunityid"), columns.end());
  EXPECT_EQ(std::find(columns.begin(), columns.end(), "companyname"), columns.end())
      << "the customer's data are written once and never compared";
  EXPECT_EQ(BindMapping(*unbound, {}, {}, &dropped).lead, nullptr);
  EXPECT_EQ(
      FactsFromCrm(lead, R"({"qualifyingopportunityid": "0B000000-0000-0000-0000-00000000000C"})")
          ->became,
      "0b000000-0000-0000-0000-00000000000c");
}

TEST_F(MappingTest, MicrosoftsOwnSideIsRecognised) {
  EXPECT_TRUE(FactsFromReferral(R"({"organizationId": "msft"})")->microsofts);
  EXPECT_TRUE(
      FactsFromReferral(R"({"target": [{"type": "BusinessProfileLocation", "id": "msft"}]})")
          ->microsofts);
  EXPECT_FALSE(FactsFromReferral(kReferral)->microsofts);
}

TEST_F(MappingTest, APatchHoldsOnlyReplaceAndTheContractsPaths) {
  const Json patch =
      Json::parse(RenderPatch(mapping_,
                              {Write("deal_value", "91000.5"), Write("closing_date", "2026-10-31"),
                               Write("notes", Value())},
                              kReferral, kOpportunity, "", {}));
  EXPECT_EQ(patch, Json::parse(R"([
    {"op": "replace", "path": "/details/dealValue", "value": 91000.5},
    {"op": "replace", "path": "/details/closingDateTime", "value": "2026-10-31T00:00:00Z"},
    {"op": "replace", "path": "/details/notes", "value": ""}])"));
}

TEST_F(MappingTest, ASetIsSentWholeAndKeepsWhatIsKnownOfItsMembers) {
  const Json record = {{"msft_products", "SOL-90210-QWK; SOL-77777-NEW"}};
  const Json patch =
      Json::parse(RenderPatch(mapping_, {Write("solutions", "sol-77777-new\nsol-90210-qwk")},
                              kReferral, record.dump(), "", {}));
  const Json& items = patch[0]["value"];
  EXPECT_EQ(patch[0]["path"], "/details/requirements/solutions");
  EXPECT_EQ(items[0], Json::parse(R"({"id": "SOL-77777-NEW", "type": "Name"})"));
  EXPECT_EQ(items[1]["publisherName"], "Quillwerk");
}

TEST_F(MappingTest, PeopleAreSentWholeAndWhoStaysStaysAsTheReferralHasThem) {
  Json referral = Json::parse(kReferral);
  referral["team"] = {{{"email", "Colleague@contoso.example"}, {"firstName", "Some"}}};
  Sharing sharing;
  sharing.owner = {"Oda", "Brandt", "Oda.Brandt@contoso.example", "+49 30 000002", ""};
  const Json patch = Json::parse(RenderPatch(
      mapping_, {Write("team", "colleague@contoso.example\noda.brandt@contoso.example")},
      referral.dump(), "{}", "", sharing));
  EXPECT_EQ(patch[0]["path"], "/team");
  EXPECT_EQ(patch[0]["value"][0], referral["team"][0]);
  EXPECT_EQ(patch[0]["value"][1]["email"], "Oda.Brandt@contoso.example");
  EXPECT_EQ(patch[0]["value"][1]["phoneNumber"], "+49 30 000002");
}

TEST_F(MappingTest, APersonWhoLacksSomethingIsNotSent) {
  Sharing sharing;
  sharing.owner = {"Oda", "Brandt", "Oda.Brandt@contoso.example", "", ""};
  EXPECT_EQ(PeopleOf(mapping_.fields[*mapping_.Find("team")], sharing), Value());
  sharing.owner.phone_number = "+49 30 000002";
  EXPECT_EQ(PeopleOf(mapping_.fields[*mapping_.Find("team")], sharing),
            Value("oda.brandt@contoso.example"));
}

TEST_F(MappingTest, AStatusIsSentAsAPairWithItsReason) {
  const Json patch = Json::parse(
      RenderPatch(mapping_, {Write("status", "declined")}, kReferral, "{}", "Others", {}));
  EXPECT_EQ(patch, Json::parse(R"([
    {"op": "replace", "path": "/status", "value": "Closed"},
    {"op": "replace", "path": "/substatus", "value": "Declined"},
    {"op": "replace", "path": "/statusReason", "value": "Others"}])"));
}

TEST_F(MappingTest, ColumnsAreTypedMarkedAndCut) {
  const std::string note(2500, 'x');
  const Json columns = Object(RenderColumns(
      mapping_,
      {Write("name", "Yard planning"), Write("deal_value", "12000"), Write("notes", note),
       Write("visibility", "true"), Write("help", "QuotesOrLicensing"),
       Write("solutions", "sol-777-cts\nsol-90210-qwk"), Write("microsoft_crm_id", Value())},
      kReferral, R"({"msft_products": "SOL-777-Cts"})", "\u2713"));
  EXPECT_EQ(columns["name"], "\u2713 Yard planning");
  EXPECT_EQ(columns["estimatedvalue"], 12000);
  EXPECT_EQ(columns["description"].get<std::string>().size(), 2000u);
  EXPECT_EQ(columns["msft_referralvisibility"], true);
  EXPECT_EQ(columns["msft_howcanmicrosofthelp"], "Quotes or Licensing");
  EXPECT_EQ(columns["msft_products"], "SOL-777-Cts; SOL-90210-QWK");
  EXPECT_TRUE(columns["msft_microsoftcrmidentifier"].is_null());
}

TEST_F(MappingTest, WhatIsRenderedForOneSideReadsBackAsTheSameRecord) {
  std::vector<FieldWrite> writes;
  for (const char* field : {"name", "deal_value", "currency", "closing_date", "notes", "visibility",
                            "help", "solutions"}) {
    writes.push_back(Write(field, At(referral_, field)));
  }
  const auto back = RecordFromCrm(
      mapping_, Object(RenderColumns(mapping_, writes, kReferral, "{}", "\u2713")).dump(), kCrmId);
  for (const FieldWrite& write : writes) {
    EXPECT_EQ(back->values[write.field], write.value) << mapping_.fields[write.field].name;
  }
}

TEST_F(MappingTest, ANewReferralCarriesEverythingSharingNeeds) {
  const auto sharing = SharingFromCrm(mapping_, kOpportunity);
  const Json body = Json::parse(RenderReferral(mapping_, opportunity_, *sharing, kOpportunity));
  EXPECT_EQ(body["externalReferenceId"], std::string(kCrmId));
  EXPECT_EQ(body["type"], "Shared");
  EXPECT_EQ(body["customerProfile"]["address"]["country"], "DE");
  EXPECT_EQ(body["customerProfile"]["team"][0]["lastName"], "Korn");
  EXPECT_EQ(body["team"][0]["firstName"], "Oda van");
  EXPECT_EQ(body["team"][0]["lastName"], "Brandt");
  EXPECT_EQ(body["details"]["requirements"]["solutions"][0]["id"], "SOL-90210-QWK");
  EXPECT_EQ(body["details"]["requirements"]["additionalRequirements"]["attributes"][0]["id"],
            "HaveNotDecided");
  EXPECT_EQ(body["consent"]["consentToToShareInfoWithOthers"], true);
  EXPECT_EQ(body["consent"]["consentToShareReferralWithMicrosoftSellers"], true);
  EXPECT_FALSE(body.contains("status"));
  EXPECT_FALSE(body.contains("id"));
  EXPECT_FALSE(body.contains("inviteContext"));
  EXPECT_EQ(RecordFromReferral(mapping_, body.dump())->values[*mapping_.Find("name")],
            At(opportunity_, "name"));
}

TEST_F(MappingTest, TheConnectedReferralIsAddressedToMicrosoftAndCarriesNoCrmId) {
  const auto sharing = SharingFromCrm(mapping_, kOpportunity);
  const Json body = Json::parse(
      RenderConnectedReferral(mapping_, opportunity_, *sharing, kOpportunity, "engagement-1"));
  EXPECT_EQ(body["engagementId"], "engagement-1");
  EXPECT_EQ(body["target"], Json::parse(R"([{"type": "BusinessProfileLocation", "id": "msft"}])"));
  EXPECT_EQ(body["inviteContext"]["assistanceRequestCode"], "ProofOfConceptOrDemo");
  EXPECT_FALSE(body.contains("externalReferenceId"));
}

TEST_F(MappingTest, TheCustomerOfAReferralBecomesAccountAndContact) {
  const auto account = AccountFromReferral(mapping_, kReferral);
  const auto contact = ContactFromReferral(mapping_, kReferral);
  EXPECT_EQ(
      Object(account->match),
      Json::parse(R"({"name": "Tannhof Brauereitechnik GmbH", "address1_postalcode": "96047"})"));
  EXPECT_EQ(Object(account->columns)["address1_country"], "DE");
  EXPECT_FALSE(Object(account->columns).contains("address1_line2"));
  EXPECT_EQ(Object(contact->columns)["emailaddress1"], "jette.korn@tannhof.example");
  EXPECT_TRUE(ContactFromReferral(mapping_, R"({"customerProfile": {"team": null}})")->empty());
  EXPECT_TRUE(ContactFromReferral(mapping_, R"({"customerProfile": {"team": []}})")->empty());
}

TEST(MappingFileTest, EveryProblemIsListedAtOnce) {
  Json file = Json::parse(*BuiltInMapping("dynamics365"), nullptr, true, true);
  file["extends"] = "nothing";
  file["fields"]["notes"]["direction"] = "sideways";
  file["fields"]["name"]["colour"] = "red";
  file["fields"].erase("status");
  file.erase("account");
  const auto mapping = ParseMapping(file.dump(), "mapping.json");
  ASSERT_FALSE(mapping.ok());
  for (const char* part :
       {"mapping.json", "fields.notes.direction: 'sideways' is not one of", "fields.name.colour",
        "fields.status: is missing", "account: is missing"}) {
    EXPECT_NE(mapping.error().message.find(part), std::string::npos)
        << part << " in " << mapping.error().message;
  }
}

class MappingProblemsTest : public testing::Test {
 protected:
  void Direct(const char* field, const char* direction) {
    file_["fields"][field]["direction"] = direction;
  }
  // What is wrong with the file; empty when it is good.
  std::string Problems() const {
    const auto mapping = ParseMapping(file_.dump(), "mapping.json");
    return mapping.ok() ? "" : mapping.error().message;
  }
  bool Names(const std::string& text) const { return Problems().find(text) != std::string::npos; }

  Json file_ = Json::parse(*BuiltInMapping("dynamics365"), nullptr, true, true);
};

TEST_F(MappingProblemsTest, ACrmRecordIsReadAsOneOfFourStates) {
  EXPECT_EQ(Problems(), "");
  file_["status"]["read"][1]["is"] = "declined";
  EXPECT_TRUE(Names("status.read.1.is: 'declined' is not one of new, active, won, lost"));
  file_["status"]["read"] = Json::array();
  EXPECT_TRUE(Names("status.read: must be a list"));
}

TEST_F(MappingProblemsTest, OnlyStatesOfAReferralAreWritten) {
  file_["status"]["write"]["expierd"] = file_["status"]["write"]["expired"];
  file_["status"]["write"]["won"]["close"] = "yes";
  EXPECT_TRUE(Names("status.write.expierd: 'expierd' is not one of new, active"));
  EXPECT_TRUE(Names("status.write.won.close: 'yes' is not one of won, lost"));
}

TEST_F(MappingProblemsTest, WhatNothingCanBeSyncedWithoutIsNotTurnedOff) {
  for (const char* field : {"name", "status", "referral_id", "crm_id"}) {
    Direct(field, "off");
    EXPECT_TRUE(Names("fields." + std::string(field) + ".direction: cannot be off")) << field;
  }
}

TEST_F(MappingProblemsTest, VisibilityMayBeOffOnlyTogetherWithHelp) {
  Direct("visibility", "off");
  EXPECT_TRUE(Names("fields.visibility.direction: cannot be off"));
  Direct("help", "off");
  EXPECT_EQ(Problems(), "");
}

TEST_F(MappingProblemsTest, ATemplateIsNeverSent) {
  Direct("referral_link", "both");
  EXPECT_TRUE(Names("fields.referral_link.direction: must be to_crm or off"));
}

TEST_F(MappingProblemsTest, ASetIsNoOneWaySwitch) {
  file_["fields"]["solutions"]["one_way"] = true;
  EXPECT_TRUE(Names("fields.solutions.one_way: has no meaning for a set"));
}

TEST_F(MappingTest, AColumnTheCrmDoesNotShowIsHiddenAndNotEmpty) {
  Json record = Json::parse(kOpportunity);
  record["description"] = nullptr;
  record.erase("msft_products");
  record["msft_microsoftcrmidentifier"] = nullptr;
  record["msft_referralprogram"] = nullptr;
  // People stand in other records.
  const std::vector<FieldIndex> hidden = {*mapping_.Find("contacts"), *mapping_.Find("solutions"),
                                          *mapping_.Find("team")};
  EXPECT_EQ(*FieldsHiddenInCrm(mapping_, record.dump()), hidden);
  EXPECT_FALSE(FieldsHiddenInCrm(mapping_, "[]").ok());
}

TEST(MappingFileTest, AFieldWhoseColumnTheCrmLacksIsDroppedAndNamed) {
  const auto parsed = ParseMapping(*BuiltInMapping("dynamics365"), "built in");
  std::vector<std::string> dropped;
  const Mapping bound = BindMapping(
      *parsed, {{"sync", "s"}, {"referral_id", "r"}, {"audit", "a"}, {"deal_value", "v"}}, {},
      &dropped);
  EXPECT_NE(std::find(dropped.begin(), dropped.end(), "help"), dropped.end());
  EXPECT_FALSE(bound.Find("help"));
  EXPECT_TRUE(bound.Find("deal_value"));
}

TEST(MappingFileTest, AnotherColumnIsAnotherFingerprint) {
  const auto parsed = ParseMapping(*BuiltInMapping("dynamics365"), "built in");
  std::vector<std::string> dropped;
  const auto print = [&](const char* column) {
    return BindMapping(*parsed, {{"deal_value", column}}, {}, &dropped).fingerprint;
  };
  EXPECT_EQ(print("estimatedvalue"), print("estimatedvalue"));
  EXPECT_NE(print("estimatedvalue"), print("new_dealvalue"));
}

}  // namespace
}  // namespace cosell
