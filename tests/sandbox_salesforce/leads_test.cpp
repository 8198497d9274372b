#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

// Leads over the API and in people's hands (contract salesforce.md sections 3.2, 8, 11 and 17.3).
namespace cosell::sandbox {
namespace {

class LeadsTest : public ::testing::Test {
 protected:
  static Json Body(Json fields = Json::object()) {
    fields.update(Json{{"LastName", "Brandvold"}, {"Company", "Saltmarsh Instruments"}});
    return fields;
  }
  std::string Lead(Json fields = Json::object()) { return org.Make("Lead", Body(fields)); }
  Json Read(const std::string& id) { return org.Get("sobjects/Lead/" + id).json(); }
  static std::string ByReferral(const std::string& referral) {
    return "sobjects/Lead/Referral_Identifier__c/" + referral;
  }
  static Json FieldOf(Instance& instance, const std::string& name) {
    const Json about = instance.Get("sobjects/Lead/describe").json();
    for (const auto& field : about["fields"]) {
      if (field["name"] == name) return field;
    }
    return nullptr;
  }
  const net::Headers unassigned = {{"Sforce-Auto-Assign", "FALSE"}};
  Instance org;
};

TEST_F(LeadsTest, TheCosellFieldsAreDescribedAsOnOpportunities) {
  const Json identifier = FieldOf(org, "Referral_Identifier__c");
  EXPECT_EQ(identifier["label"], "Referral Identifier");
  EXPECT_EQ(identifier["externalId"], true);
  EXPECT_EQ(identifier["unique"], true);
  for (const char* name : {"Sync_with_Partner_Center__c", "Referral_Link__c", "Audit__c",
                           "How_can_Microsoft_help__c", "Referral_Visibility__c"}) {
    EXPECT_FALSE(FieldOf(org, name).is_null()) << name;
  }
  EXPECT_EQ(FieldOf(org, "Status")["restrictedPicklist"], true);
  EXPECT_EQ(FieldOf(org, "Name")["createable"], false);
  EXPECT_TRUE(FieldOf(org, "Deal_Value__c").is_null());
}

TEST_F(LeadsTest, AnOrganisationMayLackThemOnLeadsAlone) {
  SalesforceWorldOptions options;
  options.without_fields = {"Lead.Referral_Identifier__c", "Products__c"};
  options.lead_deal_fields = true;
  Instance other(options);
  EXPECT_TRUE(FieldOf(other, "Referral_Identifier__c").is_null());
  EXPECT_EQ(other.Patch(ByReferral(Instance::kReferral), Body()).status, 404);
  EXPECT_FALSE(other.Deal("A", {{"Referral_Identifier__c", "x"}}).starts_with("failed"));
  EXPECT_EQ(FieldOf(other, "Deal_Value__c")["type"], "currency");
}

TEST_F(LeadsTest, AnUpsertMakesOneLeadForAReferral) {
  const Reply made = org.Send("PATCH", ByReferral(Instance::kReferral), Body().dump(), unassigned);
  EXPECT_EQ(made.status, 201);
  const Reply again = org.Patch(ByReferral(Instance::kReferral), {{"Phone", "1"}});
  EXPECT_EQ(again.json()["created"], false);
  EXPECT_EQ(again.json()["id"], made.json()["id"]);
  EXPECT_EQ(
      org.Post("sobjects/Lead", Body({{"Referral_Identifier__c", Instance::kReferral}})).Code(),
      "DUPLICATE_VALUE");
  // An opportunity of the same referral is another matter.
  EXPECT_FALSE(org.Deal("A", {{"Referral_Identifier__c", Instance::kReferral}}).starts_with("f"));
}

TEST_F(LeadsTest, AssignmentRulesRunOnUpdatesToo) {
  const Reply made = org.Send("POST", "sobjects/Lead", Body().dump(), unassigned);
  const std::string id = made.json()["id"];
  org.Send("PATCH", "sobjects/Lead/" + id, R"({"Phone":"1"})", unassigned);
  EXPECT_EQ(Read(id)["OwnerId"], Instance::kUser);
  org.Patch("sobjects/Lead/" + id, {{"Phone", "2"}});
  EXPECT_EQ(Read(id)["OwnerId"], org.world.people()[1]);
}

TEST_F(LeadsTest, AStatusTheOrganisationLacksBreaksTheCreate) {
  SalesforceWorldOptions options;
  options.lead_statuses = {{"Neu", true, false}, {"Gewonnen", false, true}};
  Instance other(options);
  EXPECT_EQ(other.Post("sobjects/Lead", Body({{"Status", "Open - Not Contacted"}})).Code(),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
  const std::string id = other.Make("Lead", Body());
  EXPECT_EQ(other.world.Row("Lead", id)->Field("Status"), "Neu");
  ASSERT_TRUE(other.world.ConvertLead(other.Person(), id, ""));
  EXPECT_EQ(other.world.Row("Lead", id)->Field("Status"), "Gewonnen");
  options.lead_statuses = {{"Neu", true, false}};
  EXPECT_THROW(Instance{options}, std::invalid_argument);
}

TEST_F(LeadsTest, ChangesAreFoundLikeThoseOfOpportunities) {
  const std::string kept = Lead({{"Email", "a@saltmarsh.example"}});
  const std::string gone = Lead({{"Email", "b@saltmarsh.example"}});
  org.Wait(std::chrono::minutes{1});
  ASSERT_TRUE(org.world.Edit(org.Person(), "Lead", kept, R"({"Phone":"1"})"));
  ASSERT_TRUE(org.world.Delete(org.Person(), "Lead", gone));
  const Json rows = org.QueryAll(
                           "SELECT Id, IsDeleted, IsConverted FROM Lead WHERE SystemModstamp >= "
                           "2026-03-01T09:01:00Z ORDER BY SystemModstamp, Id")
                        .Records();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1]["Id"], gone);
  EXPECT_EQ(rows[1]["IsDeleted"], true);
  org.Wait(std::chrono::minutes{1});
  const std::string window = "?start=2026-03-01T09:01:00%2B00:00&end=2026-03-01T09:02:00%2B00:00";
  EXPECT_EQ(org.Get("sobjects/Lead/updated" + window).json()["ids"], Json::array({kept}));
  EXPECT_EQ(org.Get("sobjects/Lead/deleted" + window).json()["deletedRecords"][0]["id"], gone);
}

TEST_F(LeadsTest, AConvertedLeadIsReadOnlyInEveryCall) {
  const std::string lead = Lead({{"Referral_Identifier__c", Instance::kReferral}});
  const std::string other = Lead();
  ASSERT_TRUE(org.world.ConvertLead(org.Person(), lead, "Saltmarsh deal"));
  const std::string code = "CANNOT_UPDATE_CONVERTED_LEAD";
  EXPECT_EQ(org.Patch(ByReferral(Instance::kReferral), {{"Phone", "1"}}).Code(), code);
  const Json both = {{"records",
                      {{{"attributes", {{"type", "Lead"}}}, {"id", lead}, {"Phone", "1"}},
                       {{"attributes", {{"type", "Lead"}}}, {"id", other}, {"Phone", "1"}}}}};
  const Json results = org.Patch("composite/sobjects", both).json();
  EXPECT_EQ(results[0]["errors"][0]["statusCode"], code);
  EXPECT_EQ(results[1]["success"], true);
  EXPECT_EQ(org.world.Edit(org.Person(), "Lead", lead, R"({"Phone":"1"})").error().code, code);
  EXPECT_EQ(org.world.ConvertLead(org.Person(), lead, "Again").error().code, code);
  EXPECT_EQ(org.world.Rows("Account").size(), 1u);
}

TEST_F(LeadsTest, AConversionLeavesTheCosellFieldsBehindUnlessTheyAreMapped) {
  const Json ours = {{"Referral_Identifier__c", Instance::kReferral},
                     {"Sync_with_Partner_Center__c", true}};
  const auto plain = org.world.ConvertLead(org.Person(), Lead(ours), "Plain");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(org.Field(plain->opportunity_id, "Referral_Identifier__c"));
  EXPECT_EQ(org.Field(plain->opportunity_id, "Sync_with_Partner_Center__c"), "false");
  org.world.switches().convert_copies_cosell_fields = true;
  Json more = ours;
  more["Referral_Identifier__c"] = "0d6b1d2f-5f6b-4a53-9b0c-7f0c2f0e4a11";
  const auto mapped = org.world.ConvertLead(org.Person(), Lead(more), "Mapped");
  ASSERT_TRUE(mapped);
  EXPECT_EQ(org.Field(mapped->opportunity_id, "Referral_Identifier__c"),
            "0d6b1d2f-5f6b-4a53-9b0c-7f0c2f0e4a11");
  EXPECT_EQ(org.Field(mapped->opportunity_id, "Sync_with_Partner_Center__c"), "true");
}

TEST_F(LeadsTest, AMergedLeadPointsToItsWinner) {
  const std::string winner = Lead();
  const std::string loser = Lead();
  ASSERT_TRUE(org.world.Merge(org.Person(), "Lead", winner, loser));
  const Json gone =
      org.QueryAll("SELECT Id, MasterRecordId FROM Lead WHERE IsDeleted = true").Records();
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0]["Id"], loser);
  EXPECT_EQ(gone[0]["MasterRecordId"], winner);
}

TEST_F(LeadsTest, TheConversionIsAnnouncedAsAnUpdate) {
  const std::string lead = Lead();
  std::vector<SalesforceChange> told;
  org.world.OnChange([&](const SalesforceChange& change) {
    if (change.object == "Lead") told.push_back(change);
  });
  const auto made = org.world.ConvertLead(org.Person(), lead, "Saltmarsh deal");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].operation, "update");
  EXPECT_TRUE(told[0].fields.contains("ConvertedOpportunityId"));
  const auto fields =
      org.world.MessageFields("Lead", lead, {"ConvertedOpportunityId", "SystemModstamp"});
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->front().second, made->opportunity_id);
}

}  // namespace
}  // namespace cosell::sandbox
