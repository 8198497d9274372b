#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"

// What the organisation changes by itself, and what its people do.
namespace cosell::sandbox {
namespace {

class RulesTest : public ::testing::Test {
 protected:
  Json Read(const std::string& id) { return org.Get(Instance::Path(id)).json(); }
  std::string Lead(Json fields = Json::object()) {
    fields.update(Json{{"LastName", "Brandvold"}, {"Company", "Saltmarsh Instruments"}});
    return org.Make("Lead", fields);
  }
  Instance org;
};

TEST_F(RulesTest, TheStageDecidesClosedWonAndProbability) {
  const std::string id = org.Deal("A", {{"Amount", 1000}});
  EXPECT_EQ(Read(id)["Probability"], 10.0);
  EXPECT_EQ(Read(id)["ExpectedRevenue"], 100.0);
  EXPECT_EQ(Read(id)["ForecastCategory"], "Pipeline");
  org.Patch(Instance::Path(id), {{"StageName", "Closed Won"}});
  EXPECT_EQ(Read(id)["IsWon"], true);
  EXPECT_EQ(Read(id)["IsClosed"], true);
  EXPECT_EQ(Read(id)["Probability"], 100.0);
  EXPECT_EQ(Read(id)["ForecastCategoryName"], "Closed");
  org.Patch(Instance::Path(id), {{"StageName", "Closed Lost"}, {"Probability", 5}});
  EXPECT_EQ(Read(id)["IsWon"], false);
  EXPECT_EQ(Read(id)["Probability"], 5.0);
  org.Patch(Instance::Path(id), {{"StageName", "On Hold - Microsoft"}});
  EXPECT_EQ(Read(id)["IsClosed"], false);
  EXPECT_EQ(Read(id)["Probability"], 0.0);
}

TEST_F(RulesTest, AnUnknownStageIsStoredUnlessRestricted) {
  const std::string id = org.Deal("A");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"StageName", "Somewhere"}}).status, 204);
  EXPECT_EQ(Read(id)["StageName"], "Somewhere");
  EXPECT_EQ(Read(id)["IsClosed"], false);
  EXPECT_EQ(Read(id)["Probability"], 10.0);
  org.world.switches().stage_restricted = true;
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"StageName", "Nowhere"}}).Code(),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
}

TEST_F(RulesTest, StagesAreMasterData) {
  const Json stages = org.Query(
                             "SELECT ApiName, IsClosed, IsWon, DefaultProbability FROM "
                             "OpportunityStage WHERE IsActive = true ORDER BY SortOrder")
                          .Records();
  ASSERT_EQ(stages.size(), 11u);
  EXPECT_EQ(stages[0]["ApiName"], "On Hold - Microsoft");
  EXPECT_EQ(stages[9]["IsWon"], true);
  EXPECT_EQ(org.Query("SELECT Id FROM LeadStatus WHERE IsConverted = true").json()["totalSize"], 1);
  EXPECT_EQ(org.Query("SELECT Id FROM CurrencyType WHERE IsActive = false").json()["totalSize"], 1);
  EXPECT_EQ(org.Query("SELECT Name FROM Organization").Names(),
            Instance::Texts{"Contoso Robotics"});
  EXPECT_EQ(org.Post("sobjects/OpportunityStage", Json::object()).status, 405);
}

TEST_F(RulesTest, AmountsAreSilentlyIgnoredWithLineItems) {
  const std::string id = org.Deal("A", {{"Amount", 5}});
  ASSERT_TRUE(org.world.AddLineItem(org.Person(), id, "100.50"));
  ASSERT_TRUE(org.world.AddLineItem(org.Person(), id, "1"));
  org.world.ClearJournal();
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Amount", 7}, {"NextStep", "x"}}).status, 204);
  EXPECT_EQ(Read(id)["Amount"], 101.5);
  EXPECT_EQ(Read(id)["NextStep"], "x");
  EXPECT_EQ(org.world.journal().front().ignored, Instance::Texts{"Amount"});
  EXPECT_FALSE(org.world.AddLineItem(org.Person(), id, "dear"));
}

TEST_F(RulesTest, OneContactIsPrimary) {
  const std::string a = org.Make("Contact", {{"LastName", "A"}});
  const std::string b = org.Make("Contact", {{"LastName", "B"}});
  const std::string id = org.Deal("Deal", {{"ContactId", a}});
  org.Wait(std::chrono::seconds{5});
  const std::string second = org.Make(
      "OpportunityContactRole", {{"OpportunityId", id}, {"ContactId", b}, {"IsPrimary", true}});
  EXPECT_EQ(Read(id)["ContactId"], b);
  EXPECT_EQ(Read(id)["SystemModstamp"], "2026-03-01T09:00:00.000+0000");
  const Json primaries =
      org.Query("SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = true").Records();
  ASSERT_EQ(primaries.size(), 1u);
  EXPECT_EQ(primaries[0]["ContactId"], b);
  org.Send("DELETE", "sobjects/OpportunityContactRole/" + second);
  EXPECT_TRUE(Read(id)["ContactId"].is_null());
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"ContactId", a}}).Code(),
            "INVALID_FIELD_FOR_INSERT_UPDATE");
}

TEST_F(RulesTest, DeletionTakesDependentsAlongAndUndeleteBringsThemBack) {
  const std::string account = org.Make("Account", {{"Name", "Fabrikam"}});
  const std::string contact = org.Make("Contact", {{"LastName", "A"}, {"AccountId", account}});
  const std::string id = org.Deal("Deal", {{"AccountId", account}, {"ContactId", contact}});
  EXPECT_EQ(org.Send("DELETE", "sobjects/Account/" + account).status, 204);
  EXPECT_EQ(org.Query("SELECT Id FROM OpportunityContactRole").json()["totalSize"], 0);
  EXPECT_EQ(org.Get(Instance::Path(id)).status, 404);
  org.Wait(std::chrono::seconds{5});
  ASSERT_TRUE(org.world.Undelete(org.Person(), "Account", account));
  EXPECT_EQ(Read(id)["ContactId"], contact);
  EXPECT_EQ(Read(id)["SystemModstamp"], "2026-03-01T09:00:05.000+0000");
  EXPECT_EQ(Read(id)["LastModifiedById"], org.Person());
  EXPECT_FALSE(org.world.Undelete(org.Person(), "Account", account));
}

TEST_F(RulesTest, MergingMovesChildrenToTheWinner) {
  const std::string winner = org.Make("Account", {{"Name", "Fabrikam"}});
  const std::string loser = org.Make("Account", {{"Name", "Fabrikam Ltd"}});
  const std::string id = org.Deal("Deal", {{"AccountId", loser}});
  ASSERT_TRUE(org.world.Merge(org.Person(), "Account", winner, loser));
  EXPECT_EQ(Read(id)["AccountId"], winner);
  const Json gone =
      org.QueryAll("SELECT MasterRecordId FROM Account WHERE IsDeleted = true").Records();
  EXPECT_EQ(gone[0]["MasterRecordId"], winner);
  EXPECT_EQ(org.world.Merge(org.Person(), "Opportunity", id, org.Deal("B")).error().kind,
            ErrorKind::refused);
}

TEST_F(RulesTest, AConvertedLeadLeavesItsHeirsAndIsReadOnly) {
  const std::string lead = Lead({{"Email", "ture@saltmarsh.example"}, {"Country", "NO"}});
  const auto made = org.world.ConvertLead(org.Person(), lead, "Saltmarsh deal");
  ASSERT_TRUE(made) << made.error().message;
  const Json row = org.Get("sobjects/Lead/" + lead).json();
  EXPECT_EQ(row["IsConverted"], true);
  EXPECT_EQ(row["Status"], "Closed - Converted");
  EXPECT_EQ(row["ConvertedOpportunityId"], made->opportunity_id);
  EXPECT_EQ(row["ConvertedDate"], "2026-03-01");
  EXPECT_EQ(Read(made->opportunity_id)["ContactId"], made->contact_id);
  EXPECT_EQ(org.world.Row("Account", made->account_id)->Field("BillingCountry"), "NO");
  EXPECT_EQ(org.Patch("sobjects/Lead/" + lead, {{"Phone", "1"}}).Code(),
            "CANNOT_UPDATE_CONVERTED_LEAD");
}

TEST_F(RulesTest, LeadsHaveADefaultStatusAndAreAssigned) {
  const std::string lead = Lead();
  EXPECT_EQ(org.world.Row("Lead", lead)->Field("Status"), "Open - Not Contacted");
  EXPECT_EQ(org.world.Row("Lead", lead)->Field("OwnerId"), org.world.people()[1]);
  const Json body = {{"LastName", "A"}, {"Company", "Tailspin"}};
  const Reply kept = org.Post("sobjects/Lead", body, {{"Sforce-Auto-Assign", "FALSE"}});
  EXPECT_EQ(org.world.Row("Lead", kept.json()["id"])->Field("OwnerId"), Instance::kUser);
  EXPECT_EQ(
      org.Post("sobjects/Lead", {{"LastName", "B"}, {"Company", "C"}, {"Status", "Hot"}}).Code(),
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
}

TEST_F(RulesTest, DuplicatesAreDetectedWithTheMisspelling) {
  const std::string id = org.Make("Account", {{"Name", "Fabrikam"}});
  const Reply reply = org.Post("sobjects/Account", {{"Name", "FABRIKAM"}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Code(), "DUPLICATES_DETECTED");
  const Json result = reply.json()[0]["duplicateResut"];
  EXPECT_EQ(result["allowSave"], true);
  EXPECT_EQ(result["matchResults"][0]["matchRecords"][0]["record"]["Id"], id);
  const net::Headers allow = {{"Sforce-Duplicate-Rule-Header", "allowSave=true"}};
  EXPECT_EQ(org.Post("sobjects/Account", {{"Name", "Fabrikam"}}, allow).status, 201);
  org.world.switches().duplicate_allow_save = false;
  org.world.switches().duplicate_key = "duplicateResult";
  const Reply blocked = org.Post("sobjects/Account", {{"Name", "Fabrikam"}}, allow);
  EXPECT_EQ(blocked.json()[0]["duplicateResult"]["allowSave"], false);
  EXPECT_EQ(blocked.json()[0]["duplicateResult"]["matchResults"][0]["size"], 2);
  org.world.switches().duplicate_rules = {};
  EXPECT_EQ(org.Post("sobjects/Account", {{"Name", "Fabrikam"}}).status, 201);
}

TEST_F(RulesTest, AFlowRewritesAndRefuses) {
  org.world.AddRule([](const std::string& object, const auto& before,
                       auto& record) -> std::optional<SalesforceRefusal> {
    if (object != "Opportunity") return std::nullopt;
    if (record["Name"] == "forbidden") {
      return SalesforceRefusal{"FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not that name.", {}};
    }
    if (!before.empty()) record["StageName"] = "Needs Analysis";
    record.erase("NextStep");
    return std::nullopt;
  });
  const std::string id = org.Deal("A", {{"NextStep", "x"}});
  EXPECT_TRUE(Read(id)["NextStep"].is_null());
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "B"}}).status, 204);
  EXPECT_EQ(Read(id)["StageName"], "Needs Analysis");
  EXPECT_EQ(Read(id)["Probability"], 20.0);
  const Reply refused = org.Patch(Instance::Path(id), {{"Name", "forbidden"}});
  EXPECT_EQ(refused.Code(), "FIELD_CUSTOM_VALIDATION_EXCEPTION");
  EXPECT_EQ(refused.Message(), "Not that name.");
  org.world.ClearRules();
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Name", "forbidden"}}).status, 204);
}

TEST_F(RulesTest, AFormulaFollowsItsParentWithoutAStamp) {
  org.world.AddFormula("Opportunity", "Country__c", "Country", "Account.BillingCountry");
  EXPECT_THROW(org.world.AddFormula("Opportunity", "X__c", "X", "Foo.Bar"), std::invalid_argument);
  const std::string account = org.Make("Account", {{"Name", "A"}, {"BillingCountry", "DE"}});
  const std::string id = org.Deal("Deal", {{"AccountId", account}});
  org.Wait(std::chrono::seconds{5});
  org.Patch("sobjects/Account/" + account, {{"BillingCountry", "NO"}});
  EXPECT_EQ(org.Query("SELECT Name FROM Opportunity WHERE Country__c = 'no'").Names(),
            Instance::Texts{"Deal"});
  EXPECT_EQ(Read(id)["Country__c"], "NO");
  EXPECT_EQ(Read(id)["SystemModstamp"], "2026-03-01T09:00:00.000+0000");
  EXPECT_EQ(org.Patch(Instance::Path(id), {{"Country__c", "DE"}}).Code(),
            "INVALID_FIELD_FOR_INSERT_UPDATE");
}

TEST_F(RulesTest, CountryListsLinkCodeAndLabel) {
  SalesforceWorldOptions options;
  options.country_picklists = true;
  Instance strict(options);
  const std::string id = strict.Make("Account", {{"Name", "A"}, {"BillingCountryCode", "DE"}});
  const auto field = [&](const char* name) { return strict.world.Row("Account", id)->Field(name); };
  EXPECT_EQ(field("BillingCountry"), "Germany");
  const std::string path = "sobjects/Account/" + id;
  EXPECT_EQ(strict.Patch(path, {{"BillingCountry", "DE"}}).Code(), "FIELD_INTEGRITY_EXCEPTION");
  EXPECT_EQ(strict.Patch(path, {{"BillingCountryCode", "XX"}}).Code(), "FIELD_INTEGRITY_EXCEPTION");
  EXPECT_EQ(strict.Patch(path, {{"BillingCountry", "Norway"}}).status, 204);
  EXPECT_EQ(field("BillingCountryCode"), "NO");
  const Json address = strict.Get(path).json()["BillingAddress"];
  EXPECT_EQ(address["countryCode"], "NO");
  EXPECT_TRUE(address["city"].is_null());
}

TEST_F(RulesTest, PeopleEditAsThemselvesAndAreHeldToTheRules) {
  const std::string id = org.Deal("A");
  ASSERT_TRUE(org.world.Edit(org.Person(), "Opportunity", id, R"({"Name":"B"})"));
  EXPECT_EQ(Read(id)["LastModifiedById"], org.Person());
  const Status refused = org.world.Edit(org.Person(), "Opportunity", id, R"({"Name":null})");
  EXPECT_EQ(refused.error().code, "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  EXPECT_EQ(org.world.Edit(org.Person(), "Opportunity", "x", "{}").error().kind,
            ErrorKind::not_found);
  EXPECT_EQ(org.world.Create(org.Person(), "Nope", "{}").error().kind, ErrorKind::not_found);
  EXPECT_FALSE(org.world.Create(org.Person(), "Account", "{"));
}

TEST_F(RulesTest, TheJournalTellsWhoChangedWhat) {
  const std::string id = org.Deal("A");
  org.world.ClearJournal();
  org.Patch(Instance::Path(id), {{"Name", "B"}, {"StageName", "Qualification"}});
  ASSERT_TRUE(org.world.Delete(org.Person(), "Opportunity", id));
  const auto& journal = org.world.journal();
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_TRUE(journal[0].by_api);
  EXPECT_EQ(journal[0].user_id, Instance::kUser);
  EXPECT_EQ(journal[0].operation, "update");
  const std::vector<SalesforceFieldChange> expected = {
      {"Name", "A", "B"}, {"StageName", "Qualification", "Qualification"}};
  EXPECT_EQ(journal[0].changes, expected);
  EXPECT_FALSE(journal[1].by_api);
  EXPECT_EQ(journal[1].operation, "delete");
}

class SeedTest : public RulesTest {
 protected:
  static SeedSalesforceOpportunity Full() {
    SeedSalesforceOpportunity seed;
    seed.id = "0065g00000Qm1Kd";
    seed.name = "Brewhouse telemetry";
    seed.account = "Fabrikam";
    seed.account_line1 = "Kaiweg 4";
    seed.account_line2 = "Hof";
    seed.account_postal_code = "28195";
    seed.account_country = "DE";
    seed.contact = {"Ines", "Okafor", "ines.okafor@fabrikam.example", "+49 421 0000", "CTO"};
    seed.owner = {"", "Kim", "Seller", "kim.seller@contoso.example", ""};
    seed.estimated_value = "84500.5";
    seed.currency = "NOK";
    seed.stage = "On Hold - Microsoft";
    seed.sync = true;
    seed.visible = true;
    seed.help = "Quotes or Licensing";
    seed.solutions = {{"SOL-1", "Telemetry"}};
    seed.referral_id = Instance::kReferral;
    seed.created_at = ParseInstant("2026-02-01T08:00:00Z");
    return seed;
  }
};

TEST_F(SeedTest, SeedsAreSimplyThere) {
  SalesforceWorldOptions options;
  options.solutions_object = true;
  options.name_space = "msftpc";
  Instance world(options);
  SeedSalesforceOpportunity other = Full();
  other.id.clear();
  other.referral_id.clear();
  const auto ids = world.world.Seed({Full(), other});
  EXPECT_EQ(ids[0], "0065g00000Qm1KdAAJ");
  const Json record =
      world
          .Query(
              "SELECT Name, Amount, CurrencyIsoCode, CloseDate, Contact.Email, Owner.Name, "
              "Account.BillingStreet, msftpc__Sync_with_Partner_Center__c, SystemModstamp, "
              "(SELECT msftpc__Solution_Identifier__c FROM msftpc__Microsoft_Solutions__r) "
              "FROM Opportunity WHERE Id = '" +
              ids[0] + "'")
          .Records()[0];
  EXPECT_EQ(record["Amount"], 84500.5);
  EXPECT_EQ(record["CurrencyIsoCode"], "NOK");
  EXPECT_EQ(record["CloseDate"], "2026-05-30");
  EXPECT_EQ(record["Contact"]["Email"], "ines.okafor@fabrikam.example");
  EXPECT_EQ(record["Owner"]["Name"], "Kim Seller");
  EXPECT_EQ(record["Account"]["BillingStreet"], "Kaiweg 4\nHof");
  EXPECT_EQ(record["msftpc__Sync_with_Partner_Center__c"], true);
  EXPECT_EQ(record["SystemModstamp"], "2026-02-01T08:00:00.000+0000");
  EXPECT_EQ(
      record["msftpc__Microsoft_Solutions__r"]["records"][0]["msftpc__Solution_Identifier__c"],
      "SOL-1");
  EXPECT_EQ(world.world.Rows("Account").size(), 1u);
  EXPECT_EQ(world.world.Rows("Contact").size(), 1u);
  EXPECT_TRUE(world.world.journal().empty());
}

TEST_F(SeedTest, ASeedThatDoesNotFitIsRefused) {
  SeedSalesforceOpportunity seed = Full();
  seed.help = "Free lunch";
  EXPECT_THROW(org.world.Seed({seed}), std::invalid_argument);
  seed = Full();
  seed.id = "nonsense";
  EXPECT_THROW(org.world.Seed({seed}), std::invalid_argument);
  seed = Full();
  seed.estimated_value = "much";
  EXPECT_THROW(org.world.Seed({seed}), std::invalid_argument);
  EXPECT_TRUE(org.world.Rows("Opportunity").empty());
}

}  // namespace
}  // namespace cosell::sandbox
