#include "tests/sandbox/world_fixture.h"
#include "tools/sandbox/world/control.h"

namespace cosell::sandbox {
namespace {

// Faults, the request log, switches and the control API.
class FaultTest : public WorldTest {
 protected:
  void Break(const std::string& rule) {
    const auto parsed = ParseFaultRule(rule);
    ASSERT_TRUE(parsed.ok());
    ASSERT_TRUE(world.faults().Add(*parsed).ok());
  }
  Result<net::HttpResponse> PostRaw() {
    return world.Transport().Send(
        {"POST",
         world.origins().referrals + "/v1.0/engagements/referrals",
         {{"Authorization", "Bearer " + TokenFor(world.origins().referrals)},
          {"Content-Type", "application/json"}},
         Deal().dump()});
  }
};

TEST_F(FaultTest, ARefusalSkipsCountsAndSaysWhenToComeBack) {
  Break(R"({"service": "referrals", "method": "GET", "skip": 1, "times": 2, "status": 429,
            "body": "gateway", "retry_after_s": 30})");
  EXPECT_EQ(List("").status, 200);
  const Reply refused = List("");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Header("Retry-After"), "30");
  EXPECT_EQ(refused.body["statusCode"], 429);
  EXPECT_EQ(Post(Deal()).status, 201) << "another method";
  EXPECT_EQ(List("").status, 429);
  EXPECT_EQ(List("").status, 200);
}

TEST_F(FaultTest, RetryAfterMayBeADate) {
  Break(R"({"status": 503, "retry_after_s": 60, "retry_after_as_date": true})");
  EXPECT_EQ(List("").Header("Retry-After"), "Sun, 01 Mar 2026 09:01:00 GMT");
}

TEST_F(FaultTest, ADropBeforeHasNoEffectADropAfterHas) {
  Break(R"({"method": "POST", "kind": "drop_before"})");
  auto answer = PostRaw();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unknown_outcome);
  EXPECT_TRUE(world.ReferralIds().empty());
  Break(R"({"method": "POST", "kind": "drop_after"})");
  answer = PostRaw();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unknown_outcome);
  EXPECT_EQ(world.OwnReferralsOf("opp-000187").size(), 1u);
  Break(R"({"method": "POST", "kind": "unreachable"})");
  answer = PostRaw();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::unreachable);
  const auto writes = world.log().Find({.writes_only = true});
  ASSERT_EQ(writes.size(), 3u);
  EXPECT_FALSE(writes[0].processed);
  EXPECT_EQ(writes[0].fault, "drop_before");
  EXPECT_TRUE(writes[1].processed);
  EXPECT_EQ(writes[1].status, 0);
  EXPECT_FALSE(writes[2].processed);
}

TEST_F(FaultTest, AnswersArriveDamaged) {
  Break(R"({"kind": "html"})");
  Reply reply = List("");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.text.starts_with("<html>"));
  Break(R"({"kind": "invalid_json"})");
  reply = List("");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.is_discarded());
  Break(R"({"kind": "truncate"})");
  EXPECT_EQ(List("").status, -1);
}

TEST_F(FaultTest, ADelayPassesOnTheWorldsClock) {
  Break(R"({"kind": "delay", "delay_ms": 1500})");
  const Instant before = clock.Now();
  EXPECT_EQ(List("").status, 200);
  EXPECT_EQ(clock.Now() - before, std::chrono::milliseconds(1500));
}

TEST_F(FaultTest, RulesAreChecked) {
  EXPECT_FALSE(ParseFaultRule(R"({"kind": "explode"})").ok());
  EXPECT_FALSE(ParseFaultRule(R"({"colour": "red"})").ok());
  EXPECT_FALSE(ParseFaultRule(R"({"times": "two"})").ok());
  FaultRule rule;
  rule.path = "(";
  EXPECT_FALSE(world.faults().Add(rule).ok());
}

TEST_F(FaultTest, TheLogTellsWhatWasSentAndAnswered) {
  const Json own = Created();
  Patch(own["id"], Replace("/details/notes", "x"),
        {{"If-Match", own["eTag"]}, {"Prefer", "return=representation"}});
  const auto found = world.log().Find({.service = "referrals", .method = "PATCH"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sequence, 2);
  EXPECT_EQ(found[0].target, "/v1.0/engagements/referrals/" + own["id"].get<std::string>());
  EXPECT_EQ(net::FindHeader(found[0].headers, "If-Match"), own["eTag"].get<std::string>());
  EXPECT_FALSE(net::FindHeader(found[0].headers, "Authorization"));
  EXPECT_EQ(found[0].status, 200);
  EXPECT_EQ(found[0].etag, Stored(own["id"])["eTag"].get<std::string>());
  EXPECT_EQ(Json::parse(found[0].answer)["details"]["notes"], "x");
  EXPECT_EQ(world.log().Count({.after = 2}), 0u);
}

TEST_F(FaultTest, SwitchesAreSetByNameAllOrNone) {
  EXPECT_TRUE(Apply(world.switches(), R"({"stale_get_s": 5, "next_link": "relative"})").ok());
  EXPECT_EQ(world.switches().stale_get_s, 5);
  for (const char* bad : {R"({"stale_get_s": 6, "nonsense": 1})", R"({"stale_get_s": true})",
                          R"({"next_link": "sideways"})", R"({"stale_get_s": -1})", "[]"})
    EXPECT_FALSE(Apply(world.switches(), bad).ok()) << bad;
  EXPECT_EQ(world.switches().stale_get_s, 5);
  EXPECT_EQ(Json::parse(ToJson(world.switches()))["next_link"], "relative");
}

TEST_F(FaultTest, TheControlApiActsForPeopleAndShowsTheLog) {
  Control::Hooks hooks;
  hooks.seed = [](const std::string&) { return "{}"; };
  Control control(world, hooks);
  world.MountControl(control);
  const auto ask = [&](const std::string& method, const std::string& path,
                       const Json& body = Json()) {
    return Send({method,
                 world.origins().control + "/sandbox/v1/" + path,
                 {},
                 body.is_null() ? "" : body.dump()});
  };
  const Reply made = ask("POST", "referrals", {{"by", "microsoft"}, {"referral", Deal()}});
  ASSERT_EQ(made.status, 200) << made.text;
  const std::string id = made.body["id"];
  EXPECT_EQ(ask("POST", "referrals/" + id + "/win").status, 400) << "not accepted yet";
  EXPECT_EQ(ask("POST", "referrals/" + id + "/accept").status, 200);
  EXPECT_EQ(ask("POST", "referrals/" + id + "/edit", Replace("/details/notes", "by hand")).status,
            200);
  EXPECT_EQ(ask("POST", "referrals/" + id + "/lose", {{"reason", "Budget"}}).status, 200);
  EXPECT_EQ(ask("GET", "referrals/" + id).body["statusReason"], "Budget");
  EXPECT_EQ(ask("GET", "referrals?status=Closed").body.size(), 1u);
  EXPECT_EQ(ask("POST", "faults", {{"kind", "drop_before"}}).status, 200);
  EXPECT_EQ(ask("GET", "faults").body.size(), 1u);
  EXPECT_EQ(ask("DELETE", "faults").status, 200);
  EXPECT_EQ(ask("PATCH", "switches", {{"stale_get_s", 3}}).status, 200);
  EXPECT_EQ(ask("GET", "switches").body["stale_get_s"], 3);
  List("");
  EXPECT_EQ(ask("GET", "log?service=referrals").body.size(), 1u) << "control is not logged";
  EXPECT_EQ(ask("GET", "log?path=(").status, 400);
  EXPECT_EQ(ask("POST", "clock", {{"advance_s", 60}}).status, 409) << "the clock is not simulated";
  EXPECT_EQ(ask("GET", "dataverse/people").status, 200);
  EXPECT_EQ(ask("POST", "reset").status, 200);
  EXPECT_EQ(ask("GET", "").body["referrals"], 0);
  EXPECT_EQ(ask("GET", "nonsense").status, 404);
}

}  // namespace
}  // namespace cosell::sandbox
