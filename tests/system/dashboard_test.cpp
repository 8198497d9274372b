// The dashboard of a running daemon, and what it reads, over TLS and with tokens.

#include <filesystem>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

constexpr char kViewer[] = "viewer-token-of-the-system-tests";
constexpr char kOperator[] = "operator-token-of-the-system-tests";

class DashboardTest : public testing::Test {
 protected:
  DashboardTest()
      : here_({{"--empty"}, [](Json& configuration) {
                 configuration["server"]["tokens_file"] = "tokens.json";
                 configuration["report"] = {{"folder", "reports"}, {"formats", {"json", "xlsx"}}};
                 configuration["connections"][0]["conflicts"] = {{"deal_value", "ask"}};
               }}) {
    here_.remote().Switch({{"microsoft_decision", "none"}});
    WriteText(here_.File("tokens.json"),
              Json::array({{{"name", "eyes"}, {"role", "viewer"}, {"token", kViewer}},
                           {{"name", "hands"}, {"role", "operator"}, {"token", kOperator}}})
                  .dump());
  }
  net::HttpResponse Ask(const std::string& path, const std::string& token,
                        const std::string& method = "GET", const std::string& body = "") {
    net::HttpRequest request{method, here_.remote().service_url() + path, {}, body};
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    const auto answer = here_.remote().transport().Send(request);
    if (!answer) ADD_FAILURE() << path << ": " << answer.error().message;
    return answer ? *answer : net::HttpResponse{};
  }
  Json Read(const std::string& path, const std::string& token = kViewer) {
    const auto answer = Ask("/api/v1" + path, token);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return Json::parse(answer.body, nullptr, false);
  }
  testing::AssertionResult IsInSync(const std::string& id) {
    return WaitUntil([&] { return here_.database().LinkState(id) == "in_sync"; }, "in step");
  }

  Installation here_;
};

TEST_F(DashboardTest, ShowsLinksTheirStoryAndTheReportToWhoHasAToken) {
  const std::string hostile = "<script>alert(1)</script> & \"rollout\"";
  here_.StartDaemon();
  const std::string referral = here_.remote().MicrosoftSends(hostile);
  ASSERT_TRUE(IsInSync(referral));

  EXPECT_EQ(Ask("/", "").status, 200);
  EXPECT_EQ(Ask("/dashboard/main.js", "").status, 200);
  for (const char* path : {"/role", "/links", "/report", "/connections/contoso/links/1"})
    EXPECT_EQ(Ask("/api/v1" + std::string(path), "").status, 401) << path;

  EXPECT_EQ(Read("/role")["role"], "viewer");
  EXPECT_EQ(Read("/role", kOperator)["role"], "operator");
  const Json found = Read("/links?q=alert&state=in_sync")["links"];
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["name"], hostile);
  EXPECT_EQ(found[0]["referral_id"], referral);
  const std::string link = "/connections/contoso/links/" + referral;
  EXPECT_EQ(Read(link)["link"], found[0]["link"]);
  EXPECT_EQ(Read(link).dump().find('@'), std::string::npos) << "a viewer does not see people";
  EXPECT_NE(Read(link, kOperator).dump().find('@'), std::string::npos);
  EXPECT_FALSE(Read(link + "/timeline")["audit"].empty());
  EXPECT_EQ(Read("/report")["pipeline"][0]["value"], "84500");
  const auto page = Ask("/api/v1/report?format=html&from=2020-01-01", kViewer);
  EXPECT_TRUE(page.body.starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(page.body.find("<script"), std::string::npos);

  EXPECT_EQ(Ask("/api/v1/connections/tailspin/links/1", kViewer).status, 404);
  EXPECT_EQ(Ask("/api/v1/connections/contoso/links/4711", kViewer).status, 404);
  EXPECT_EQ(Ask("/api/v1/report?connection=tailspin", kViewer).status, 404);
  EXPECT_EQ(Ask("/api/v1/report?from=yesterday", kViewer).status, 400);
  EXPECT_EQ(Ask("/api/v1/links?limit=0", kViewer).status, 400);
  EXPECT_EQ(Ask("/api/v1/connections/contoso/conflicts/resolve", kViewer, "POST", "{}").status,
            403);
}

TEST_F(DashboardTest, ADailyReportLiesInItsFolderSoonAfterTheStart) {
  here_.StartDaemon();
  const auto written = [&] {
    std::size_t files = 0;
    std::error_code none;
    for (const auto& file : std::filesystem::directory_iterator(here_.File("reports"), none))
      files += file.path().extension() == ".json" || file.path().extension() == ".xlsx" ? 1 : 0;
    return files == 2;
  };
  EXPECT_TRUE(WaitUntil(written, "a report of yesterday in both formats"));
}

}  // namespace
}  // namespace cosell::system_test
