// Time in which the service did not look, and the account of it: what the certificate counts is
// what the remote sides' own rows and log say.

#include <algorithm>

#include "support/sync_world.h"

namespace cosell::test {
namespace {

constexpr std::chrono::hours kOutage{72};

class GapTest : public testing::TestWithParam<CrmProduct> {
 protected:
  GapTest() : sync_(GetParam(), Options()) {}

  static EngineOptions Options() {
    EngineOptions options;
    options.change_ratio_max = 1.0;
    return options;
  }
  // Deals of Microsoft's, accepted and in step.
  void SharedPairs(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      referrals_.push_back(sync_.MicrosoftSends("Brewhouse telemetry, site " + std::to_string(i)));
    sync_.Settle();
    for (const std::string& id : referrals_) sync_.PartnerMoves(id, "Active", "Accepted");
    sync_.Settle();
    for (const std::string& id : referrals_) opportunities_.push_back(sync_.OpportunityOf(id));
  }
  void PartnerNotes(std::size_t i, const std::string& text) {
    sync_.PartnerSets(referrals_[i], "/details/notes", text);
  }
  void SellerNotes(std::size_t i, const std::string& text) {
    sync_.SellerSets(opportunities_[i], {{"notes", text}});
  }
  std::vector<GapCertificate> Certificates() {
    return sync_.store().GapCertificates(ConnectionName{"contoso"}, 100);
  }
  std::int64_t WritesToReferrals(std::int64_t after) {
    sandbox::RequestLog::Filter filter;
    filter.service = "referrals";
    filter.writes_only = true;
    filter.after = after;
    const auto writes = sync_.world().log().Find(filter);
    return std::count_if(writes.begin(), writes.end(),
                         [](const auto& write) { return write.status / 100 == 2; });
  }
  std::string Notes(std::size_t i) {
    return sync_.Referral(referrals_[i])["details"]["notes"].get<std::string>();
  }

  SyncWorld sync_;
  std::vector<std::string> referrals_;
  std::vector<std::string> opportunities_;
};

// Every event of three days is lost, and 500 records of each side are edited meanwhile, some of
// them on both.
TEST_P(GapTest, ThreeDaysWithFiveHundredChangesOnEachSideAreAccountedFor) {
  const bool at_full_size = GetParam() == CrmProduct::dynamics365;
  const std::size_t pairs = at_full_size ? 600 : 60;
  const std::size_t changes = at_full_size ? 500 : 50;
  SharedPairs(pairs);
  ASSERT_TRUE(Certificates().empty());
  sync_.Pass(kOutage / 2);
  for (std::size_t i = 0; i < changes; ++i) PartnerNotes(i, "Partner Center, " + std::to_string(i));
  sync_.Pass(kOutage / 2);
  for (std::size_t i = pairs - changes; i < pairs; ++i) SellerNotes(i, "CRM, " + std::to_string(i));
  const auto before = sync_.world().log().last_sequence();
  const std::size_t crm_writes_before = sync_.desk().ServiceWrites();

  const RoundResult round = sync_.engine().Round({"start", IntakeDepth::poll, {}});
  ASSERT_TRUE(round.certificate) << round.reason;
  const GapCertificate& certificate = *round.certificate;
  EXPECT_EQ(certificate.gap.cause, "downtime");
  EXPECT_TRUE(certificate.whole) << "after more than a day every record is read";
  EXPECT_GE(*certificate.gap.read_at - *certificate.gap.from_at, kOutage);
  const GapCounts& counts = certificate.counts;
  EXPECT_EQ(counts.referrals_changed, static_cast<std::int64_t>(changes));
  EXPECT_EQ(counts.crm_records_changed, static_cast<std::int64_t>(changes));
  EXPECT_EQ(counts.referrals_new + counts.crm_records_new + counts.crm_records_gone, 0);
  EXPECT_EQ(counts.events_missing, static_cast<std::int64_t>(2 * changes));
  EXPECT_EQ(counts.without_link, 0);
  EXPECT_EQ(counts.links, static_cast<std::int64_t>(pairs));
  EXPECT_EQ(counts.written, static_cast<std::int64_t>(pairs)) << "both sides at once: newest wins";
  EXPECT_EQ(counts.unchanged + counts.conflicting + counts.set_aside + counts.waiting +
                counts.left_alone + counts.ended,
            0);
  EXPECT_EQ(counts.writes_partner_center, WritesToReferrals(before));
  EXPECT_EQ(counts.writes_crm,
            static_cast<std::int64_t>(sync_.desk().ServiceWrites() - crm_writes_before));
  EXPECT_EQ(certificate.audit_until - certificate.audit_from,
            counts.writes_partner_center + counts.writes_crm);

  // Nothing was left: the next round finds nothing, and there is no second account.
  const RoundResult next = sync_.Sync();
  EXPECT_EQ(next.run.written, 0);
  EXPECT_FALSE(next.certificate);
  ASSERT_EQ(Certificates().size(), 1u);
  EXPECT_EQ(Certificates()[0].counts, counts);
  for (std::size_t i = 0; i < pairs; ++i)
    ASSERT_EQ(Notes(i), sync_.Crm(opportunities_[i], "notes")) << i;
}

TEST_P(GapTest, WhatAnEventHadToldOfIsNotMissing) {
  SharedPairs(2);
  sync_.Pass(std::chrono::hours(2));
  PartnerNotes(0, "Told of");
  PartnerNotes(1, "Not told of");
  Event event;
  event.connection = ConnectionName{"contoso"};
  event.source = "webhook";
  event.name = "referral-updated";
  event.record_id = referrals_[0];
  event.dedupe_key = "the one that arrived";
  event.received_at = sync_.clock().Now();
  ASSERT_TRUE(sync_.store().AppendEvent(event));
  const RoundResult round = sync_.Poll();
  ASSERT_TRUE(round.certificate);
  EXPECT_EQ(round.certificate->counts.referrals_changed, 2);
  EXPECT_EQ(round.certificate->counts.events_missing, 1);
  EXPECT_FALSE(round.certificate->whole) << "two hours are covered by the lists of changes";
}

TEST_P(GapTest, AnOutageWithoutAChangeIsAccountedForToo) {
  SharedPairs(1);
  sync_.Pass(std::chrono::hours(1));
  const RoundResult round = sync_.Poll();
  ASSERT_TRUE(round.certificate);
  EXPECT_EQ(round.certificate->counts, GapCounts{});
}

TEST_P(GapTest, APauseShorterThanTheScheduleIsNoGap) {
  SharedPairs(1);
  sync_.Pass(std::chrono::minutes(14));
  EXPECT_FALSE(sync_.Poll().certificate);
  sync_.Pass(std::chrono::minutes(14));
  EXPECT_FALSE(sync_.Poll().certificate);
  EXPECT_TRUE(Certificates().empty());
}

// A crash while the gap is worked off: what was found before is not found again, and still counts.
TEST_P(GapTest, AKillInBetweenLosesNothingOfTheAccount) {
  SharedPairs(3);
  sync_.Pass(std::chrono::hours(5));
  PartnerNotes(0, "Changed while the service was off");
  SellerNotes(1, "Changed while the service was off");
  sandbox::FaultRule away;
  away.service = "referrals";
  away.method = "PATCH";
  away.kind = sandbox::FaultKind::drop_before;
  ASSERT_TRUE(sync_.world().faults().Add(away));
  const RoundResult first = sync_.Poll();
  EXPECT_FALSE(first.certificate) << "one write is in doubt";
  sync_.Restart();
  std::optional<GapCertificate> certificate;
  for (int round = 0; round < 5 && !certificate; ++round) {
    sync_.Pass(std::chrono::seconds(40));
    certificate = sync_.Poll().certificate;
  }
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->counts.referrals_changed, 1);
  EXPECT_EQ(certificate->counts.crm_records_changed, 1);
  EXPECT_EQ(certificate->counts.links, 2);
  EXPECT_EQ(certificate->counts.written, 2);
  EXPECT_EQ(certificate->counts.writes_partner_center, 1);
  EXPECT_EQ(certificate->counts.writes_crm, 1);
}

TEST_P(GapTest, WhatWaitsForAPersonIsNamedAsSuch) {
  SharedPairs(3);
  sync_.Pass(std::chrono::hours(5));
  sync_.SellerDeletes(opportunities_[2]);
  PartnerNotes(0, "Both wrote the same");
  SellerNotes(0, "Both wrote the same");
  auto incomplete = sync_.NewDeal("Not complete yet");
  incomplete.sync = true;
  incomplete.value = "";
  sync_.SellerOpens(incomplete);
  const RoundResult round = sync_.Poll();
  ASSERT_TRUE(round.certificate) << round.reason;
  const GapCounts& counts = round.certificate->counts;
  EXPECT_EQ(counts.crm_records_gone, 1);
  EXPECT_EQ(counts.ended, 1);
  EXPECT_EQ(counts.unchanged, 1) << "equal edits need no write";
  EXPECT_EQ(counts.crm_records_new, 1);
  EXPECT_EQ(counts.waiting, 1);
  EXPECT_EQ(counts.links, 3);
}

INSTANTIATE_TEST_SUITE_P(BothCrms, GapTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test
