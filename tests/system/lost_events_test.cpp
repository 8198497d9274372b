// Every event is lost on its way: the same state is reached all the same, later.

#include "system/installation.h"

namespace cosell::system_test {
namespace {

// The story of a few deals, and what has to be true of them in the end.
class Deals {
 public:
  explicit Deals(RemoteSides& remote) : remote_(remote) {}

  void Happen() {
    received_ = remote_.MicrosoftSends("Brewhouse telemetry rollout");
    declined_ = remote_.MicrosoftSends("Cooling tower audit");
    Deal deal;
    deal.name = "Yard planning pilot";
    deal.help = true;
    deal.sync = true;
    shared_ = remote_.SellerOpens(deal);
  }
  bool Arrived() {
    return !remote_.OpportunityOf(received_).empty() && !remote_.OpportunityOf(declined_).empty() &&
           !remote_.Crm(shared_, "msft_referralidentifier").empty();
  }
  void GoOn() {
    remote_.SellerSets(remote_.OpportunityOf(received_), {{"statuscode", 1}});
    remote_.SellerSets(shared_, {{"estimatedvalue", 13'500}});
    remote_.PartnerMoves(declined_, "decline");
  }
  bool WentOn() {
    return remote_.Referral(received_)["status"] == "Active" &&
           remote_.Referral(remote_.ReferralOf(shared_))["details"]["dealValue"] == 13'500 &&
           remote_.Crm(remote_.OpportunityOf(declined_), "statuscode") == "4";
  }

 private:
  RemoteSides& remote_;
  std::string received_;
  std::string declined_;
  std::string shared_;
};

class LostEventsTest : public testing::Test {
 protected:
  Installation& Install(int poll_interval_s, int sweep_interval_s) {
    here_ = std::make_unique<Installation>(Installation::Options{
        {"--empty"}, [=](Json& configuration) {
          configuration["connections"][0]["schedule"] = {{"poll_interval_s", poll_interval_s},
                                                         {"sweep_interval_s", sweep_interval_s}};
        }});
    here_->remote().Switch({{"microsoft_decision", "none"}});
    here_->remote().LoseAllEvents();
    return *here_;
  }
  void TellTheStory() {
    Deals deals(here_->remote());
    deals.Happen();
    ASSERT_TRUE(WaitUntil([&] { return deals.Arrived(); }, "the deals are on both sides"));
    deals.GoOn();
    ASSERT_TRUE(WaitUntil([&] { return deals.WentOn(); }, "the edits are on both sides"));
    for (const Json& delivery : here_->remote().Deliveries())
      EXPECT_EQ(delivery["state"], "lost") << delivery;
    EXPECT_TRUE(here_->LogIsClean());
  }
  void ExpectASecondSweepWritesNothing() {
    ASSERT_TRUE(here_->ComesToRest());
    const int writes = here_->remote().Writes();
    EXPECT_EQ(here_->CommandJson({"sync"})[0]["written"], 0);
    EXPECT_EQ(here_->remote().Writes(), writes);
  }

  std::unique_ptr<Installation> here_;
};

TEST_F(LostEventsTest, PollingReachesTheSameState) {
  Install(1, 0).StartDaemon();
  TellTheStory();
  ExpectASecondSweepWritesNothing();
}

TEST_F(LostEventsTest, SweepingReachesTheSameState) {
  Install(0, 1).StartDaemon();
  TellTheStory();
  ExpectASecondSweepWritesNothing();
}

TEST_F(LostEventsTest, WithoutADaemonTheCommandSweeps) {
  Installation& here = Install(0, 0);
  Deals deals(here.remote());
  deals.Happen();
  EXPECT_EQ(here.Command({"sync"}).exit_code, 0);
  ASSERT_TRUE(deals.Arrived()) << "one sweep was not enough";
  deals.GoOn();
  EXPECT_EQ(here.Command({"sync"}).exit_code, 0);
  EXPECT_TRUE(deals.WentOn()) << "one sweep was not enough";
  ExpectASecondSweepWritesNothing();
}

}  // namespace
}  // namespace cosell::system_test
