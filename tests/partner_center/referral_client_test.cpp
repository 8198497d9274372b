#include <gtest/gtest.h>

#include "partner_center/partner_center_client.h"
#include "tests/partner_center/scripted_api.h"

namespace cosell {
namespace {

constexpr const char* kId = "7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10";
constexpr const char* kEngagement = "c2a9c6b4-50f5-4a0a-8a53-2f6b2c7d9e01";
constexpr const char* kOldTag = "\"3f00a1b2-0000-0800-0000-66432f5b0000\"";
constexpr const char* kList = "https://api.partner.microsoft.com/v1.0/engagements/referrals";
const CorrelationId kCorrelation{"11111111-2222-4333-8444-555555555555"};

std::string Referral(const std::string& tag = "new", const std::string& id = kId) {
  return R"({"id":")" + id + R"(","engagementId":")" + kEngagement +
         R"(","updatedDateTime":"2024-05-14T09:31:07.4412309Z","eTag":"\")" + tag + R"(\""})";
}
std::string ReferralWithoutTag() {
  return std::string(R"({"id":")") + kId + R"(","updatedDateTime":"2024-05-14T09:31:07Z"})";
}
std::string Page(const std::string& items, const std::string& next = {}) {
  return R"({"value":[)" + items + "]" +
         (next.empty() ? "}" : R"(,"@odata.nextLink":")" + next + R"("})");
}

class ReferralClientTest : public testing::Test {
 protected:
  Result<RemoteReferral> PatchIt() {
    return client->Patch({kId}, kOldTag,
                         R"([{"op":"replace","path":"/details/notes","value":"x"}])", kCorrelation);
  }
  Error CreateRefusedWith(int status, const std::string& body) {
    api.Answer(status, body);
    return client->Create("{}", kCorrelation).error();
  }

  test::ScriptedApi api;
  std::unique_ptr<PartnerCenter> client =
      MakePartnerCenterClient(api, "https://api.partner.microsoft.com/");
};

TEST_F(ReferralClientTest, HeadersOfEveryCall) {
  api.Answer(200, Referral());
  ASSERT_TRUE(client->Get({kId}));
  EXPECT_EQ(api.last().method, "GET");
  EXPECT_EQ(api.last().url, std::string(kList) + "/" + kId);
  EXPECT_EQ(api.Sent("Accept"), "application/json");
  EXPECT_EQ(api.Sent("Content-Type"), "application/json");
  EXPECT_EQ(api.Sent("X-Caller-Id").size(), 36u);
  EXPECT_EQ(api.calls.back().repeat, net::Repeat::safe);
}

TEST_F(ReferralClientTest, ListOfEverything) {
  api.Answer(200, Page(""));
  const auto page = client->List(std::nullopt, "");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->referrals.empty());
  EXPECT_EQ(page->next, "");
  EXPECT_EQ(api.last().url, std::string(kList) + "?$orderby=updatedDateTime%20asc");
}

TEST_F(ReferralClientTest, ListSinceAnInstantWithItsWholePrecision) {
  api.Answer(200, Page(Referral()));
  const auto page = client->List(ParseInstant("2024-05-14T09:31:07.4412309Z"), "");
  ASSERT_TRUE(page);
  EXPECT_EQ(api.last().url, std::string(kList) +
                                "?$filter=updatedDateTime%20ge%202024-05-14T09%3A31%3A07.4412309Z"
                                "&$orderby=updatedDateTime%20asc");
  ASSERT_EQ(page->referrals.size(), 1u);
  EXPECT_EQ(page->referrals[0].clock_offset, std::chrono::milliseconds{250});
}

TEST_F(ReferralClientTest, NextPageIsAskedAtTheConfiguredUrl) {
  api.Answer(200,
             Page(Referral(), "http://api.partner.microsoft.com/v1.0/referrals?$skiptoken=a%2Bb"));
  const auto first = client->List(std::nullopt, "");
  ASSERT_TRUE(first);
  api.Answer(200, Page(Referral()));
  const auto second = client->List(std::nullopt, first->next);
  ASSERT_TRUE(second);
  EXPECT_EQ(api.last().url, std::string(kList) + "?$skiptoken=a%2Bb");
  EXPECT_EQ(second->next, "");
}

TEST_F(ReferralClientTest, NextPageAtAForeignHost) {
  api.Answer(200, Page(Referral(), "https://evil.example/v1.0/engagements/referrals?a=b"));
  const auto page = client->List(std::nullopt, "");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::invalid_response);
}

TEST_F(ReferralClientTest, NextPageThatIsTheSamePage) {
  api.Answer(200, Page(Referral(), "?$skiptoken=again"));
  const auto page = client->List(std::nullopt, "$skiptoken=again");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::invalid_response);
}

TEST_F(ReferralClientTest, ExpiredPageToken) {
  for (const int status : {400, 410}) {
    api.Answer(status, R"({"error":{"code":"invalidRequest","message":"The token has expired."}})");
    EXPECT_EQ(client->List(std::nullopt, "$skiptoken=old").error().kind, ErrorKind::cursor_expired);
  }
  api.Answer(400, "");
  EXPECT_EQ(client->List(std::nullopt, "").error().kind, ErrorKind::refused);
}

TEST_F(ReferralClientTest, OneBadReferralDelaysNoOther) {
  api.Answer(200, Page(R"({"id":"broken"},)" + Referral()));
  EXPECT_EQ(client->List(std::nullopt, "")->referrals.size(), 1u);
  api.Answer(200, Page(R"({"id":"broken"})"));
  EXPECT_TRUE(client->List(Instant{}, "")->referrals.empty());
}

TEST_F(ReferralClientTest, FullListWithoutAnyUsableReferral) {
  api.Answer(200, Page(R"({"referralId":"x"},{"referralId":"y"})"));
  EXPECT_EQ(client->List(std::nullopt, "").error().kind, ErrorKind::invalid_response);
}

TEST_F(ReferralClientTest, HtmlInPlaceOfJson) {
  api.Answer(200, "<html>Sign in</html>");
  EXPECT_EQ(client->List(std::nullopt, "").error().kind, ErrorKind::invalid_response);
  api.Answer(200, "<html>Sign in</html>");
  EXPECT_EQ(client->Get({kId}).error().kind, ErrorKind::invalid_response);
  api.Answer(500, "<html>Oops</html>");
  EXPECT_EQ(client->Get({kId}).error().kind, ErrorKind::unavailable);
}

TEST_F(ReferralClientTest, EntityTagOfTheHeaderWhereTheBodyLacksIt) {
  api.Answer(200, ReferralWithoutTag(), {{"etag", "\"from-header\""}});
  EXPECT_EQ(client->Get({kId})->etag, "\"from-header\"");
  api.Answer(200, ReferralWithoutTag());
  EXPECT_EQ(client->Get({kId}).error().kind, ErrorKind::invalid_response);
}

TEST_F(ReferralClientTest, EngagementOverSeveralPages) {
  api.Answer(200, Page(Referral("a"), "?$skiptoken=2"));
  api.Answer(200, Page(Referral("b", "b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42")));
  const auto all = client->ListEngagement({"C2A9C6B4-50F5-4A0A-8A53-2F6B2C7D9E01"});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 2u);
  EXPECT_EQ(api.calls[0].request.url,
            std::string(kList) + "?$filter=engagementId%20eq%20%27" + kEngagement + "%27");
  EXPECT_EQ(api.calls[1].request.url, std::string(kList) + "?$skiptoken=2");
}

TEST_F(ReferralClientTest, EngagementThatCannotBeReadCompletely) {
  api.Answer(200, Page(R"({"organizationId":"msft"},)" + Referral()));
  EXPECT_EQ(client->ListEngagement({kEngagement}).error().kind, ErrorKind::invalid_response);
  EXPECT_EQ(client->ListEngagement({"' or 1 eq 1"}).error().kind, ErrorKind::invalid_input);
}

TEST_F(ReferralClientTest, EngagementWithoutEndIsGivenUp) {
  for (int page = 0; page < 20; ++page) {
    api.Answer(200, Page(Referral(), "?$skiptoken=" + std::to_string(page)));
  }
  EXPECT_EQ(client->ListEngagement({kEngagement}).error().kind, ErrorKind::invalid_response);
  EXPECT_EQ(api.calls.size(), 20u);
}

TEST_F(ReferralClientTest, CreateAnsweredWith200Or201) {
  for (const int status : {200, 201}) {
    api.Answer(status, Referral());
    const auto created = client->Create(R"({"name":"Harbour"})", kCorrelation);
    ASSERT_TRUE(created);
    EXPECT_EQ(created->id.text, kId);
    EXPECT_EQ(api.last().method, "POST");
    EXPECT_EQ(api.last().url, kList);
    EXPECT_EQ(api.last().body, R"({"name":"Harbour"})");
    EXPECT_EQ(api.calls.back().repeat, net::Repeat::never);
    EXPECT_EQ(api.calls.back().correlation, kCorrelation);
  }
}

TEST_F(ReferralClientTest, CreateWhoseAnswerLacksTheEntityTagIsReadBack) {
  api.Answer(201, ReferralWithoutTag());
  api.Answer(200, Referral());
  const auto created = client->Create("{}", kCorrelation);
  ASSERT_TRUE(created);
  EXPECT_EQ(created->etag, "\"new\"");
  EXPECT_EQ(api.last().method, "GET");
}

TEST_F(ReferralClientTest, CreateThatHappenedButCannotBeReadIsOfUnknownOutcome) {
  api.Answer(201, "");
  EXPECT_EQ(client->Create("{}", kCorrelation).error().kind, ErrorKind::unknown_outcome);
  api.Answer(201, ReferralWithoutTag());
  api.Answer(404, "");
  EXPECT_EQ(client->Create("{}", kCorrelation).error().kind, ErrorKind::unknown_outcome);
  api.Answer(302, "");
  EXPECT_EQ(client->Create("{}", kCorrelation).error().kind, ErrorKind::unknown_outcome);
  api.Answer(500, "");
  EXPECT_EQ(client->Create("{}", kCorrelation).error().kind, ErrorKind::unknown_outcome);
}

TEST_F(ReferralClientTest, PatchWithItsPrecondition) {
  api.Answer(200, Referral());
  const auto patched = PatchIt();
  ASSERT_TRUE(patched);
  EXPECT_EQ(patched->etag, "\"new\"");
  EXPECT_EQ(api.last().method, "PATCH");
  EXPECT_EQ(api.last().url, std::string(kList) + "/" + kId);
  EXPECT_EQ(api.Sent("If-Match"), kOldTag);
  EXPECT_EQ(api.Sent("Prefer"), "return=representation");
  EXPECT_EQ(api.Sent("Content-Type"), "application/json");
  EXPECT_EQ(api.calls.back().repeat, net::Repeat::never);
  EXPECT_EQ(api.calls.size(), 1u);
}

TEST_F(ReferralClientTest, PatchWithoutAnAnswerBodyIsReadBack) {
  api.Answer(204);
  api.Answer(200, Referral());
  const auto patched = PatchIt();
  ASSERT_TRUE(patched);
  EXPECT_EQ(patched->etag, "\"new\"");
}

TEST_F(ReferralClientTest, PatchAnsweredWithAnotherReferralIsReadBack) {
  api.Answer(200, Referral("x", "b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42"));
  api.Answer(200, Referral());
  EXPECT_EQ(PatchIt()->id.text, kId);
}

TEST_F(ReferralClientTest, PatchThatHappenedButCannotBeReadIsOfUnknownOutcome) {
  api.Answer(204);
  api.Fail(ErrorKind::unavailable);
  EXPECT_EQ(PatchIt().error().kind, ErrorKind::unknown_outcome);
  // The version before the change is still served.
  api.Answer(204);
  api.Answer(200, Referral("3f00a1b2-0000-0800-0000-66432f5b0000"));
  EXPECT_EQ(PatchIt().error().kind, ErrorKind::unknown_outcome);
}

TEST_F(ReferralClientTest, PatchOfAStaleVersion) {
  api.Answer(
      412, R"({"error":{"code":"preconditionFailed","message":"The supplied etag is not current.",)"
           R"("innerError":{"code":"resourceModified"}}})");
  const Error error = PatchIt().error();
  EXPECT_EQ(error.kind, ErrorKind::stale_version);
  EXPECT_EQ(error.code, "resourceModified");
  EXPECT_EQ(error.http_status, 412);
  EXPECT_EQ(error.correlation_id, "0f3b1f8e-5a52-4f0b-8f7e-1b2c3d4e5f60");
  EXPECT_NE(error.message.find("The supplied etag is not current."), std::string::npos);
}

TEST_F(ReferralClientTest, PatchWithoutAnEntityTagIsNeverSent) {
  EXPECT_EQ(client->Patch({kId}, "", "[]", kCorrelation).error().kind, ErrorKind::invalid_input);
  EXPECT_TRUE(api.calls.empty());
}

TEST_F(ReferralClientTest, NetworkErrorsPassUnchanged) {
  for (const auto kind : {ErrorKind::unreachable, ErrorKind::unknown_outcome, ErrorKind::throttled,
                          ErrorKind::unauthorized}) {
    api.Fail(kind);
    EXPECT_EQ(PatchIt().error().kind, kind);
    api.Fail(kind);
    EXPECT_EQ(client->Create("{}", kCorrelation).error().kind, kind);
    api.Fail(kind);
    EXPECT_EQ(client->List(std::nullopt, "").error().kind, kind);
  }
}

TEST_F(ReferralClientTest, StatusDecidesTheKindOfError) {
  const std::pair<int, ErrorKind> kRows[] = {
      {400, ErrorKind::refused},       {401, ErrorKind::unauthorized},
      {403, ErrorKind::forbidden},     {404, ErrorKind::not_found},
      {405, ErrorKind::refused},       {409, ErrorKind::refused},
      {412, ErrorKind::stale_version}, {415, ErrorKind::refused},
      {422, ErrorKind::refused},       {423, ErrorKind::unavailable},
      {429, ErrorKind::throttled},     {507, ErrorKind::unknown_outcome},
  };
  for (const auto& [status, kind] : kRows) {
    EXPECT_EQ(CreateRefusedWith(status, "<html>no</html>").kind, kind) << status;
    EXPECT_EQ(CreateRefusedWith(status, R"({"statusCode":0,"message":"no"})").kind, kind) << status;
  }
}

TEST_F(ReferralClientTest, TheRemotesCodeRefinesAVagueStatus) {
  EXPECT_EQ(CreateRefusedWith(409, R"({"error":{"code":"ResourceModified","message":"m"}})").kind,
            ErrorKind::stale_version);
  const Error error = CreateRefusedWith(
      400,
      R"({"error":{"code":"generalException","message":"m","innererror":{"code":"AccessDenied"}}})");
  EXPECT_EQ(error.kind, ErrorKind::forbidden);
  EXPECT_NE(error.message.find("Referrals admin"), std::string::npos);
}

TEST_F(ReferralClientTest, RemoteMessageIsCutAndStaysOnOneLine) {
  const std::string longer(1000, 'x');
  const Error error =
      CreateRefusedWith(400, R"({"error":{"code":"invalidRequest","message":"line one\nline two )" +
                                 longer + R"("}})");
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
  EXPECT_NE(error.message.find("line one line two"), std::string::npos);
  EXPECT_LT(error.message.size(), 400u);
}

TEST_F(ReferralClientTest, NothingOfTheRequestIsQuoted) {
  api.Answer(400, "");
  const Error error =
      client
          ->Create(R"({"customerProfile":{"team":[{"email":"someone@contoso.example"}]}})",
                   kCorrelation)
          .error();
  EXPECT_EQ(error.message.find("contoso"), std::string::npos);
}

}  // namespace
}  // namespace cosell
