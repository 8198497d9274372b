#include <gtest/gtest.h>

#include "net/api_client.h"
#include "net/base64.h"
#include "net/gzip.h"
#include "net/http.h"
#include "net/http_message.h"
#include "net/retry.h"
#include "net/url.h"

namespace cosell::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(UrlTest, TakesApartAndPutsTogether) {
  const auto url =
      ParseUrl("HTTPS://API.Partner.Microsoft.com/v1.0/engagements/referrals?$top=100&a=b%2Fc#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "api.partner.microsoft.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/v1.0/engagements/referrals");
  EXPECT_EQ(url->query, "$top=100&a=b%2Fc");
  EXPECT_EQ(Origin(*url), "https://api.partner.microsoft.com");
  EXPECT_EQ(ToString(*url),
            "https://api.partner.microsoft.com/v1.0/engagements/referrals?$top=100&a=b%2Fc");
}

TEST(UrlTest, PortsAndAddresses) {
  EXPECT_EQ(ParseUrl("http://localhost:8080")->port, 8080);
  EXPECT_EQ(ParseUrl("http://localhost")->path, "/");
  EXPECT_EQ(Target(*ParseUrl("http://localhost?x=1")), "/?x=1");
  const auto v6 = ParseUrl("https://[::1]:8443/x");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(Authority(*v6), "[::1]:8443");
  EXPECT_EQ(HostAndPort(*ParseUrl("https://crm.contoso.example/")), "crm.contoso.example:443");
}

TEST(UrlTest, RefusesWhatIsNoAbsoluteHttpUrl) {
  for (const char* const text :
       {"", "/relative", "ftp://x/", "https://", "https:///path", "https://host:0/",
        "https://host:65536/", "https://host:12x/", "https://[::1/", "https://[::1]8443/",
        "https://host/a b", "https://host/\r\nX: y", "https://h\xc3\xb6st/",
        "https://host\\evil/"}) {
    EXPECT_FALSE(ParseUrl(text)) << text;
  }
}

TEST(UrlTest, SameOriginNeedsSchemeHostAndPort) {
  const char* const base = "https://api.partner.microsoft.com";
  EXPECT_TRUE(SameOrigin(base, "https://API.partner.microsoft.com:443/v1.0/x?y"));
  EXPECT_FALSE(SameOrigin(base, "http://api.partner.microsoft.com/"));
  EXPECT_FALSE(SameOrigin(base, "https://api.partner.microsoft.com:8443/"));
  EXPECT_FALSE(SameOrigin(base, "https://api.partner.microsoft.com.tailspin.example/"));
  EXPECT_FALSE(SameOrigin(base, "https://api.partner.microsoft.com@tailspin.example/"));
  EXPECT_FALSE(SameOrigin("", ""));
}

TEST(UrlTest, BuildsWithOneSlashAndEncodedParameters) {
  EXPECT_EQ(BuildUrl("https://crm.contoso.example/", "/api", {{"$filter", "name eq 'A&B'"}}),
            "https://crm.contoso.example/api?%24filter=name%20eq%20%27A%26B%27");
  EXPECT_EQ(BuildUrl("https://crm.contoso.example", "/api"), "https://crm.contoso.example/api");
}

TEST(UrlTest, DecodesPairsAndLeavesTheRest) {
  EXPECT_EQ(UrlDecode("p%40ss%2Fw%c3%b6rd"), "p@ss/w\xc3\xb6rd");
  EXPECT_EQ(UrlDecode("100%"), "100%");
  EXPECT_EQ(UrlDecode("%4"), "%4");
  EXPECT_EQ(UrlDecode("%zz%41"), "%zzA");
}

TEST(HttpTest, HeaderNamesIgnoreCase) {
  const Headers headers{{"Content-Type", "application/json"}, {"ETag", "\"1\""}, {"etag", "\"2\""}};
  EXPECT_EQ(FindHeader(headers, "ETAG"), "\"1\"");
  EXPECT_FALSE(FindHeader(headers, "Date"));
}

TEST(HttpMessageTest, OwnHeadersTakeTheDefaultsPlace) {
  const HttpRequest request{
      "PATCH", "https://crm.contoso.example/x", {{"accept-encoding", "identity"}}, "{}"};
  const std::string head = WriteHead(request, *ParseUrl(request.url), std::nullopt);
  EXPECT_TRUE(head.starts_with("PATCH /x HTTP/1.1\r\nHost: crm.contoso.example\r\n")) << head;
  EXPECT_EQ(head.find("gzip"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 2\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(HttpMessageTest, EmptyPostNamesItsLength) {
  const HttpRequest request{"POST", "https://crm.contoso.example/x", {}, ""};
  EXPECT_NE(WriteHead(request, *ParseUrl(request.url), std::nullopt).find("Content-Length: 0\r\n"),
            std::string::npos);
}

TEST(HttpMessageTest, ChunkedWinsOverALengthBesideIt) {
  const auto head =
      ParseHead("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(FindBodyFrame("GET", *head).kind, BodyKind::chunked);
  EXPECT_EQ(FindBodyFrame("HEAD", *head).kind, BodyKind::none);
}

TEST(HttpMessageTest, KeepsAliveByVersionAndHeader) {
  EXPECT_TRUE(ParseHead("HTTP/1.1 200 OK\r\n\r\n")->keeps_alive);
  EXPECT_FALSE(ParseHead("HTTP/1.0 200 OK\r\n\r\n")->keeps_alive);
  EXPECT_FALSE(ParseHead("HTTP/1.1 200 OK\r\nconnection: x, Close\r\n\r\n")->keeps_alive);
  EXPECT_TRUE(ParseHead("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n")->keeps_alive);
}

TEST(Base64Test, UrlFormHasNoPaddingAndNoSlash) {
  EXPECT_EQ(Base64("\xfb\xff\xfe!"), "+//+IQ==");
  EXPECT_EQ(Base64Url("\xfb\xff\xfe!"), "-__-IQ");
  EXPECT_EQ(Base64Url(""), "");
}

TEST(GunzipTest, RefusesWhatIsNoGzip) {
  std::string out;
  EXPECT_EQ(Gunzip("plain text", 100, out), GunzipResult::broken);
  EXPECT_EQ(Gunzip("", 100, out), GunzipResult::broken);
}

const Instant kNow = *ParseInstant("2026-03-01T09:00:00Z");

HttpResponse Busy(int status, Headers headers, std::string body = {}) {
  return {status, std::move(headers), std::move(body)};
}

TEST(RetryTest, WaitInSeconds) {
  EXPECT_EQ(RequestedWait(Busy(429, {{"Retry-After", "37"}}), kNow), seconds{37});
  EXPECT_EQ(RequestedWait(Busy(503, {{"retry-after", " 0 "}}), kNow), seconds{0});
  EXPECT_EQ(RequestedWait(Busy(429, {{"Retry-After", "99999999"}}), kNow), std::chrono::hours{24});
}

TEST(RetryTest, WaitUntilADateCountsFromTheServersOwnDate) {
  // Our clock is an hour off; the server asks for 30 seconds.
  const HttpResponse response = Busy(503, {{"Date", "Sun, 01 Mar 2026 10:00:00 GMT"},
                                           {"Retry-After", "Sun, 01 Mar 2026 10:00:30 GMT"}});
  EXPECT_EQ(RequestedWait(response, kNow), seconds{30});
}

TEST(RetryTest, WaitUntilADateWithoutServerDateCountsFromOurs) {
  EXPECT_EQ(RequestedWait(Busy(503, {{"Retry-After", "Sun, 01 Mar 2026 09:00:10 GMT"}}), kNow),
            seconds{10});
  EXPECT_EQ(RequestedWait(Busy(503, {{"Retry-After", "Sun, 01 Mar 2026 08:00:00 GMT"}}), kNow),
            seconds{0});
}

TEST(RetryTest, GatewayNamesTheWaitInItsBody) {
  const char* const body =
      R"({"statusCode":429,"message":"Rate limit is exceeded. Try again in 30 seconds."})";
  EXPECT_EQ(RequestedWait(Busy(429, {}, body), kNow), seconds{30});
  EXPECT_FALSE(RequestedWait(Busy(500, {}, body), kNow));
  EXPECT_FALSE(RequestedWait(Busy(429, {}, R"({"statusCode":429,"message":"Slow down."})"), kNow));
  EXPECT_FALSE(RequestedWait(Busy(429, {{"Retry-After", "soon"}}), kNow));
}

TEST(RetryTest, BackOffDoublesAndIsJittered) {
  const RetryPolicy policy;
  SeededRandom random(7);
  for (int repeat = 1; repeat <= 40; ++repeat) {
    const auto doubled = policy.delay_first * (repeat < 10 ? 1 << (repeat - 1) : 512);
    const auto longest = std::min<milliseconds>(doubled, policy.delay_max);
    const auto wait = BackOff(policy, repeat, random);
    EXPECT_GE(wait, milliseconds{0});
    EXPECT_LE(wait, longest) << repeat;
  }
  EXPECT_NE(BackOff(policy, 6, random), BackOff(policy, 6, random));
}

TEST(RetryTest, RemoteCodeIsAWordAndNeverText) {
  EXPECT_EQ(RemoteCode(R"({"error":{"code":"0x80040333","message":"x"}})"), "0x80040333");
  EXPECT_EQ(RemoteCode(R"({"code":"409","description":"x"})"), "409");
  EXPECT_EQ(RemoteCode(R"({"statusCode":429,"message":"x"})"), "429");
  EXPECT_EQ(RemoteCode(R"({"error":"invalid_grant"})"), "invalid_grant");
  EXPECT_EQ(RemoteCode(R"({"error":{"code":"mail to pat@contoso.example"}})"), "");
  EXPECT_EQ(RemoteCode("<html>Bad gateway</html>"), "");
  EXPECT_EQ(RemoteCode(""), "");
}

}  // namespace
}  // namespace cosell::net
