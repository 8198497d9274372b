#include "partner_center/referral_json.h"

#include <gtest/gtest.h>

#include "partner_center/next_link.h"

namespace cosell {
namespace {

constexpr std::string_view kHarbour =
    R"({ "id": "7F1C2C50-3B1E-4A57-9A1F-0D8F6B6F2F10", "engagementId": "C2A9C6B4-50F5-4A0A-8A53-2F6B2C7D9E01",)"
    R"( "organizationId": "MSFT", "name": "Harbour telemetry \"rollout\" \u00e9{[", "externalReferenceId": "opp-000187",)"
    R"( "details": {"dealValue": 84000.50}, "updatedDateTime": "2024-05-14T09:31:07.4412309Z",)"
    R"( "eTag": "\"3f00a1b2-0000-0800-0000-66432f5b0000\"" })";
constexpr std::string_view kCrane =
    R"({"id":"b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42","externalReferenceId":null,"updatedDateTime":"2024-05-14T10:05:12Z"})";

std::string PageOf(std::string_view items) {
  return R"({"@odata.context":"x","@odata.count":2,"value":[)" + std::string(items) +
         R"(],"@odata.nextLink":"?$skiptoken=opaque-0001"})";
}

TEST(ReferralJsonTest, MembersTheEngineLooksAt) {
  const auto parsed = ParseReferral(kHarbour);
  ASSERT_TRUE(parsed);
  const RemoteReferral& referral = parsed->referral;
  EXPECT_EQ(referral.id.text, "7f1c2c50-3b1e-4a57-9a1f-0d8f6b6f2f10");
  EXPECT_EQ(referral.engagement_id.text, "c2a9c6b4-50f5-4a0a-8a53-2f6b2c7d9e01");
  EXPECT_EQ(referral.organization_id, "msft");
  EXPECT_EQ(referral.external_reference_id, "opp-000187");
  EXPECT_EQ(referral.etag, "\"3f00a1b2-0000-0800-0000-66432f5b0000\"");
  EXPECT_EQ(FormatInstant(referral.updated_at), "2024-05-14T09:31:07.4412309Z");
  EXPECT_EQ(referral.raw, kHarbour);
}

TEST(ReferralJsonTest, MemberNamesInAnotherCase) {
  const auto parsed = ParseReferral(
      R"({"ID":"b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42","ETag":"\"1\"","UpdatedDateTime":"2024-05-14T10:05:12Z",)"
      R"("ExternalReferenceId":"opp-1","OrganizationID":"msft"})");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->dated);
  EXPECT_EQ(parsed->referral.etag, "\"1\"");
  EXPECT_EQ(parsed->referral.external_reference_id, "opp-1");
  EXPECT_EQ(parsed->referral.organization_id, "msft");
}

TEST(ReferralJsonTest, ExactNameBeforeAnotherCase) {
  const auto parsed = ParseReferral(
      R"({"Id":"00000000-0000-4000-8000-000000000001","id":"b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42"})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->referral.id.text, "b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42");
}

TEST(ReferralJsonTest, EntityTagThatWouldBreakAHeaderIsLeftOut) {
  const auto parsed =
      ParseReferral(R"({"id":"b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42","eTag":"\"1\"\r\nX-Evil: 1"})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->referral.etag, "");
}

TEST(ReferralJsonTest, NotAReferral) {
  for (const std::string_view text :
       {"", "null", "[]", "<html></html>", "{", R"({"id":"opp-1"})", R"({"id":17})",
        R"({"id":"b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42"} trailing)"}) {
    EXPECT_FALSE(ParseReferral(text)) << text;
  }
}

TEST(ReferralPageTest, ItemsKeepTheirOwnBytes) {
  const auto page = ParsePage(PageOf(std::string(kHarbour) + " ,\n " + std::string(kCrane) + " "));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->referrals.size(), 2u);
  EXPECT_EQ(page->referrals[0].raw, kHarbour);
  EXPECT_EQ(page->referrals[1].raw, kCrane);
  EXPECT_EQ(page->referrals[1].external_reference_id, "");
  EXPECT_EQ(page->next_link, "?$skiptoken=opaque-0001");
  EXPECT_EQ(page->unusable, 0u);
}

TEST(ReferralPageTest, NextLinkBeforeTheItemsOrNull) {
  const auto before = ParsePage(R"({"@odata.nextLink":"?a=b","value":[]})");
  ASSERT_TRUE(before);
  EXPECT_EQ(before->next_link, "?a=b");
  const auto null = ParsePage(R"({"value":[],"@odata.nextLink":null})");
  ASSERT_TRUE(null);
  EXPECT_EQ(null->next_link, "");
}

TEST(ReferralPageTest, BadItemsAmongGoodOnes) {
  const auto page = ParsePage(PageOf(
      R"(null, 17, "text", [1,2], {}, {"id":"opp-1","updatedDateTime":"2024-05-14T10:05:12Z"},)"
      R"({"id":"00000000-0000-4000-8000-000000000001"},)"
      R"({"id":"00000000-0000-4000-8000-000000000001","updatedDateTime":"yesterday"},)"
      R"({"id":"00000000-0000-4000-8000-000000000001","updatedDateTime":tru},)" +
      std::string(kCrane)));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->referrals.size(), 1u);
  EXPECT_EQ(page->referrals[0].id.text, "b8f6d2f3-0c6e-4f8e-9d5c-7e0a1c2b3d42");
  EXPECT_EQ(page->unusable, 9u);
}

TEST(ReferralPageTest, CutAnywhereIsNeverAShortPage) {
  const std::string whole = PageOf(std::string(kHarbour) + "," + std::string(kCrane));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto page = ParsePage(std::string_view(whole).substr(0, length));
    ASSERT_FALSE(page) << "cut after " << length << " bytes";
    EXPECT_EQ(page.error().kind, ErrorKind::invalid_response);
  }
}

TEST(ReferralPageTest, NotAPage) {
  for (const std::string_view text :
       {"", "[]", "<html></html>", "{}", R"({"value":{}})", R"({"value":null})",
        R"({"value":[]} {"value":[]})", R"({"error":{"code":"generalException"}})"}) {
    EXPECT_FALSE(ParsePage(text)) << text;
  }
}

TEST(NextLinkTest, OnlyTheQueryIsKept) {
  const std::string base = "https://api.partner.microsoft.com/v1.0/engagements/referrals";
  for (const std::string_view link :
       {"https://api.partner.microsoft.com/v1.0/engagements/referrals?$skiptoken=a%2Bb%3D%3D",
        "http://api.partner.microsoft.com/v1.0/referrals?$skiptoken=a%2Bb%3D%3D",
        "https://API.PARTNER.microsoft.com:443/v1.0/referrals?$skiptoken=a%2Bb%3D%3D",
        "/v1.0/engagements/referrals?$skiptoken=a%2Bb%3D%3D", "referrals?$skiptoken=a%2Bb%3D%3D",
        "?$skiptoken=a%2Bb%3D%3D"}) {
    const auto query = NextQuery(link, base);
    ASSERT_TRUE(query) << link;
    EXPECT_EQ(*query, "$skiptoken=a%2Bb%3D%3D") << link;
  }
}

TEST(NextLinkTest, CharactersNoUrlMayHoldAreEscapedOnce) {
  const auto query = NextQuery("?$filter=updatedDateTime ge 2024&$skiptoken={\"t\":\"a%20b\"}#x\n",
                               "https://api.partner.microsoft.com");
  ASSERT_TRUE(query);
  EXPECT_EQ(*query,
            "$filter=updatedDateTime%20ge%202024&$skiptoken=%7B%22t%22:%22a%20b%22%7D%23x%0A");
}

TEST(NextLinkTest, AConfiguredHostWithAPort) {
  EXPECT_TRUE(NextQuery("http://127.0.0.1:9443/x?a=b", "https://127.0.0.1:9443/v1.0"));
  EXPECT_TRUE(NextQuery("http://[::1]:9443/x?a=b", "https://[::1]:9443/v1.0"));
  EXPECT_TRUE(
      NextQuery("https://api.partner.microsoft.com/x?a=b", "https://gateway.contoso.example"));
}

TEST(NextLinkTest, ForeignOrUselessLinks) {
  for (const std::string_view link :
       {"https://evil.example/v1.0/engagements/referrals?a=b", "//evil.example/x?a=b",
        "https://api.partner.microsoft.com@evil.example/x?a=b",
        "https://evil.example\\@api.partner.microsoft.com/x?a=b",
        "https://api.partner.microsoft.com.evil.example/x?a=b",
        "ftp://api.partner.microsoft.com/x?a=b", "javascript:x?a=b", "/v1.0/engagements/referrals",
        "https://api.partner.microsoft.com/v1.0/engagements/referrals?"}) {
    const auto query = NextQuery(link, "https://api.partner.microsoft.com");
    ASSERT_FALSE(query) << link;
    EXPECT_EQ(query.error().kind, ErrorKind::invalid_response);
  }
}

}  // namespace
}  // namespace cosell
