#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

namespace cosell::sandbox {
namespace {

class DescribeTest : public ::testing::Test {
 protected:
  static Json FieldOf(Instance& org, const std::string& name,
                      const std::string& object = "Opportunity") {
    const Json about = org.Get("sobjects/" + object + "/describe").json();
    for (const auto& field : about["fields"]) {
      if (field["name"] == name) return field;
    }
    return nullptr;
  }
  Instance org;
};

TEST_F(DescribeTest, TheObjectsAreListed) {
  const Json list = org.Get("sobjects").json();
  EXPECT_EQ(list["encoding"], "UTF-8");
  EXPECT_EQ(list["maxBatchSize"], 200);
  const Json first = list["sobjects"][0];
  EXPECT_EQ(first["name"], "Opportunity");
  EXPECT_EQ(first["keyPrefix"], "006");
  EXPECT_EQ(first["replicateable"], true);
  EXPECT_EQ(first["urls"]["rowTemplate"], "/services/data/v67.0/sobjects/Opportunity/{ID}");
  EXPECT_EQ(org.Get("sobjects/opportunity").json()["objectDescribe"]["name"], "Opportunity");
  EXPECT_EQ(org.Get("sobjects/Nope/describe").status, 404);
}

TEST_F(DescribeTest, FieldsTellTheirNature) {
  const Json stage = FieldOf(org, "StageName");
  EXPECT_EQ(stage["type"], "picklist");
  EXPECT_EQ(stage["nillable"], false);
  EXPECT_EQ(stage["restrictedPicklist"], false);
  EXPECT_EQ(stage["picklistValues"].size(), 11u);
  EXPECT_EQ(stage["picklistValues"][2]["value"], "Qualification");
  const Json identifier = FieldOf(org, "Referral_Identifier__c");
  EXPECT_EQ(identifier["label"], "Referral Identifier");
  EXPECT_EQ(identifier["length"], 100);
  EXPECT_EQ(identifier["byteLength"], 300);
  EXPECT_EQ(identifier["externalId"], true);
  EXPECT_EQ(identifier["unique"], true);
  EXPECT_EQ(identifier["idLookup"], true);
  const Json amount = FieldOf(org, "Amount");
  EXPECT_EQ(amount["precision"], 18);
  EXPECT_EQ(amount["scale"], 2);
  EXPECT_EQ(FieldOf(org, "Audit__c")["filterable"], false);
  EXPECT_EQ(FieldOf(org, "IsWon")["updateable"], false);
  const Json contact = FieldOf(org, "ContactId");
  EXPECT_EQ(contact["createable"], true);
  EXPECT_EQ(contact["updateable"], false);
  EXPECT_EQ(contact["referenceTo"], Json::array({"Contact"}));
  EXPECT_EQ(contact["relationshipName"], "Contact");
  const Json children = org.Get("sobjects/Opportunity/describe").json()["childRelationships"];
  EXPECT_EQ(children[0]["childSObject"], "OpportunityContactRole");
  EXPECT_EQ(children[0]["relationshipName"], "OpportunityContactRoles");
}

TEST_F(DescribeTest, OrganisationsDiffer) {
  SalesforceWorldOptions options;
  options.multi_currency = false;
  options.country_picklists = true;
  options.without_fields = {"Products__c"};
  options.labels = {{"Sync_with_Partner_Center__c", "Sync with Partner Center"}};
  options.hidden_fields = {"Opportunity.Audit__c"};
  options.identifier_unique = false;
  options.identifier_external_id = false;
  Instance other(options);
  EXPECT_TRUE(FieldOf(other, "CurrencyIsoCode").is_null());
  EXPECT_TRUE(FieldOf(other, "Products__c").is_null());
  EXPECT_TRUE(FieldOf(other, "Audit__c").is_null());
  EXPECT_EQ(FieldOf(other, "BillingCountryCode", "Account")["type"], "picklist");
  EXPECT_EQ(FieldOf(other, "Sync_with_Partner_Center__c")["label"], "Sync with Partner Center");
  EXPECT_EQ(FieldOf(other, "Referral_Identifier__c")["externalId"], false);
  EXPECT_EQ(other.Patch("sobjects/Opportunity/Referral_Identifier__c/x", {{"Name", "A"}}).status,
            404);
  EXPECT_EQ(FieldOf(org, "Sync_with_Partner_Center__c")["label"], "Sync With Partner Center");
}

TEST_F(DescribeTest, APackageBringsItsNamespace) {
  SalesforceWorldOptions options;
  options.name_space = "msftpc";
  options.solutions_object = true;
  Instance packaged(options);
  EXPECT_EQ(packaged.world.Column("Audit__c"), "msftpc__Audit__c");
  EXPECT_EQ(FieldOf(packaged, "msftpc__Audit__c")["label"], "Audit");
  EXPECT_TRUE(FieldOf(packaged, "Audit__c").is_null());
  const Json parent = FieldOf(packaged, "msftpc__Opportunity__c", "msftpc__Microsoft_Solution__c");
  EXPECT_EQ(parent["relationshipName"], "msftpc__Opportunity__r");
  const std::string id = packaged.Deal("A", {{"msftpc__Products__c", "SOL-1"}});
  EXPECT_EQ(packaged.Query("SELECT Products__c FROM Opportunity").Code(), "INVALID_FIELD");
  const net::Headers short_names = {
      {"Sforce-Call-Options", "client=cosell, defaultNamespace=msftpc"}};
  const Reply reply = packaged.Query("SELECT Products__c FROM Opportunity", short_names);
  EXPECT_EQ(reply.Records()[0]["Products__c"], "SOL-1");
  EXPECT_EQ(packaged.Patch(Instance::Path(id), {{"Products__c", "SOL-2"}}, short_names).status,
            204);
  const std::string solution =
      packaged.Make("msftpc__Microsoft_Solution__c", {{"msftpc__Opportunity__c", id}});
  EXPECT_TRUE(solution.starts_with("a00"));
  EXPECT_EQ(packaged.world.Row("msftpc__Microsoft_Solution__c", solution)->Field("Name"), solution);
}

TEST_F(DescribeTest, OpportunityTeamsAreThereWhereTheyAreSwitchedOn) {
  EXPECT_EQ(org.Get("sobjects/OpportunityTeamMember/describe").status, 404);
  SalesforceWorldOptions options;
  options.opportunity_teams = true;
  Instance other(options);
  const std::string deal = other.Deal("A");
  const std::string member = other.Make(
      "OpportunityTeamMember", {{"OpportunityId", deal}, {"UserId", other.world.people()[1]}});
  EXPECT_TRUE(member.starts_with("00q"));
  const Json row = other
                       .Query(
                           "SELECT Id, (SELECT User.FirstName, User.LastName, User.Email, "
                           "User.Phone FROM OpportunityTeamMembers) FROM Opportunity")
                       .Records()[0];
  EXPECT_EQ(row["OpportunityTeamMembers"]["records"][0]["User"]["LastName"], "Sample");
}

TEST_F(DescribeTest, NothingNewIs304) {
  const net::Headers now = {{"If-Modified-Since", "Sun, 01 Mar 2026 09:00:00 GMT"}};
  EXPECT_EQ(org.Get("sobjects/Opportunity/describe", now).status, 304);
  EXPECT_EQ(org.Get("sobjects", now).status, 304);
  org.Wait(std::chrono::seconds{5});
  org.world.AddFormula("Opportunity", "Country__c", "Country", "Account.BillingCountry");
  EXPECT_EQ(org.Get("sobjects/Opportunity/describe", now).status, 200);
  EXPECT_EQ(FieldOf(org, "Country__c")["calculated"], true);
}

}  // namespace
}  // namespace cosell::sandbox
