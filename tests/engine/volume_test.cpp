#include <gtest/gtest.h>

#include "support/sync_world.h"
#include "tools/sandbox/seed.h"

// What a mass change costs, counted in the remote side's own log.
namespace cosell::test {
namespace {

constexpr int kPairs = 2'000;

// Calls of one kind that Salesforce saw after a point of its log.
struct Calls {
  std::size_t writes = 0;
  std::size_t others = 0;
};

Calls CallsAfter(SyncWorld& sync, std::int64_t sequence) {
  sandbox::RequestLog::Filter filter;
  filter.service = "salesforce";
  filter.after = sequence;
  Calls calls;
  for (const auto& entry : sync.world().log().Find(filter)) {
    const bool write = entry.method == "PATCH";
    write ? ++calls.writes : ++calls.others;
  }
  return calls;
}

TEST(SalesforceVolumeTest, TwoThousandChangedDealsCostTenWriteCallsAndAHandfulOfReads) {
  SyncWorld sync(CrmProduct::salesforce);
  sandbox::SeedOptions seed;
  seed.crm = CrmProduct::salesforce;
  seed.pairs = kPairs;
  seed.referrals_only = 0;
  seed.opportunities_only = 0;
  seed.referral_link_template = "https://partner.example/referrals?id={referral_id}";
  sandbox::SeedWorld(sync.world(), seed);
  sync.Settle();
  Json patch = Json::array({{{"op", "replace"}, {"path", "/details/notes"}, {"value", ""}}});
  std::size_t changed = 0;
  for (const std::string& id : sync.world().ReferralIds()) {
    patch[0]["value"] = "Changed by an import, referral " + id;
    changed += sync.world().PersonEdits(id, patch.dump()) ? 1 : 0;
  }
  ASSERT_GT(changed, kPairs / 2u) << "most referrals are open";

  const auto before = sync.world().log().last_sequence();
  Confirmations confirmed;
  confirmed.mass_change = true;
  const RoundResult round = sync.Sync(IntakeDepth::poll, confirmed);
  EXPECT_EQ(round.run.failed, 0);
  EXPECT_GT(round.run.written, static_cast<std::int64_t>(kPairs / 2));
  const Calls calls = CallsAfter(sync, before);
  const auto written = static_cast<std::size_t>(round.run.written);
  EXPECT_LE(calls.writes, written / 200 + 2) << "for " << written << " writes";
  EXPECT_LE(calls.others, 12u) << "reads: changes, versions before, values after, cross-check";
}

}  // namespace
}  // namespace cosell::test
