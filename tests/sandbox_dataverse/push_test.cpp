#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"

namespace cosell::sandbox {
namespace {

class DataversePushTest : public ::testing::Test {
 protected:
  void SetUp() override {
    PushSubscription subscription;
    subscription.url = "https://hooks.contoso.example/webhooks/contoso/dynamics365";
    subscription.key = "secret";
    subscription.filtering_attributes = {"estimatedvalue", "statuscode"};
    org.world.Subscribe(subscription);
    person = org.world.people().front();
    id = *org.world.Create(person, "opportunities", R"({"name":"A","estimatedvalue":5})");
  }
  PushReport Pump() {
    return org.world.PumpPushes(
        [this](const std::string&, const net::Headers& headers, const std::string& body) {
          sent.push_back({0, headers, body});
          const int status = statuses.empty() ? 200 : statuses.front();
          if (!statuses.empty()) statuses.erase(statuses.begin());
          return status;
        });
  }
  std::vector<std::string> Messages() const {
    std::vector<std::string> messages;
    for (const auto& item : sent) messages.push_back(item.json()["MessageName"]);
    return messages;
  }
  static Json Attribute(const Json& target, const std::string& key) {
    for (const auto& item : target["Attributes"]) {
      if (item["key"] == key) return item["value"];
    }
    return "absent";
  }
  Organization org;
  std::string person, id;
  std::vector<Reply> sent;
  std::vector<int> statuses;
};

TEST_F(DataversePushTest, ACreateCarriesAllColumnsAndItsHeaders) {
  EXPECT_EQ(Pump().delivered, 1u);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].Header("x-cosell-key"), "secret");
  EXPECT_EQ(sent[0].Header("x-ms-dynamics-entity-name"), "opportunity");
  EXPECT_EQ(sent[0].Header("x-ms-dynamics-request-name"), "Create");
  const Json body = sent[0].json();
  EXPECT_EQ(body["PrimaryEntityId"], id);
  EXPECT_EQ(body["UserId"], person);
  EXPECT_EQ(body["OutputParameters"][0]["value"], id);
  EXPECT_EQ(Attribute(body["InputParameters"][0]["value"], "name"), "A");
  EXPECT_EQ(sent[0].text.find("https://"), std::string::npos);  // slashes are escaped
  EXPECT_NE(sent[0].text.find("\\/Date("), std::string::npos);
}

TEST_F(DataversePushTest, AnUpdateShowsOnlyWrittenColumnsAndObeysTheFilter) {
  Pump();
  sent.clear();
  ASSERT_TRUE(org.world.Edit(person, "opportunities", id, R"({"description":"unwatched"})"));
  EXPECT_EQ(Pump().delivered, 0u);
  org.Patch(org.Path(id), {{"estimatedvalue", 91000}, {"estimatedclosedate", "2026-10-31"}});
  EXPECT_EQ(Pump().delivered, 1u);
  const Json body = sent.front().json();
  const Json target = body["InputParameters"][0]["value"];
  EXPECT_EQ(body["UserId"], org.world.api_user_id());
  EXPECT_EQ(Attribute(target, "estimatedvalue")["Value"], 91000);
  EXPECT_EQ(Attribute(target, "estimatedclosedate"), "/Date(1793404800000)/");
  EXPECT_EQ(Attribute(target, "modifiedby")["Id"], org.world.api_user_id());
  EXPECT_EQ(Attribute(target, "name"), "absent");
}

TEST_F(DataversePushTest, ClosingAndDeletingHaveTheirOwnMessages) {
  ASSERT_TRUE(org.world.Win(person, id, {}));
  ASSERT_TRUE(org.world.Reopen(person, id));
  ASSERT_TRUE(org.world.Lose(person, id, {5, "chose another", ""}));
  ASSERT_TRUE(org.world.Delete(person, "opportunities", id));
  Pump();
  EXPECT_EQ(Messages(), (std::vector<std::string>{"Create", "Win", "Update", "Lose", "Delete"}));
  const Json lost = sent[3].json();
  EXPECT_EQ(lost["PrimaryEntityName"], "opportunity");
  EXPECT_EQ(lost["InputParameters"][0]["key"], "OpportunityClose");
  EXPECT_EQ(lost["InputParameters"][1]["value"]["Value"], 5);
  EXPECT_EQ(sent[4].json()["InputParameters"][0]["value"]["Id"], id);
}

TEST_F(DataversePushTest, OnlyGatewayErrorsAreRetriedAndOnlyOnce) {
  statuses = {503, 504};
  EXPECT_EQ(Pump().failed, 1u);
  EXPECT_EQ(sent.size(), 2u);
  org.Patch(org.Path(id), {{"estimatedvalue", 6}});
  statuses = {500};
  EXPECT_EQ(Pump().failed, 1u);
  EXPECT_EQ(sent.size(), 3u);
  org.Patch(org.Path(id), {{"estimatedvalue", 7}});
  statuses = {502, 200};
  EXPECT_EQ(Pump().delivered, 1u);
  EXPECT_EQ(org.world.pushes_pending(), 0u);
}

TEST_F(DataversePushTest, DelayedDuplicatedOversizedAndLost) {
  Pump();
  sent.clear();
  auto& switches = org.world.switches();
  switches.push_delay = std::chrono::seconds(5);
  switches.push_twice = true;
  switches.push_oversized = true;
  org.Patch(org.Path(id), {{"estimatedvalue", 6}});
  EXPECT_EQ(Pump().delivered, 0u);
  EXPECT_EQ(org.world.NextPushDue(), org.clock.Now() + std::chrono::seconds(5));
  org.clock.Advance(std::chrono::seconds(5));
  EXPECT_EQ(Pump().delivered, 2u);
  EXPECT_EQ(sent[0].json()["OperationId"], sent[1].json()["OperationId"]);
  EXPECT_NE(sent[0].Header("x-ms-dynamics-msg-size-exceeded"), "");
  EXPECT_FALSE(sent[0].json().contains("InputParameters"));
  EXPECT_EQ(sent[0].json()["PrimaryEntityId"], id);
  switches.push_lost = true;
  org.Patch(org.Path(id), {{"estimatedvalue", 7}});
  EXPECT_EQ(org.world.pushes_pending(), 0u);
}

TEST_F(DataversePushTest, ShuffledContextsAllArrive) {
  org.world.switches().push_shuffled = true;
  for (int i = 0; i < 8; ++i) org.Patch(org.Path(id), {{"estimatedvalue", i}});
  EXPECT_EQ(Pump().delivered, 9u);
  std::vector<double> order;
  for (const auto& item : sent) {
    const Json value = Attribute(item.json()["InputParameters"][0]["value"], "estimatedvalue");
    order.push_back(value["Value"]);
  }
  EXPECT_FALSE(std::is_sorted(order.begin() + 1, order.end()));
}

TEST_F(DataversePushTest, ARefusedWriteAndARolledBackOneFireNothing) {
  Pump();
  EXPECT_EQ(org.Patch(org.Path(id), {{"estimatedvalue", 1}, {"nosuch", 1}}).status, 400);
  EXPECT_EQ(org.world.pushes_pending(), 0u);
}

TEST_F(DataversePushTest, TheRegistrationCanBeRead) {
  const Json found =
      org.Get(Filter("serviceendpoints", "contract eq 8", "serviceendpointid,name,authtype,url"))
          .json()["value"];
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["authtype"], 5);
}

}  // namespace
}  // namespace cosell::sandbox
