#include <gtest/gtest.h>

#include "sandbox_salesforce/instance.h"
#include "tools/sandbox/salesforce/gzip.h"

// The ground rules of the wire: versions, sign-in, media types, sizes, limits, faults.
namespace cosell::sandbox {
namespace {

class ServiceTest : public ::testing::Test {
 protected:
  Instance org;
};

TEST_F(ServiceTest, VersionsNeedNoTokenAndCountNothing) {
  const Reply reply = org.SendRaw("GET", "/services/data/", "", {});
  EXPECT_EQ(reply.status, 200);
  const Json last = reply.json().back();
  EXPECT_EQ(last,
            Json({{"label", "Summer '26"}, {"url", "/services/data/v67.0"}, {"version", "67.0"}}));
  EXPECT_EQ(reply.json()[2]["label"], "Spring '26");
  EXPECT_EQ(reply.json()[1]["label"], "Winter '26");
  EXPECT_EQ(reply.Header("Sforce-Limit-Info"), "");
  EXPECT_EQ(org.world.counters().calls, 0u);
}

TEST_F(ServiceTest, ResourcesAreListed) {
  const Json list = org.Get("").json();
  EXPECT_EQ(list["queryAll"], "/services/data/v67.0/queryAll");
  EXPECT_EQ(list["identity"],
            std::string(Instance::kOrigin) + "/id/00D5g000004TqAzEAK/" + Instance::kUser);
}

TEST_F(ServiceTest, VersionsComeAndGo) {
  EXPECT_EQ(org.Get("/services/data/v30.0/limits").status, 410);
  EXPECT_EQ(org.Get("/services/data/v31.0/limits").status, 200);
  EXPECT_EQ(org.Get("/services/data/v68.0/limits").Code(), "UNSUPPORTED_API_VERSION");
  EXPECT_EQ(org.Get("/services/data/67/limits").status, 404);
  EXPECT_EQ(org.Get("/services/data/v67.1/limits").status, 404);
}

TEST_F(ServiceTest, ATokenIsNeeded) {
  const std::string path = Instance::Below("limits");
  const Reply none = org.SendRaw("GET", path, "", {});
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.json(), Json::array({{{"message", "Session expired or invalid"},
                                       {"errorCode", "INVALID_SESSION_ID"}}}));
  EXPECT_EQ(org.SendRaw("GET", path, "", {{"Authorization", "Bearer bad"}}).status, 401);
  EXPECT_EQ(org.SendRaw("GET", path, "", {{"Authorization", "Basic x"}}).Code(),
            "INVALID_AUTH_HEADER");
  EXPECT_EQ(org.SendRaw("GET", path, "", {{"Authorization", "OAuth good"}}).status, 200);
}

TEST_F(ServiceTest, PathsForgiveATrailingSlashButNotCase) {
  EXPECT_EQ(org.Get("limits/").status, 200);
  EXPECT_EQ(org.Get("query/?q=SELECT+Id+FROM+account").status, 200);
  EXPECT_EQ(org.Get("sobjects/ACCOUNT/describe/").status, 200);
  EXPECT_EQ(org.Get("Limits").status, 404);
  EXPECT_EQ(org.Get("sobjects/Account/Describe").status, 404);
  EXPECT_EQ(org.Get("/services/elsewhere").status, 404);
  EXPECT_EQ(org.world.Handle({"GET", "https://other.example/services/data", {}, ""}).status, 404);
}

TEST_F(ServiceTest, MethodsAndMediaTypes) {
  const Reply put = org.Send("PUT", "sobjects/Account", "{}");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.Code(), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(put.Header("Allow"), "GET,HEAD,POST");
  const net::Headers xml = {{"Authorization", "Bearer good"}, {"Content-Type", "text/xml"}};
  EXPECT_EQ(org.SendRaw("POST", Instance::Below("sobjects/Account"), "<a/>", xml).status, 415);
  const Reply head = org.Send("HEAD", "limits");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.text, "");
  EXPECT_EQ(org.Get("recent").json(), Json::array());
  EXPECT_EQ(org.Get("search").status, 404);
}

TEST_F(ServiceTest, LongAddressesAreRefused) {
  EXPECT_EQ(org.Get("query?q=" + std::string(16'384, 'x')).status, 414);
  EXPECT_EQ(
      org.Get("query?q=" + std::string(16'000, 'x'), {{"X-Long", std::string(400, 'y')}}).status,
      431);
}

TEST_F(ServiceTest, TheLimitIsToldAndEnforced) {
  org.world.switches().api_limit = {10, 12};
  EXPECT_EQ(org.Get("limits").Header("Sforce-Limit-Info"),
            "api-usage=11/12; per-app-api-usage=17/250(appName=cosell-sync)");
  org.world.switches().limit_info_extra = false;
  const Reply last = org.Get("limits");
  EXPECT_EQ(last.Header("Sforce-Limit-Info"), "api-usage=12/12");
  EXPECT_EQ(last.json()["DailyApiRequests"], Json({{"Max", 12}, {"Remaining", 0}}));
  const Reply over = org.Get("limits");
  EXPECT_EQ(over.status, 403);
  EXPECT_EQ(over.Code(), "REQUEST_LIMIT_EXCEEDED");
  org.world.switches().api_limit = {0, 100};
  org.world.switches().request_limit_exceeded = true;
  EXPECT_EQ(org.Get("limits").status, 403);
}

TEST_F(ServiceTest, BodiesMayBeCompressedBothWays) {
  const std::string body = salesforce::Compress(R"({"Name":"Fabrikam"})");
  const Reply made = org.Send("POST", "sobjects/Account", body, {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(org.Send("POST", "sobjects/Account", "{}", {{"Content-Encoding", "gzip"}}).status, 400);
  org.world.switches().gzip = true;
  const Reply packed = org.Get("limits", {{"Accept-Encoding", "gzip, deflate"}});
  EXPECT_EQ(packed.Header("Content-Encoding"), "gzip");
  EXPECT_TRUE(salesforce::Decompress(packed.text)->starts_with("{\"DailyApiRequests\""));
  EXPECT_EQ(org.Get("limits").Header("Content-Encoding"), "");
}

TEST_F(ServiceTest, FaultsHitWhatTheyName) {
  SalesforceFault busy;
  busy.count = 2;
  busy.path_contains = "limits";
  org.world.Inject(busy);
  EXPECT_EQ(org.Get("recent").status, 200);
  EXPECT_EQ(org.Get("limits").Code(), "SERVER_UNAVAILABLE");
  EXPECT_EQ(org.Get("limits").status, 503);
  EXPECT_EQ(org.Get("limits").status, 200);
  SalesforceFault lost;
  lost.status = 500;
  lost.error_code = "UNKNOWN_EXCEPTION";
  lost.after_commit = true;
  org.world.Inject(lost);
  EXPECT_EQ(org.Post("sobjects/Account", {{"Name", "Fabrikam"}}).Code(), "UNKNOWN_EXCEPTION");
  EXPECT_EQ(org.world.Rows("Account").size(), 1u);
  SalesforceFault page;
  page.html = true;
  org.world.Inject(page);
  EXPECT_EQ(org.Get("limits").Header("Content-Type"), "text/html");
  SalesforceFault cut;
  cut.truncate_at = 7;
  org.world.Inject(cut);
  EXPECT_EQ(org.Get("limits").text, "{\"Daily");
  org.world.Inject({});
  org.world.ClearFaults();
  EXPECT_EQ(org.Get("limits").status, 200);
}

TEST_F(ServiceTest, CallsAreCountedByKind) {
  const std::string id = org.Deal("A");
  org.Patch(Instance::Path(id), {{"Name", nullptr}});
  org.Query("SELECT Id FROM Account");
  org.Post("composite/sobjects", {{"records", Json::array()}});
  const auto counters = org.world.counters();
  EXPECT_EQ(counters.calls, 4u);
  EXPECT_EQ(counters.refused, 1u);
  const std::map<std::string, std::uint64_t> kinds = {
      {"row_create", 1}, {"row_update", 1}, {"query", 1}, {"collection_create", 1}};
  EXPECT_EQ(counters.by_kind, kinds);
}

TEST_F(ServiceTest, NewerServersAddMembers) {
  org.world.switches().extra_result_members = true;
  EXPECT_EQ(org.Post("sobjects/Account", {{"Name", "A"}}).json()["warnings"], Json::array());
}

TEST_F(ServiceTest, TheSameSeedTellsTheSameStory) {
  Instance twin;
  EXPECT_EQ(org.Deal("A"), twin.Deal("A"));
  EXPECT_EQ(org.Query("SELECT Id, OwnerId FROM Opportunity").text,
            twin.Query("SELECT Id, OwnerId FROM Opportunity").text);
}

}  // namespace
}  // namespace cosell::sandbox
