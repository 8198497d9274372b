// The daemon is killed, without a warning, wherever it stands: after the restart both sides end as
// if nothing had happened, with nothing there twice.

#include <algorithm>
#include <map>
#include <ostream>
#include <random>

#include "system/installation.h"

namespace cosell::system_test {
namespace {

int CountOf(const std::vector<Json>& rows, const std::string& column, const std::string& value) {
  return static_cast<int>(std::count_if(
      rows.begin(), rows.end(), [&](const Json& row) { return row.value(column, "") == value; }));
}

// How the request that the daemon dies in ends for the remote side.
struct Death {
  const char* name;
  Json fault;
};
std::ostream& operator<<(std::ostream& out, const Death& death) { return out << death.name; }

class KilledAtEveryRequestTest : public testing::TestWithParam<Death> {
 protected:
  // More than one story asks of the remote sides.
  static constexpr int kRequestsMax = 40;

  KilledAtEveryRequestTest()
      : here_({{"--empty"}, [](Json& configuration) {
                 configuration["connections"][0]["schedule"] = {{"poll_interval_s", 1},
                                                                {"sweep_interval_s", 0}};
               }}) {
    remote().Switch({{"microsoft_decision", "none"}, {"event_retry_first_ms", 100}});
  }
  RemoteSides& remote() { return here_.remote(); }

  // The daemon will die in the request that comes after `spared` others. The polls that find
  // nothing are not counted: they come at any time.
  void DieAfter(int spared) {
    Json fault = GetParam().fault;
    fault["skip"] = spared;
    fault["delay_ms"] = 3'000;
    fault["path"] = R"(^(?!.*(\$filter|deltatoken|/token)))";
    remote().Break(fault);
  }
  bool FaultIsUsed() { return remote().Ask("GET", "/faults").empty(); }

  // Lets `story` happen, kills the daemon at that request and restarts it. False when the story was
  // over before.
  bool KilledDuring(int spared, const std::function<void()>& story,
                    const std::function<bool()>& told) {
    DieAfter(spared);
    story();
    EXPECT_TRUE(WaitUntil([&] { return FaultIsUsed() || told(); }, "the story goes on"));
    const bool died = FaultIsUsed();
    if (died) here_.KillDaemon();
    remote().Repair();
    if (died) here_.StartDaemon();
    EXPECT_TRUE(
        WaitUntil(told, "the story ends after a kill at request " + std::to_string(spared)));
    return died;
  }
  bool Settled(const std::string& id) { return here_.database().LinkState(id) == "in_sync"; }

  Installation here_;
  int kills_ = 0;
};

TEST_P(KilledAtEveryRequestTest, AReceivedReferralArrivesOnce) {
  here_.StartDaemon();
  bool died = true;
  for (int spared = 0; died && spared < kRequestsMax && !HasFailure(); ++spared) {
    std::string referral;
    died = KilledDuring(
        spared, [&] { referral = remote().MicrosoftSends("Killed at " + std::to_string(spared)); },
        [&] { return Settled(referral); });
    const std::string opportunity = remote().OpportunityOf(referral);
    EXPECT_EQ(remote().Referral(referral)["externalReferenceId"], opportunity);
    EXPECT_EQ(remote().Rows("opportunities").size(), static_cast<std::size_t>(spared) + 1);
    kills_ += died ? 1 : 0;
  }
  EXPECT_FALSE(died) << "the story never ended undisturbed";
  EXPECT_GE(kills_, 3) << "at least a read and the two writes";
  EXPECT_EQ(CountOf(remote().Rows("accounts"), "name", "Fabrikam Brauereitechnik GmbH"), 1);
  EXPECT_EQ(CountOf(remote().Rows("contacts"), "emailaddress1", "jette.korn@fabrikam.example"), 1);
  EXPECT_TRUE(here_.LogIsClean());
}

TEST_P(KilledAtEveryRequestTest, ASharedDealIsSharedOnceWithMicrosoftAskedOnce) {
  here_.StartDaemon();
  bool died = true;
  for (int spared = 0; died && spared < kRequestsMax && !HasFailure(); ++spared) {
    Deal deal;
    deal.name = "Killed at " + std::to_string(spared);
    deal.account = "Tailspin " + std::to_string(spared);
    deal.help = true;
    deal.sync = true;
    std::string opportunity;
    died = KilledDuring(
        spared, [&] { opportunity = remote().SellerOpens(deal); },
        [&] {
          return Settled(opportunity) && !remote().Crm(opportunity, "msft_referrallink").empty();
        });
    const std::string referral = remote().ReferralOf(opportunity);
    ASSERT_FALSE(referral.empty());
    EXPECT_FALSE(remote().ConnectedReferralOf(referral).empty());
    EXPECT_EQ(remote().Crm(opportunity, "msft_referralidentifier"), referral);
    EXPECT_EQ(remote().Referrals().size(), 2 * (static_cast<std::size_t>(spared) + 1));
    kills_ += died ? 1 : 0;
  }
  EXPECT_FALSE(died) << "the story never ended undisturbed";
  EXPECT_GE(kills_, 3) << "at least a read and the two creates";
  EXPECT_TRUE(here_.LogIsClean());
}

INSTANTIATE_TEST_SUITE_P(Crash, KilledAtEveryRequestTest,
                         testing::Values(Death{"AfterItTookEffect", {{"kind", "delay"}}},
                                         Death{"BeforeItTookEffect", {{"kind", "drop_before"}}}),
                         [](const testing::TestParamInfo<Death>& tested) {
                           return tested.param.name;
                         });

// A busy quarter of an hour, in a few seconds. Each field of a deal is edited by one side alone, so
// there is one right end, whatever happens to the daemon meanwhile.
class Burst {
 public:
  static constexpr int kDeals = 6;  // of each kind: below the mass-change rail's twenty pairs
  static constexpr int kSteps = 60;

  Burst(RemoteSides& remote, std::uint32_t seed) : remote_(remote), random_(seed) {}

  void Step(int number) {
    if (number < kDeals) return Begin(number);
    const int deal = Below(kDeals);
    const int kind = Below(4);
    const std::string text = "Said in step " + std::to_string(number) + ".";
    if (kind == 0) remote_.PartnerSets(received_[deal], "/details/notes", text);
    if (kind == 1) remote_.SellerSets(opened_[deal], {{"estimatedvalue", 10'000 + number}});
    if (kind == 2) remote_.SellerSets(opened_[deal], {{"description", text}});
    if (kind == 3) EditReceived(deal, number);
  }
  void End() {
    for (int deal = 0; deal < kDeals; ++deal) {
      ASSERT_TRUE(WaitUntil([&] { return !remote_.OpportunityOf(received_[deal]).empty(); },
                            "a received referral is in the CRM"));
    }
    ASSERT_TRUE(WaitUntil([&] { return !remote_.Crm(opened_[2], "msft_referrallink").empty(); },
                          "an opened deal is shared"));
    remote_.SellerSets(remote_.OpportunityOf(received_[1]), {{"statuscode", 1}});
    remote_.SellerWins(opened_[2]);
    remote_.PartnerMoves(received_[3], "decline");
  }

  // What both sides say in the end, without what differs from run to run (ids, stamps).
  std::map<std::string, std::string> State() {
    std::map<std::string, std::string> state;
    const auto add = [&](const std::string& key, const std::string& text) {
      state[key] += (state[key].empty() ? "" : "\n") + text;  // a duplicate shows as a second line
    };
    for (const Json& row : remote_.Rows("opportunities")) {
      std::string text;
      for (const char* column : {"estimatedvalue", "estimatedclosedate", "description", "statecode",
                                 "statuscode", "msft_products", "msft_howcanmicrosofthelp"})
        text += row.value(column, "") + " | ";
      add("CRM: " + row.value("name", ""), text);
    }
    for (const Json& listed : remote_.Referrals()) {
      const Json referral = remote_.Referral(listed["id"]);
      const Json& details = referral["details"];
      // What Microsoft was told when it was asked depends on when that was; that it was asked, not.
      const bool ours = referral["externalReferenceId"].is_string();
      add("Partner Center: " + referral["name"].get<std::string>() + (ours ? "" : " (Microsoft)"),
          ours ? details["dealValue"].dump() + " | " + details["closingDateTime"].dump() + " | " +
                     details["notes"].dump() + " | " + referral["substatus"].dump()
               : referral["status"].dump());
    }
    return state;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  void Begin(int number) {
    received_.push_back(remote_.MicrosoftSends("Received " + std::to_string(number)));
    Deal deal;
    deal.name = "Opened " + std::to_string(number);
    deal.account = "Tailspin " + std::to_string(number);
    deal.help = number % 3 == 0;
    deal.sync = true;
    opened_.push_back(remote_.SellerOpens(deal));
  }
  // The seller moves the date of a deal that has arrived; before that there is nothing to edit, so
  // he waits.
  void EditReceived(int deal, int number) {
    std::string opportunity;
    ASSERT_TRUE(
        WaitUntil([&] { return !(opportunity = remote_.OpportunityOf(received_[deal])).empty(); },
                  "a received referral is in the CRM"));
    const std::string day = std::to_string(10 + number % 18);
    remote_.SellerSets(opportunity, {{"estimatedclosedate", "2027-11-" + day}});
  }

  RemoteSides& remote_;
  std::mt19937 random_;
  std::vector<std::string> received_;
  std::vector<std::string> opened_;
};

class BurstTest : public testing::Test {
 protected:
  // The end of the burst with this seed; kills the daemon now and then if asked to.
  std::map<std::string, std::string> EndOf(std::uint32_t seed, bool with_kills) {
    Installation here({{"--empty"}, [](Json& configuration) {
                         configuration["connections"][0]["schedule"] = {{"poll_interval_s", 1},
                                                                        {"sweep_interval_s", 0}};
                       }});
    here.remote().Switch({{"microsoft_decision", "none"}});
    here.StartDaemon();
    Burst burst(here.remote(), seed);
    std::mt19937 chance(seed);
    for (int step = 0; step < Burst::kSteps && !HasFatalFailure(); ++step) {
      burst.Step(step);
      if (!with_kills || chance() % 6 != 0) continue;
      here.remote().LetTimePass(std::chrono::milliseconds(chance() % 400));
      here.KillDaemon();
      here.LaunchDaemon();
      ++kills_;
    }
    burst.End();
    EXPECT_TRUE(WaitUntil([&] { return here.DaemonIsReady(); }, "the daemon is ready"));
    here.remote().LetTimePass(std::chrono::seconds(2));
    EXPECT_TRUE(here.ComesToRest());
    EXPECT_TRUE(here.LogIsClean());
    return burst.State();
  }

  int kills_ = 0;
};

TEST_F(BurstTest, KillsAtRandomMomentsChangeNothingOfTheEnd) {
  const auto seed = static_cast<std::uint32_t>(20'261'120);
  const auto undisturbed = EndOf(seed, false);
  const auto killed = EndOf(seed, true);
  EXPECT_GE(kills_, 5);
  EXPECT_EQ(killed, undisturbed);
  EXPECT_EQ(undisturbed.size(), 2u * Burst::kDeals * 2 + Burst::kDeals + 2)
      << "both sides of each deal, Microsoft's part of the received ones and of the two with help";
}

}  // namespace
}  // namespace cosell::system_test
