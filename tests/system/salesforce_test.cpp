// Salesforce in place of Dynamics 365, and beside it in one daemon.

#include "system/desk.h"
#include "system/installation.h"

namespace cosell::system_test {
namespace {

class SalesforceTest : public SharedInstallation<SalesforceTest> {
 public:
  static Installation::Options Choice() {
    return {{"--empty", "--crm", "salesforce"}, [](Json& configuration) {
              configuration["connections"][0]["schedule"] = {{"poll_interval_s", 0},
                                                             {"sweep_interval_s", 0}};
            }};
  }

 protected:
  void SetUp() override {
    remote().Switch({{"microsoft_decision", "none"}});
    ASSERT_TRUE(WaitUntil([&] { return here().IsRegistered(); }, "the webhook is registered"));
    ASSERT_TRUE(here().HasLookedAround());
  }
  testing::AssertionResult Linked(const std::string& id) {
    return WaitUntil([=, this] { return database().LinkState(id) == "in_sync"; },
                     id + " is in step");
  }
};

TEST_F(SalesforceTest, AnOutboundMessageAloneCarriesASellersEdit) {
  Desk desk(remote());
  const std::string referral = remote().MicrosoftSends("Brewhouse telemetry rollout");
  ASSERT_TRUE(Linked(referral));
  const std::string opportunity = desk.OpportunityOf(referral);
  ASSERT_EQ(opportunity.size(), 18u);
  EXPECT_EQ(desk.Value(opportunity, "name"), "\u2713 Brewhouse telemetry rollout");
  EXPECT_EQ(desk.Value(opportunity, "state"), "new");
  EXPECT_EQ(desk.Value(opportunity, "account"), "Fabrikam Brauereitechnik GmbH");
  EXPECT_EQ(desk.Value(opportunity, "contact"), "Korn");
  EXPECT_EQ(remote().Referral(referral)["externalReferenceId"], opportunity);

  remote().Ask("POST", "/crm/opportunities/" + opportunity + "/in_progress", Json::object());
  EXPECT_TRUE(WaitUntil([&] { return remote().Referral(referral)["status"] == "Active"; },
                        "leaving the on-hold stage accepts the referral"));
  desk.Set(opportunity, {{"deal_value", 91000}});
  EXPECT_TRUE(
      WaitUntil([&] { return remote().Referral(referral)["details"]["dealValue"] == 91000; },
                "the seller's value is in Partner Center"));
}

TEST_F(SalesforceTest, CheckNamesWhatIsThere) {
  const CommandResult check = here().Command({"check"});
  EXPECT_EQ(check.exit_code, 0) << check.output << check.errors;
}

TEST_F(SalesforceTest, CheckNamesAStageTheOrganisationLacks) {
  ASSERT_EQ(here().Command({"init", "--crm", "salesforce", here().File("own")}).exit_code, 0);
  std::string mapping = ReadText(here().File("own/mapping.json"));
  const std::string known = "\"StageName\": \"Qualification\"";
  ASSERT_NE(mapping.find(known), std::string::npos);
  mapping.replace(mapping.find(known), known.size(), "\"StageName\": \"Discovery Call\"");
  WriteText(here().File("own/mapping.json"), mapping);
  Json configuration = Json::parse(ReadText(here().configuration_file()));
  configuration["connections"][0]["mapping_file"] = "own/mapping.json";
  WriteText(here().File("other-stages.json"), configuration.dump());
  const CommandResult check = RunCommand(
      {BuiltProgram("cosell-sync"), "--config", here().File("other-stages.json"), "check"});
  EXPECT_EQ(check.exit_code, 1) << check.output << check.errors;
  EXPECT_NE(check.output.find("\"Discovery Call\""), std::string::npos) << check.output;
}

// Relative names in the configuration of the second sandbox belong to its own folder.
void MakeAbsolute(Json& json, const Installation& owner) {
  for (auto& item : json.items()) {
    Json& value = item.value();
    if (item.key() == "file" && value.is_string()) value = owner.File(value.get<std::string>());
    if (item.key() == "ca_files") {
      for (Json& file : value) file = owner.File(file.get<std::string>());
    }
    if (value.is_structured()) MakeAbsolute(value, owner);
  }
}

TEST(TwoCrmsTest, OneDaemonServesADynamicsAndASalesforceConnection) {
  Installation salesforce({{"--empty", "--crm", "salesforce", "--connection", "fabrikam"}, {}});
  Json second = Json::parse(ReadText(salesforce.configuration_file()))["connections"][0];
  MakeAbsolute(second, salesforce);
  Installation here({{"--empty"}, [&](Json& configuration) {
                       configuration["connections"].push_back(second);
                       configuration["tls"]["ca_files"].push_back(
                           salesforce.remote().settings()["ca_file"]);
                     }});
  for (RemoteSides* side : {&here.remote(), &salesforce.remote()})
    side->Switch({{"microsoft_decision", "none"}});
  here.StartDaemon();
  Desk dynamics(here.remote()), sales(salesforce.remote());
  const std::string one = here.remote().MicrosoftSends("Brewhouse telemetry rollout");
  const std::string other = salesforce.remote().MicrosoftSends("Cooling tower audit");
  const std::string deal = sales.Open({{"name", "Yard planning pilot"}, {"sync", true}});
  for (const std::string& id : {one, other, deal}) {
    EXPECT_TRUE(
        WaitUntil([&] { return here.database().LinkState(id) == "in_sync"; }, id + " is in step"));
  }
  EXPECT_FALSE(dynamics.OpportunityOf(one).empty());
  EXPECT_FALSE(sales.OpportunityOf(other).empty());
  EXPECT_FALSE(salesforce.remote().ReferralOf(deal).empty());
  EXPECT_EQ(here.database().Count("SELECT count(*) FROM sync_status WHERE state = 'ready'"), 2);
  here.StopDaemon();
}

}  // namespace
}  // namespace cosell::system_test
