#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"
#include "tools/sandbox/salesforce/control.h"

namespace cosell::sandbox {
namespace {

class SalesforceControlTest : public ::testing::Test {
 protected:
  Reply Send(const std::string& method, const std::string& route, const Json& body = nullptr) {
    auto response = control.Handle({method,
                                    "https://localhost:9443/sandbox/v1/salesforce/" + route,
                                    {},
                                    body.is_null() ? "" : body.dump()});
    return {response.status, response.headers, response.body};
  }
  std::string Deal() {
    return Send("POST", "rows/Opportunity", Instance::DealBody("A")).json()["id"];
  }
  Instance org;
  SalesforceControl control{org.world};
};

TEST_F(SalesforceControlTest, APersonWorksOnARecord) {
  const std::string id = Deal();
  const std::string row = "rows/Opportunity/" + id;
  const std::string second = org.world.people()[1];
  EXPECT_EQ(Send("PATCH", row + "?person=" + second, {{"Name", "B"}}).status, 204);
  EXPECT_EQ(Send("GET", row).json()["LastModifiedById"], second);
  EXPECT_EQ(Send("POST", row + "/lineitem", {{"price", "7.5"}}).status, 204);
  EXPECT_EQ(Send("GET", row).json()["Amount"], "7.5");
  EXPECT_EQ(Send("POST", row + "/bump").status, 204);
  EXPECT_EQ(Send("POST", row + "/hide", {{"hidden", true}}).status, 204);
  EXPECT_EQ(org.Get(Instance::Path(id)).status, 404);
  EXPECT_EQ(Send("DELETE", row).status, 204);
  EXPECT_EQ(Send("POST", row + "/undelete").status, 204);
  EXPECT_EQ(Send("GET", "rows/Opportunity").json()["value"][0]["IsDeleted"], "false");
}

TEST_F(SalesforceControlTest, LeadsAreConvertedAndAccountsMerged) {
  const std::string lead =
      Send("POST", "rows/Lead", {{"LastName", "A"}, {"Company", "Tailspin"}}).json()["id"];
  const Json made =
      Send("POST", "rows/Lead/" + lead + "/convert", {{"opportunity", "Deal"}}).json();
  EXPECT_EQ(org.Field(made["opportunity"], "Name"), "Deal");
  const std::string other = Send("POST", "rows/Account", {{"Name", "Other"}}).json()["id"];
  EXPECT_EQ(Send("POST", "rows/Account/" + other + "/merge", {{"loser", made["account"]}}).status,
            204);
  EXPECT_EQ(org.Field(made["opportunity"], "AccountId"), other);
}

TEST_F(SalesforceControlTest, RefusalsCarryTheServicesStatus) {
  EXPECT_EQ(Send("PATCH", "rows/Opportunity/0065g00000Qm1KdAAJ", {{"Name", "B"}}).status, 404);
  EXPECT_EQ(Send("POST", "rows/Opportunity", {{"Nope", 1}}).status, 400);
  EXPECT_EQ(Send("POST", "rows/Nope", Json::object()).status, 404);
  EXPECT_EQ(Send("POST", "rows/Lead/x/merge", Json::object()).status, 400);
  EXPECT_EQ(Send("GET", "nosuch").status, 404);
}

TEST_F(SalesforceControlTest, SwitchesAreReadAndSet) {
  const Json set = {{"no_op_bumps", false},
                    {"commit_delay_s", 30},
                    {"page_size_max", 50},
                    {"deleted_status", 400},
                    {"api_limit", {{"used", 1}, {"max", 2}}},
                    {"delete_log_from", "2026-03-01T00:00:00Z"},
                    {"duplicate_rules", {"Account"}}};
  const Json now = Send("PATCH", "switches", set).json();
  for (const auto& [name, value] : set.items()) EXPECT_EQ(now[name], value) << name;
  EXPECT_EQ(org.world.switches().commit_delay, std::chrono::seconds(30));
  EXPECT_EQ(Send("PATCH", "switches", {{"gzip", true}, {"nosuch", true}}).status, 400);
  EXPECT_EQ(Send("PATCH", "switches", {{"gzip", "yes"}}).status, 400);
  EXPECT_FALSE(org.world.switches().gzip);
}

TEST_F(SalesforceControlTest, FaultsJournalCountersAndPeople) {
  EXPECT_EQ(Send("POST", "faults", {{"status", 503}, {"path_contains", "limits"}}).status, 204);
  EXPECT_EQ(org.Get("limits").status, 503);
  EXPECT_EQ(Send("POST", "faults", {{"count", "many"}}).status, 400);
  EXPECT_EQ(Send("DELETE", "faults").status, 204);
  Deal();
  org.Make("Account", {{"Name", "Fabrikam"}});
  EXPECT_EQ(Send("GET", "journal").json()["value"].size(), 2u);
  EXPECT_EQ(Send("GET", "journal?api=true").json()["value"][0]["object"], "Account");
  EXPECT_EQ(Send("GET", "counters").json()["by_kind"]["row_create"], 1);
  EXPECT_EQ(Send("GET", "people").json()["value"][0]["name"], "Avery Example");
}

}  // namespace
}  // namespace cosell::sandbox
