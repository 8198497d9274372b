#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "platform/json_log.h"
#include "platform/redact.h"
#include "scratch_folder.h"

namespace cosell::platform {
namespace {

using Json = nlohmann::json;

Json Line(std::string_view message, Log::Fields fields = {}) {
  return Json::parse(
      FormatLogLine(*ParseInstant("2026-03-01T09:12:44.12Z"), LogLevel::info, message, fields));
}

TEST(JsonLogTest, LineCarriesTimeLevelMessageAndFields) {
  const Json line = Line("round finished", {{"connection", "contoso"}, {"written", "3"}});
  EXPECT_EQ(line, Json::parse(R"({"time":"2026-03-01T09:12:44.12Z","level":"info",
      "message":"round finished","fields":{"connection":"contoso","written":"3"}})"));
}

TEST(JsonLogTest, NoFieldsNoMember) { EXPECT_FALSE(Line("hello").contains("fields")); }

TEST(JsonLogTest, AnyTextStaysOneValidLine) {
  std::string nasty = "quote \" backslash \\ tab \t end\r\n";
  for (char c = 0; c < 0x20; ++c) nasty += c;
  const std::string line = FormatLogLine(Instant{}, LogLevel::error, nasty, {{nasty, nasty}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(Json::parse(line)["message"], nasty);
}

TEST(JsonLogTest, InvalidUtf8IsReplacedAndTheRestKept) {
  EXPECT_EQ(Line("caf\xC3\xA9 \xFF\xC3 ok")["message"], "caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD ok");
}

TEST(JsonLogTest, FileGetsOneLinePerCallFromTheWantedLevelOn) {
  const ScratchFolder scratch;
  const SystemClock clock;
  const auto log = MakeJsonLog({LogLevel::warning, scratch.File("log"), false}, clock);
  log->Info("too quiet");
  log->Warning("loud");
  log->Error("louder");
  const auto lines = Split(*ReadFile(scratch.File("log")), '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(Json::parse(lines[0])["message"], "loud");
  EXPECT_EQ(Json::parse(lines[1])["level"], "error");
}

TEST(JsonLogTest, ReopenFollowsARotatedFile) {
  const ScratchFolder scratch;
  const SystemClock clock;
  const auto log = MakeJsonLog({LogLevel::info, scratch.File("log"), false}, clock);
  log->Info("before");
  std::filesystem::rename(ToPath(scratch.File("log")), ToPath(scratch.File("log.1")));
  log->Reopen();
  log->Info("after");
  EXPECT_EQ(Json::parse(*ReadFile(scratch.File("log")))["message"], "after");
  EXPECT_EQ(Json::parse(*ReadFile(scratch.File("log.1")))["message"], "before");
}

TEST(JsonLogTest, UnusableFileFallsBackToStandardError) {
  const ScratchFolder scratch;
  const SystemClock clock;
  ::testing::internal::CaptureStderr();
  const auto log = MakeJsonLog({LogLevel::info, scratch.File("absent/log"), false}, clock);
  log->Info("still heard");
  const std::string lines = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(lines.find("cannot open the log file"), std::string::npos);
  EXPECT_NE(lines.find("still heard"), std::string::npos);
}

TEST(JsonLogTest, JournalGetsItsPriorityBeforeTheObject) {
  const SystemClock clock;
  const auto log = MakeJsonLog({LogLevel::info, "", true}, clock);
  ::testing::internal::CaptureStderr();
  log->Error("disk full");
  EXPECT_EQ(::testing::internal::GetCapturedStderr().substr(0, 4), "<3>{");
}

TEST(RedactTest, TokensAreMasked) {
  const std::string jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjb250b3NvIn0.c2lnbmF0dXJl";
  EXPECT_EQ(Redact("got " + jwt + " back"), "got [token] back");
  EXPECT_EQ(Redact("Authorization: Bearer abc123"), "Authorization: Bearer [token]");
  EXPECT_EQ(Redact("Authorization: basic dXNlcjpwYXNz="), "Authorization: basic [token]");
  EXPECT_EQ(Redact("refresh_token=" + std::string(90, 'Q')), "[token]");
  EXPECT_EQ(Line("x", {{"answer", "token " + jwt}})["fields"]["answer"], "token [token]");
}

TEST(RedactTest, EmailAddressesAreMasked) {
  EXPECT_EQ(Redact("contact <avery.howard@contoso.example> refused"), "contact <[e-mail]> refused");
  EXPECT_EQ(Redact("\"email\":\"kim@fabrikam.example\""), "\"email\":\"[e-mail]\"");
}

TEST(RedactTest, OrdinaryTextIsLeftAlone) {
  for (const std::string text :
       {"PATCH https://api.partner.microsoft.com/v1.0/engagements/referrals/6f1f9dd0-35a1 412",
        "@odata.nextLink is missing", "the basic rule: a bearer of news",
        "hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a089f86d081884c7d65",
        "?$select=name,statuscode&$filter=modifiedon ge 2026-03-01T09:12:44Z and statecode eq 0"}) {
    EXPECT_EQ(Redact(text), text);
  }
}

}  // namespace
}  // namespace cosell::platform
