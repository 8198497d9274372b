#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

class DataverseWriteTest : public ::testing::Test {
 protected:
  std::string Deal(Json body = {{"name", "Yard planning"}}) {
    return org.Make("opportunities", body);
  }
  std::size_t Count(const std::string& set = "opportunities") { return org.world.Rows(set).size(); }
  Organization org;
};

TEST_F(DataverseWriteTest, CreateAnswersWithTheIdOnlyInTheHeader) {
  const Reply reply = org.Post("opportunities", {{"name", "A"}});
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.Header("OData-EntityId"),
            "https://crm.contoso.example/api/data/v9.2/opportunities(" + reply.Id() + ")");
  EXPECT_EQ(Count(), 1u);
}

TEST_F(DataverseWriteTest, RepresentationReplacesTheHeader) {
  const net::Headers prefer = {{"Prefer", "return=representation"}};
  const Reply created = org.Post("opportunities?$select=name", {{"name", "A"}}, prefer);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.Header("OData-EntityId"), "");
  EXPECT_EQ(created.Header("Preference-Applied"), "return=representation");
  EXPECT_EQ(created.Header("ETag"), created.json()["@odata.etag"]);
  EXPECT_FALSE(created.json().contains("statecode"));
  const std::string id = created.json()["opportunityid"];
  const Reply updated = org.Patch(org.Path(id) + "?$select=versionnumber&$expand=parentaccountid",
                                  {{"name", "B"}}, prefer);
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(updated.json()["@odata.etag"], org.Etag(id));
  EXPECT_FALSE(updated.json().contains("parentaccountid"));
}

TEST_F(DataverseWriteTest, NewRowsGetDefaults) {
  const std::string account = org.Make("accounts", {{"name", "Fabrikam"}});
  const std::string id = Deal({{"name", "A"},
                               {"estimatedvalue", 108},
                               {"parentaccountid@odata.bind", "/accounts(" + account + ")"},
                               {"transactioncurrencyid@odata.bind", org.Currency("USD")}});
  EXPECT_EQ(org.Cell(id, "statecode"), "0");
  EXPECT_EQ(org.Cell(id, "statuscode"), "1");
  EXPECT_EQ(org.Cell(id, "_customerid_value"), account);
  EXPECT_EQ(org.Cell(id, "_ownerid_value"), org.world.api_user_id());
  EXPECT_EQ(org.Cell(id, "exchangerate"), "1.0800000000");
  EXPECT_EQ(org.Cell(id, "estimatedvalue_base"), "100.0000");
  EXPECT_EQ(org.Cell(id, "isrevenuesystemcalculated"), "false");
  EXPECT_EQ(org.Cell(id, "msft_syncwithpartnercenter"), "false");
  EXPECT_EQ(org.Cell(Deal(), "_transactioncurrencyid_value"), org.CurrencyId("EUR"));
}

TEST_F(DataverseWriteTest, MoneyIsRoundedToTheCurrencysPrecision) {
  const std::string euro = Deal({{"name", "A"}, {"estimatedvalue", 10.005}});
  EXPECT_EQ(org.Cell(euro, "estimatedvalue"), "10.0100");
  const std::string yen = Deal({{"name", "A"},
                                {"estimatedvalue", 1000.5},
                                {"transactioncurrencyid@odata.bind", org.Currency("JPY")}});
  EXPECT_EQ(org.Cell(yen, "estimatedvalue"), "1001.0000");
  org.Patch(org.Path(euro), {{"transactioncurrencyid@odata.bind", org.Currency("JPY")}});
  EXPECT_EQ(org.Cell(euro, "estimatedvalue"), "10.0000");
}

TEST_F(DataverseWriteTest, SystemCalculatedRevenueOverwritesWhatIsWritten) {
  const std::string id = Deal({{"name", "A"}, {"isrevenuesystemcalculated", true}});
  org.Patch(org.Path(id), {{"estimatedvalue", 5}});
  EXPECT_EQ(org.Cell(id, "estimatedvalue"), "0.0000");
}

TEST_F(DataverseWriteTest, EmptyTextIsNull) {
  const std::string id = Deal({{"name", "A"}, {"description", "x"}});
  org.Patch(org.Path(id), {{"description", ""}});
  EXPECT_EQ(org.Cell(id, "description"), std::nullopt);
}

TEST_F(DataverseWriteTest, LengthIsCountedInUtf16Units) {
  const std::string fits(2000, 'x');
  EXPECT_EQ(org.Post("opportunities", {{"name", "A"}, {"description", fits}}).status, 204);
  const Reply reply = org.Post("opportunities", {{"name", "A"}, {"description", fits + "y"}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Code(), "0x80044331");
  std::string emoji;
  for (int i = 0; i < 151; ++i) emoji += "\U0001F600";
  EXPECT_EQ(org.Post("opportunities", {{"name", emoji}}).Code(), "0x80044331");
}

TEST_F(DataverseWriteTest, MemosMayComeBackWithCrlf) {
  org.world.switches().crlf_memos = true;
  const std::string id = Deal({{"name", "A"}, {"description", "one\ntwo\r\nthree"}});
  EXPECT_EQ(org.Cell(id, "description"), "one\r\ntwo\r\nthree");
}

TEST_F(DataverseWriteTest, BodiesThatDoNotFitAreRefused) {
  const std::string id = Deal();
  const std::vector<Json> bodies = {{{"nosuch", 1}},
                                    {{"name", 5}},
                                    {{"estimatedvalue", "84500"}},
                                    {{"msft_syncwithpartnercenter", "true"}},
                                    {{"closeprobability", 40.5}},
                                    {{"statuscode", "1"}},
                                    {{"estimatedclosedate", "2026-09-30T00:00:00Z"}},
                                    {{"estimatedclosedate", "30.09.2026"}},
                                    {{"parentaccountid", id}},
                                    {{"_parentaccountid_value", id}},
                                    {{"ParentAccountId@odata.bind", nullptr}},
                                    {{"parentaccountid@odata.bind", "/contacts(" + id + ")"}},
                                    {{"parentaccountid@odata.bind", "nonsense"}},
                                    {{"name@OData.Community.Display.V1.FormattedValue", "x"}}};
  for (const auto& body : bodies) {
    const Reply reply = org.Patch(org.Path(id), body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(reply.Code(), "0x80048d19") << body;
  }
  EXPECT_EQ(org.Send("PATCH", org.Path(id), "{\"name\":").Code(), "0x80048d19");
  EXPECT_EQ(org.Patch(org.Path(id), {{"closeprobability", 101}}).Code(), "0x80044331");
  EXPECT_EQ(org.Patch(org.Path(id), {{"msft_howcanmicrosofthelp", 7}}).Code(), "0x80044331");
  EXPECT_EQ(org.Patch(org.Path(id), {{"estimatedclosedate", "1752-12-31"}}).Code(), "0x80044331");
  EXPECT_EQ(org.Cell(id, "name"), "Yard planning");
}

TEST_F(DataverseWriteTest, ReadOnlyMembersAreRefusedOrIgnored) {
  const std::string id = Deal();
  EXPECT_EQ(org.Patch(org.Path(id), {{"modifiedon", "2026-01-01T00:00:00Z"}}).status, 400);
  EXPECT_EQ(org.Patch(org.Path(id), {{"estimatedvalue_base", 5}}).status, 400);
  org.world.switches().refuse_read_only_members = false;
  EXPECT_EQ(org.Patch(org.Path(id), {{"name", "B"}, {"estimatedvalue_base", 5}}).status, 204);
  EXPECT_EQ(org.Cell(id, "estimatedvalue_base"), std::nullopt);
  EXPECT_EQ(org.world.journal().back().ignored, (std::vector<std::string>{"estimatedvalue_base"}));
}

TEST_F(DataverseWriteTest, StatecodeInACreateIsRefusedOrIgnored) {
  const Json body = {{"name", "A"}, {"statecode", 1}};
  EXPECT_EQ(org.Post("opportunities", body).status, 400);
  org.world.switches().refuse_statecode_in_create = false;
  EXPECT_EQ(org.Cell(Deal(body), "statecode"), "0");
}

TEST_F(DataverseWriteTest, AStatusReasonMayBeGivenAtBirthIfItIsAnOpenOne) {
  EXPECT_EQ(org.Cell(Deal({{"name", "A"}, {"statuscode", 2}}), "statuscode"), "2");
  EXPECT_EQ(org.Post("opportunities", {{"name", "A"}, {"statuscode", 3}}).Code(), "0x80048408");
}

TEST_F(DataverseWriteTest, EveryWriteBumpsTheVersionEvenWithEqualValues) {
  const std::string id = Deal();
  const std::string before = org.Etag(id);
  org.clock.Advance(std::chrono::milliseconds(400));
  EXPECT_EQ(org.Patch(org.Path(id), {{"name", "Yard planning"}}).status, 204);
  EXPECT_NE(org.Etag(id), before);
  EXPECT_EQ(org.Cell(id, "modifiedon"), "2026-03-01T09:00:00Z");  // whole seconds
}

TEST_F(DataverseWriteTest, PatchWithoutPreconditionCreatesAnUnknownRow) {
  EXPECT_EQ(org.Patch(org.Path(Organization::kUnknownId), {{"name", "Ghost"}}).status, 204);
  EXPECT_EQ(org.Cell(Organization::kUnknownId, "name"), "Ghost");
}

TEST_F(DataverseWriteTest, IfMatchUpdatesOnlyWhatIsThereAndUnchanged) {
  const std::string missing = org.Path(Organization::kUnknownId);
  EXPECT_EQ(org.Patch(missing, {{"name", "A"}}, {{"If-Match", "*"}}).Code(), "0x80040217");
  EXPECT_EQ(org.Patch(missing, {{"name", "A"}}, {{"If-Match", "W/\"1\""}}).status, 404);
  const std::string id = Deal();
  const std::string etag = org.Etag(id);
  EXPECT_EQ(org.Patch(org.Path(id), {{"name", "B"}}, {{"If-Match", etag}}).status, 204);
  const Reply stale = org.Patch(org.Path(id), {{"name", "C"}}, {{"If-Match", etag}});
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(stale.Code(), "0x80060882");
  EXPECT_EQ(org.Cell(id, "name"), "B");
  EXPECT_EQ(org.Send("DELETE", org.Path(id), "", {{"If-Match", etag}}).status, 412);
}

TEST_F(DataverseWriteTest, TablesWithoutOptimisticConcurrencyRefuseEtags) {
  const std::string path = "transactioncurrencies(" + org.CurrencyId("EUR") + ")";
  const Reply reply = org.Patch(path, {{"currencysymbol", "E"}}, {{"If-Match", "W/\"1\""}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Code(), "0x80060883");
}

TEST_F(DataverseWriteTest, IfNoneMatchStarCreatesOnce) {
  const std::string path = org.Path(Organization::kUnknownId);
  const net::Headers once = {{"If-None-Match", "*"}, {"Prefer", "return=representation"}};
  EXPECT_EQ(org.Patch(path, {{"name", "A"}}, once).status, 201);
  const Reply again = org.Patch(path, {{"name", "B"}}, once);
  EXPECT_EQ(again.status, 412);
  EXPECT_EQ(again.Code(), "0x80040237");
  EXPECT_EQ(org.Cell(Organization::kUnknownId, "name"), "A");
}

TEST_F(DataverseWriteTest, AlternateKeyFindsCreatesAndCollides) {
  const std::string referral = "7c1e2f90-0000-4000-8000-00000000a001";
  const std::string path = "opportunities(msft_referralidentifier='" + referral + "')";
  EXPECT_EQ(org.Get(path).Code(), "0x80060888");  // no such key yet
  org.world.switches().alternate_key = true;
  EXPECT_EQ(org.Get(path).Code(), "0x80060891");
  const net::Headers once = {{"If-None-Match", "*"}};
  const Reply created = org.Patch(path, {{"name", "A"}}, once);
  EXPECT_EQ(created.status, 204);
  EXPECT_EQ(org.Cell(created.Id(), "msft_referralidentifier"), referral);
  EXPECT_EQ(org.Patch(path, {{"name", "B"}}, once).status, 412);
  EXPECT_EQ(org.Get(path).json()["name"], "A");
  const Reply taken =
      org.Post("opportunities", {{"name", "C"}, {"msft_referralidentifier", referral}});
  EXPECT_EQ(taken.status, 412);
  EXPECT_EQ(taken.Code(), "0x80060892");
  EXPECT_EQ(org.Patch(path, {{"name", "D"}, {"msft_referralidentifier", "other"}}).status, 204);
  EXPECT_EQ(org.Cell(created.Id(), "msft_referralidentifier"), referral);
  EXPECT_EQ(org.Get("opportunities(name='A')").Code(), "0x80060888");
  EXPECT_EQ(org.Get("opportunities(msft_referralidentifier='a:b')").status, 400);
  Deal();
  EXPECT_EQ(org.Post("opportunities", {{"name", "E"}}).status, 204);  // nulls do not collide
}

TEST_F(DataverseWriteTest, InACreateByKeyTheBodyWinsOverTheUrl) {
  org.world.switches().alternate_key = true;
  const Reply reply = org.Patch("opportunities(msft_referralidentifier='one')",
                                {{"name", "A"}, {"msft_referralidentifier", "two"}});
  EXPECT_EQ(org.Cell(reply.Id(), "msft_referralidentifier"), "two");
}

TEST_F(DataverseWriteTest, BindFormsAndClearing) {
  const std::string account = org.Make("accounts", {{"name", "Fabrikam"}});
  const std::string contact = org.Make("contacts", {{"lastname", "Sample"}});
  const std::string id = Deal();
  for (const std::string& form : std::vector<std::string>{
           "/accounts(" + account + ")", "accounts(" + account + ")",
           "https://crm.contoso.example/api/data/v9.2/accounts(" + account + ")",
           "/api/data/v9.2/accounts(" + account + ")"}) {
    EXPECT_EQ(org.Patch(org.Path(id), {{"parentaccountid@odata.bind", form}}).status, 204) << form;
    EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), account);
    EXPECT_EQ(org.Patch(org.Path(id), {{"parentaccountid", nullptr}}).status, 204);
    EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), std::nullopt);
  }
  org.Patch(org.Path(id), {{"customerid_contact@odata.bind", "/contacts(" + contact + ")"}});
  EXPECT_EQ(org.Cell(id, "_customerid_value"), contact);
  EXPECT_EQ(org.Patch(org.Path(id), {{"parentcontactid@odata.bind", nullptr}}).status, 204);
  EXPECT_EQ(org.Patch(org.Path(id), {{"ownerid@odata.bind", nullptr}}).status, 400);
  const Reply gone = org.Patch(
      org.Path(id),
      {{"parentaccountid@odata.bind", std::string("/accounts(") + Organization::kUnknownId + ")"}});
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.Code(), "0x80040217");
}

TEST_F(DataverseWriteTest, CustomLookupsBindByTheirMixedCaseName) {
  org.world.switches().solutions_table = true;
  const std::string id = Deal();
  const std::string target = "/opportunities(" + id + ")";
  EXPECT_EQ(org.Post("msft_microsoftsolutions",
                     {{"msft_name", "Hub"}, {"msft_opportunityid@odata.bind", target}})
                .status,
            400);
  EXPECT_EQ(org.Post("msft_microsoftsolutions",
                     {{"msft_name", "Hub"}, {"msft_OpportunityId@odata.bind", target}})
                .status,
            204);
  const Reply found =
      org.Get(Filter("msft_microsoftsolutions", "_msft_opportunityid_value eq " + id, "msft_name"));
  EXPECT_EQ(found.json()["value"].size(), 1u);
}

TEST_F(DataverseWriteTest, SinglePropertiesAndLinks) {
  const std::string account = org.Make("accounts", {{"name", "Fabrikam"}});
  const std::string id = Deal({{"name", "A"}, {"description", "x"}});
  EXPECT_EQ(org.Send("PUT", org.Path(id) + "/name", R"({"value":"B"})").status, 204);
  EXPECT_EQ(org.Get(org.Path(id) + "/name").json()["value"], "B");
  EXPECT_EQ(org.Send("DELETE", org.Path(id) + "/description").status, 204);
  EXPECT_EQ(org.Get(org.Path(id) + "/description").status, 204);
  EXPECT_EQ(org.Send("PUT", org.Path(id) + "/parentaccountid/$ref",
                     Json{{"@odata.id", "accounts(" + account + ")"}}.dump())
                .status,
            204);
  EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), account);
  EXPECT_EQ(org.Send("DELETE", org.Path(id) + "/parentaccountid/$ref").status, 204);
  EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), std::nullopt);
}

TEST_F(DataverseWriteTest, DuplicateRulesActOnlyWhenTurnedOn) {
  const Json body = {{"name", "Fabrikam"}};
  org.Make("accounts", body);
  EXPECT_EQ(org.Post("accounts", body).status, 204);
  const net::Headers detect = {{"MSCRM.SuppressDuplicateDetection", "false"}};
  const Reply found = org.Post("accounts", {{"name", "FABRIKAM"}}, detect);
  EXPECT_EQ(found.status, 412);
  EXPECT_EQ(found.Code(), "0x80040333");
  org.world.switches().duplicate_status = 500;
  EXPECT_EQ(org.Post("accounts", body, detect).status, 500);
  EXPECT_EQ(Count("accounts"), 2u);
  EXPECT_EQ(org.Post("opportunities", body, detect).status, 204);
}

TEST_F(DataverseWriteTest, DeletingReleasesAndCascades) {
  org.world.switches().solutions_table = true;
  const std::string account = org.Make("accounts", {{"name", "Fabrikam"}});
  const std::string id =
      Deal({{"name", "A"}, {"parentaccountid@odata.bind", "/accounts(" + account + ")"}});
  org.Make("msft_microsoftsolutions",
           {{"msft_name", "Hub"}, {"msft_OpportunityId@odata.bind", "/opportunities(" + id + ")"}});
  const std::string etag = org.Etag(id);
  EXPECT_EQ(org.Send("DELETE", "accounts(" + account + ")").status, 204);
  EXPECT_EQ(org.Cell(id, "_parentaccountid_value"), std::nullopt);
  EXPECT_NE(org.Etag(id), etag);
  EXPECT_EQ(org.Send("DELETE", org.Path(id)).status, 204);
  EXPECT_EQ(Count("msft_microsoftsolutions"), 0u);
  EXPECT_EQ(org.Send("DELETE", org.Path(id)).status, 404);
}

TEST_F(DataverseWriteTest, TheJournalTellsPeopleFromTheApi) {
  const std::string person = org.world.people().front();
  const std::string id = *org.world.Create(person, "opportunities", R"({"name":"A"})");
  org.Patch(org.Path(id), {{"estimatedvalue", 5}});
  ASSERT_EQ(org.world.journal().size(), 2u);
  EXPECT_FALSE(org.world.journal()[0].by_api);
  EXPECT_EQ(org.world.journal()[0].user_id, person);
  const auto& update = org.world.journal()[1];
  EXPECT_TRUE(update.by_api);
  EXPECT_EQ(update.operation, "update");
  EXPECT_EQ(update.changes,
            (std::vector<ColumnChange>{{"estimatedvalue", std::nullopt, "5.0000"}}));
  EXPECT_EQ(org.Patch(org.Path(id), {{"nosuch", 1}}).status, 400);
  EXPECT_EQ(org.world.journal().size(), 2u);
  EXPECT_EQ(org.world.counters().writes, 2u);
  EXPECT_EQ(org.world.counters().refused, 1u);
}

TEST_F(DataverseWriteTest, SeedingMakesPairsWithoutEventsOrJournal) {
  org.world.switches().solutions_table = true;
  SeedOpportunity seed;
  seed.name = "Brewhouse telemetry";
  seed.account = "Tailspin";
  seed.account_postal_code = "96047";
  seed.contact = SeedContact{"Jo", "Example", "jo@tailspin.example", "+49 951 1", ""};
  seed.owner = SeedUser{"", "Kim", "Sample", "kim@contoso.example", ""};
  seed.estimated_value = "84500.5";
  seed.currency = "NOK";
  seed.description = std::string(3000, 'x');
  seed.help = "Quotes or Licensing";
  seed.solutions = {{"SOL-1", "Sensor Hub"}};
  seed.referral_id = "7c1e2f90-0000-4000-8000-00000000a001";
  seed.sync = true;
  seed.status_code = 5;
  seed.modified_at = ParseInstant("2026-01-02T03:04:05.678Z");
  const auto ids = org.world.Seed({seed, seed});
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(Count("accounts"), 1u);
  EXPECT_EQ(Count("contacts"), 1u);
  EXPECT_EQ(Count("msft_microsoftsolutions"), 2u);
  EXPECT_EQ(Count("msft_microsoftsolutiondetails"), 1u);
  EXPECT_TRUE(org.world.journal().empty());
  org.world.Seed({seed});
  EXPECT_EQ(Count("accounts"), 1u);  // shared with the earlier seed
  EXPECT_EQ(Count("contacts"), 1u);
  EXPECT_EQ(org.Cell(ids[0], "estimatedvalue"), "84500.5000");
  EXPECT_EQ(org.Cell(ids[0], "description")->size(), 2000u);
  EXPECT_EQ(org.Cell(ids[0], "msft_howcanmicrosofthelp"), "100000003");
  EXPECT_EQ(org.Cell(ids[0], "modifiedon"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(org.Cell(ids[0], "statecode"), "2");
  EXPECT_EQ(org.Cell(ids[0], "statuscode"), "5");
}

}  // namespace
}  // namespace cosell::sandbox
