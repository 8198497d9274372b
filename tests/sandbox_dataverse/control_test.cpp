#include <gtest/gtest.h>

#include "sandbox_dataverse/organization.h"
#include "tools/sandbox/dataverse/control.h"

namespace cosell::sandbox {
namespace {

class DataverseControlTest : public ::testing::Test {
 protected:
  Reply Send(const std::string& method, const std::string& route, const Json& body = nullptr) {
    auto response = control.Handle({method,
                                    "https://localhost:9443/sandbox/v1/dataverse/" + route,
                                    {},
                                    body.is_null() ? "" : body.dump()});
    return {response.status, response.headers, response.body};
  }
  std::string Deal() {
    return Send("POST", "rows/opportunities", {{"name", "A"}, {"estimatedvalue", 5}}).json()["id"];
  }
  Organization org;
  DataverseControl control{org.world};
};

TEST_F(DataverseControlTest, APersonWorksOnARow) {
  const std::string id = Deal();
  const std::string second = org.world.people()[1];
  EXPECT_EQ(Send("PATCH", "rows/opportunities/" + id + "?person=" + second, {{"name", "B"}}).status,
            204);
  EXPECT_EQ(org.Cell(id, "_modifiedby_value"), second);
  EXPECT_EQ(Send("POST", "rows/opportunities/" + id + "/assign", {{"owner", second}}).status, 204);
  EXPECT_EQ(org.Cell(id, "_ownerid_value"), second);
  EXPECT_EQ(Send("POST", "rows/opportunities/" + id + "/win", {{"actual_revenue", 7}}).status, 204);
  EXPECT_EQ(org.Cell(id, "actualvalue"), "7.0000");
  EXPECT_EQ(Send("POST", "rows/opportunities/" + id + "/reopen", {{"status", 2}}).status, 204);
  EXPECT_EQ(org.Cell(id, "statuscode"), "2");
  EXPECT_EQ(Send("POST", "rows/opportunities/" + id + "/lose", Json::object()).status, 204);
  EXPECT_EQ(org.Cell(id, "statuscode"), "4");
  EXPECT_EQ(Send("GET", "rows/opportunities/" + id).json()["name"], "B");
  EXPECT_EQ(Send("DELETE", "rows/opportunities/" + id).status, 204);
  EXPECT_EQ(Send("GET", "rows/opportunities").json()["value"].size(), 0u);
}

TEST_F(DataverseControlTest, RefusalsCarryTheServicesStatus) {
  EXPECT_EQ(
      Send("PATCH", std::string("rows/opportunities/") + Organization::kUnknownId, {{"name", "B"}})
          .status,
      404);
  EXPECT_EQ(Send("POST", "rows/opportunities", {{"nosuch", 1}}).status, 400);
  EXPECT_EQ(Send("POST", "rows/nosuch", Json::object()).status, 404);
  EXPECT_EQ(Send("GET", "nosuch").status, 404);
}

TEST_F(DataverseControlTest, SwitchesAreReadAndSet) {
  EXPECT_EQ(Send("PATCH", "switches", {{"alternate_key", true}, {"push_delay_ms", 500}})
                .json()["alternate_key"],
            true);
  EXPECT_EQ(org.world.switches().push_delay, std::chrono::milliseconds(500));
  EXPECT_EQ(Send("PATCH", "switches", {{"alternate_key", false}, {"nosuch", true}}).status, 400);
  EXPECT_EQ(Send("PATCH", "switches", {{"alternate_key", "no"}}).status, 400);
  EXPECT_TRUE(org.world.switches().alternate_key);
}

TEST_F(DataverseControlTest, FaultsJournalCountersAndPeople) {
  EXPECT_EQ(Send("POST", "faults", {{"status", 503}, {"count", 2}, {"method", "GET"}}).status, 204);
  EXPECT_EQ(org.Get("accounts").status, 503);
  EXPECT_EQ(Send("DELETE", "faults").status, 204);
  EXPECT_EQ(org.Get("accounts").status, 200);
  org.Make("accounts", {{"name", "Fabrikam"}});
  Deal();
  EXPECT_EQ(Send("GET", "journal").json()["value"].size(), 2u);
  EXPECT_EQ(Send("GET", "journal?api=true").json()["value"][0]["table"], "account");
  EXPECT_EQ(Send("GET", "counters").json()["reads"], 2);
  EXPECT_EQ(Send("GET", "people").json()["value"][0]["name"], "Avery Example");
  EXPECT_EQ(Send("POST", "expire-change-tracking").status, 204);
  EXPECT_EQ(Send("POST", "subscriptions", {{"url", "https://hooks.contoso.example"}}).status, 204);
  EXPECT_EQ(Send("POST", "subscriptions", {{"key", "x"}}).status, 400);
}

}  // namespace
}  // namespace cosell::sandbox
