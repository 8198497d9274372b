#include "tests/sandbox/world_fixture.h"

namespace cosell::sandbox {
namespace {

// Deals of several parties, Microsoft as an actor, time (contract partner-center.md 3.5, 3.10, 7).
class EngagementTest : public WorldTest {
 protected:
  // Asks Microsoft for help with the deal and returns the sibling's id.
  std::string Ask(const Json& own) { return Created(AskMicrosoft(own["engagementId"]))["id"]; }
};

TEST_F(EngagementTest, AskingMicrosoftMakesASecondReferralInTheSameEngagement) {
  const Json own = Created();
  const Json sibling = Stored(Ask(own));
  EXPECT_EQ(sibling["organizationId"], "msft");
  EXPECT_EQ(sibling["engagementId"], own["engagementId"]);
  EXPECT_EQ(sibling["status"], "New");
  EXPECT_EQ(sibling["substatus"], "Pending");
  EXPECT_TRUE(sibling["externalReferenceId"].is_null());
  EXPECT_EQ(sibling["inviteContext"]["invitedBy"]["organizationId"],
            world.identities().organization_id);
  EXPECT_EQ(Stored(own["id"])["eTag"], own["eTag"]) << "our own referral is untouched";
  EXPECT_EQ(Filter("engagementId eq '" + own["engagementId"].get<std::string>() + "'")
                .body["value"]
                .size(),
            2u);
}

TEST_F(EngagementTest, AskingTwiceMakesTwo) {
  const Json own = Created();
  Ask(own);
  Ask(own);
  EXPECT_EQ(world.EngagementIds(own["engagementId"]).size(), 3u) << "POST knows no idempotency";
}

TEST_F(EngagementTest, AskingNeedsAContactConsentAndAHelpCode) {
  const std::string engagement = Created()["engagementId"];
  Json body = AskMicrosoft(engagement);
  body["customerProfile"]["team"][0].erase("email");
  EXPECT_EQ(Post(body).status, 400);
  body = AskMicrosoft(engagement);
  body["consent"]["consentToShareReferralWithMicrosoftSellers"] = false;
  EXPECT_EQ(Post(body).status, 400);
  world.switches().seller_consent_required = false;
  EXPECT_EQ(Post(body).status, 201);
  body = AskMicrosoft(engagement);
  body["inviteContext"]["assistanceRequestCode"] = "Unknown";
  EXPECT_EQ(Post(body).status, 400);
  EXPECT_EQ(Post(AskMicrosoft("00000000-0000-4000-8000-000000000000")).status, 404);
}

TEST_F(EngagementTest, MicrosoftAcceptsAfterAWhile) {
  const Json own = Created();
  const std::string sibling = Ask(own);
  clock.Advance(std::chrono::seconds(4));
  world.Advance();
  EXPECT_EQ(Stored(sibling)["status"], "New");
  clock.Advance(std::chrono::seconds(1));
  const Json accepted = Get(sibling).body;
  EXPECT_EQ(accepted["substatus"], "Accepted");
  EXPECT_FALSE(accepted["team"].empty());
  EXPECT_EQ(Stored(own["id"])["trackingInfo"]["microsoftMsxId"],
            accepted["trackingInfo"]["microsoftMsxId"]);
  EXPECT_NE(Stored(own["id"])["eTag"], own["eTag"]);
  EXPECT_EQ(Stored(own["id"])["status"], "Active") << "its decision shows on the sibling alone";
}

TEST_F(EngagementTest, MicrosoftMayDeclineOrStaySilentUntilItExpires) {
  world.switches().microsoft_decision = "decline";
  const std::string declined = Ask(Created());
  world.switches().microsoft_decision = "none";
  const std::string silent = Ask(Created());
  clock.Advance(std::chrono::seconds(5));
  world.Advance();
  EXPECT_EQ(Stored(declined)["substatus"], "Declined");
  EXPECT_EQ(Stored(silent)["substatus"], "Pending");
  clock.Advance(std::chrono::hours(24 * 14));
  SignInAgain();
  EXPECT_EQ(Get(silent).body["substatus"], "Expired");
}

TEST_F(EngagementTest, MicrosoftsReferralIsNotOursToPatch) {
  const std::string sibling = Ask(Created());
  EXPECT_EQ(Patch(sibling, Replace("/details/notes", "x")).status, 403);
}

TEST_F(EngagementTest, TheContactIsFrozenOnceMicrosoftWasAsked) {
  const Json own = Created();
  const Json contact = own["customerProfile"]["team"];
  EXPECT_EQ(Patch(own["id"], Replace("/customerProfile/team", contact)).status, 204);
  Ask(own);
  EXPECT_EQ(Patch(own["id"], Replace("/customerProfile/team", contact)).status, 400);
}

TEST_F(EngagementTest, AnIncomingReferralExpiresAfterFourteenDays) {
  const std::string id = *world.MicrosoftSends(Deal().dump());
  const auto due = world.NextDue();
  ASSERT_TRUE(due);
  EXPECT_EQ(*due - clock.Now(), std::chrono::hours(24 * 14));
  clock.Advance(std::chrono::hours(24 * 14) - std::chrono::seconds(1));
  world.Advance();
  EXPECT_EQ(Stored(id)["status"], "New");
  clock.Advance(std::chrono::seconds(1));
  world.Advance();
  EXPECT_EQ(Stored(id)["substatus"], "Expired");
}

TEST_F(EngagementTest, PeopleInThePortalKeepToTheRulesAndLeaveTheirMark) {
  const std::string id = *world.PersonCreates(Deal().dump());
  EXPECT_EQ(Stored(id)["lastModifiedVia"], "UI");
  world.switches().name_writable = false;
  EXPECT_TRUE(world.PersonEdits(id, Replace("/name", "By hand").dump()).ok());
  EXPECT_EQ(Stored(id)["name"], "By hand");
  EXPECT_FALSE(world.PersonEdits(id, Replace("/type", "Shared").dump()).ok());
  EXPECT_TRUE(world.PersonMoves(id, "Closed", "Won").ok());
  const Status again = world.PersonMoves(id, "Closed", "Lost");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().http_status, 400);
}

TEST_F(EngagementTest, TheSameSeedTellsTheSameStory) {
  const auto story = [] {
    test::FakeClock time;
    SeededRandom chance(99);
    World other(time, chance);
    const std::string own = *other.PersonCreates(Deal().dump());
    const std::string incoming = *other.MicrosoftSends(Deal().dump());
    time.Advance(std::chrono::hours(24 * 15));
    other.Advance();
    return other.Referral(own) + other.Referral(incoming);
  };
  EXPECT_EQ(story(), story());
}

}  // namespace
}  // namespace cosell::sandbox
