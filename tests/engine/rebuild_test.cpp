// The database is gone, older than it was, or its bases are known from an exported audit. Judged by
// the remote sides' own rows and request log.

#include <fstream>

#include "app/audit_file.h"
#include "store/store_tools.h"
#include "support/sync_world.h"
#include "tools/sandbox/seed.h"

namespace cosell::test {
namespace {

const ConnectionName kContoso{"contoso"};

EngineOptions Policy(ConflictPolicy policy) {
  EngineOptions options;
  options.policy.conflict = policy;
  return options;
}

class RebuildTest : public testing::TestWithParam<CrmProduct> {
 protected:
  explicit RebuildTest(ConflictPolicy policy = ConflictPolicy::newest_wins)
      : sync_(GetParam(), Policy(policy)) {}

  void SharedPair() {
    referral_ = sync_.MicrosoftSends("Brewhouse telemetry rollout");
    sync_.Settle();
    sync_.PartnerMoves(referral_, "Active", "Accepted");
    sync_.Settle();
    opportunity_ = sync_.OpportunityOf(referral_);
  }
  void PartnerNotes(const std::string& text) {
    sync_.PartnerSets(referral_, "/details/notes", text);
  }
  void SellerNotes(const std::string& text) { sync_.SellerSets(opportunity_, {{"notes", text}}); }
  void ExpectNotes(const std::string& text) {
    EXPECT_EQ(sync_.Referral(referral_)["details"]["notes"], text);
    EXPECT_EQ(sync_.Crm(opportunity_, "notes"), text);
  }
  RoundResult Rebuild(const RecoveredBases* bases = nullptr) {
    sync_.Pass(std::chrono::seconds(2));
    return sync_.engine().Round({"rebuild", IntakeDepth::poll, {}, bases});
  }
  // What `audit export` writes.
  std::string ExportAudit() {
    const std::string file = sync_.database() + ".audit.jsonl";
    std::ofstream out(file, std::ios::binary);
    StoreInspector(sync_.database()).ExportAudit({}, [&](const std::string& line) {
      out << line << "\n";
    });
    return file;
  }
  // The entries alone, as another tool may have them from the view audit_log.
  std::string ExportEntries() {
    const std::string file = sync_.database() + ".entries.jsonl";
    std::ofstream out(file, std::ios::binary);
    ReadView(sync_.database(), OperatorView::audit_log, [&](auto columns, auto values) {
      Json line;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (const auto* text = std::get_if<std::string>(&values[i])) line[columns[i]] = *text;
        if (const auto* number = std::get_if<std::int64_t>(&values[i])) line[columns[i]] = *number;
      }
      out << line.dump() << "\n";
    });
    return file;
  }
  RecoveredBases BasesOf(const std::string& file) {
    const auto read = app::ReadAuditFile(file);
    EXPECT_TRUE(read) << (read ? "" : Describe(read.error()));
    return read ? read->by_connection.at("contoso") : RecoveredBases{};
  }
  std::string Copied() {
    const std::string copy = sync_.database() + ".copy";
    std::filesystem::remove(copy);
    BackupStore(sync_.database(), copy);
    return copy;
  }

  SyncWorld sync_;
  std::string referral_;
  std::string opportunity_;
};

// Calls to the lists of both sides, and everything else that is no sign-in.
struct Reads {
  std::size_t referrals = 0;
  std::size_t crm = 0;
  std::size_t writes = 0;
};

Reads ReadsAfter(SyncWorld& sync, std::int64_t sequence) {
  sandbox::RequestLog::Filter filter;
  filter.after = sequence;
  Reads reads;
  for (const auto& call : sync.world().log().Find(filter)) {
    if (call.service == "referrals") ++(call.method == "GET" ? reads.referrals : reads.writes);
    if (call.service == sync.crm_service() && call.target.find("/token") == std::string::npos)
      ++reads.crm;
  }
  return reads;
}

TEST_P(RebuildTest, AThousandPairsComeBackWithoutAWriteWithinThePagingMinimum) {
  constexpr std::size_t kPairs = 1'000;
  sandbox::SeedOptions seed;
  seed.crm = GetParam();
  seed.pairs = kPairs;
  seed.referrals_only = 0;
  seed.opportunities_only = 0;
  seed.referral_link_template = "https://partner.example/referrals?id={referral_id}";
  const auto seeded = sandbox::SeedWorld(sync_.world(), seed);
  const auto before = sync_.world().log().last_sequence();
  const std::size_t writes = sync_.Writes();

  const RoundResult round = Rebuild();
  EXPECT_EQ(round.run.outcome, "done") << round.reason;
  EXPECT_EQ(sync_.Writes(), writes);
  ASSERT_TRUE(round.certificate);
  const PairCensus census = sync_.store().CountLinks(kContoso, round.certificate->audit_from);
  EXPECT_EQ(census.pairs(), seeded.pairs);
  EXPECT_EQ(census.equal, seeded.pairs);
  EXPECT_EQ(census.only_crm + census.only_partner_center + census.ambiguous, 0);

  const Reads reads = ReadsAfter(sync_, before);
  const std::size_t pages = (static_cast<std::size_t>(seeded.referrals) + 99) / 100;
  EXPECT_LE(reads.referrals, pages + pages / 20 + 1) << "for " << seeded.referrals << " referrals";
  EXPECT_LE(reads.crm, 12u) << "a page each, and what describes the organisation";
  EXPECT_EQ(reads.writes, 0u);
  EXPECT_EQ(Rebuild().run.written, 0);
}

TEST_P(RebuildTest, AnInterruptedRebuildGoesOnWhereItStopped) {
  sandbox::SeedOptions seed;
  seed.crm = GetParam();
  seed.pairs = 600;
  seed.referrals_only = 0;
  seed.opportunities_only = 0;
  seed.referral_link_template = "https://partner.example/referrals?id={referral_id}";
  const auto seeded = sandbox::SeedWorld(sync_.world(), seed);
  sandbox::FaultRule away;
  away.service = "referrals";
  away.method = "GET";
  away.skip = 4;
  away.times = 0;
  away.kind = sandbox::FaultKind::unreachable;
  ASSERT_TRUE(sync_.world().faults().Add(away));
  EXPECT_TRUE(Rebuild().broken);
  sync_.world().faults().Clear();
  sync_.Restart();

  const auto before = sync_.world().log().last_sequence();
  const RoundResult round = Rebuild();
  ASSERT_TRUE(round.certificate) << round.reason;
  const std::size_t pages = (static_cast<std::size_t>(seeded.referrals) + 99) / 100;
  EXPECT_LE(ReadsAfter(sync_, before).referrals, pages - 3) << "four of them were read before";
  EXPECT_EQ(round.certificate->counts.referrals_new, seeded.referrals) << "both parts count";
  EXPECT_EQ(sync_.store().CountLinks(kContoso, 0).equal, seeded.pairs);
  EXPECT_EQ(round.run.written, 0);
}

TEST_P(RebuildTest, WhereTheSidesDifferThePolicyDecidesAndItIsCounted) {
  SharedPair();
  sync_.LoseDatabase();
  PartnerNotes("Partner Center's, older");
  sync_.Pass(std::chrono::minutes(5));
  SellerNotes("The CRM's, newer");
  const RoundResult round = Rebuild();
  ASSERT_TRUE(round.certificate);
  ExpectNotes("The CRM's, newer");
  const PairCensus census = sync_.store().CountLinks(kContoso, round.certificate->audit_from);
  EXPECT_EQ(census.written, 1);
  EXPECT_EQ(census.equal, 0);
  EXPECT_EQ(census.decided.at("newest_wins"), 1);
}

TEST_P(RebuildTest, WhatTheSellerWasToldIsNotToldAgain) {
  auto deal = sync_.NewDeal("Not complete yet");
  deal.sync = true;
  deal.value = "";
  const std::string id = sync_.SellerOpens(deal);
  sync_.Settle();
  const std::string told = sync_.Crm(id, "audit");
  ASSERT_NE(told, "");
  sync_.LoseDatabase();
  const std::size_t writes = sync_.Writes();
  Rebuild();
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(sync_.Crm(id, "audit"), told);
}

TEST_P(RebuildTest, ASoundDatabaseKeepsItsBasesAndEveryPairIsComparedAgain) {
  SharedPair();
  SellerNotes("Edited since");
  const Link before = sync_.LinkOf(opportunity_);
  const RoundResult round = Rebuild();
  ASSERT_TRUE(round.certificate);
  EXPECT_EQ(round.certificate->gap.cause, "rebuilt");
  ExpectNotes("Edited since");
  EXPECT_EQ(sync_.LinkOf(opportunity_).id, before.id);
  EXPECT_EQ(sync_.store().CountLinks(kContoso, round.certificate->audit_from).decided,
            (std::map<std::string, std::int64_t>{{"crm_changed", 1}}));
}

INSTANTIATE_TEST_SUITE_P(BothCrms, RebuildTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

// --- bases from an exported audit

// Without a base Partner Center would win.
class RebuildFromAuditTest : public RebuildTest {
 protected:
  RebuildFromAuditTest() : RebuildTest(ConflictPolicy::partner_center_wins) {}
};

TEST_P(RebuildFromAuditTest, AnEditMadeSinceGoesToTheOtherSide) {
  SharedPair();
  PartnerNotes("Agreed in the end");
  sync_.Settle();
  const std::string audit = ExportAudit();
  const Link before = sync_.LinkOf(opportunity_);
  sync_.LoseDatabase();
  SellerNotes("The seller's newest word");
  const RecoveredBases bases = BasesOf(audit);
  const RoundResult round = Rebuild(&bases);
  EXPECT_EQ(round.bases_recovered, 1);
  ExpectNotes("The seller's newest word");
  const auto known = Json::parse(before.base_partner_center);
  const auto recovered = Json::parse(sync_.LinkOf(opportunity_).base_partner_center);
  for (const auto& item : known.items()) {
    if (item.key() == "notes") continue;
    EXPECT_EQ(recovered.value(item.key(), Json()), item.value()) << item.key();
  }
}

// A pair that was adopted as it stood has no entry for most of its fields: only its own line tells
// what both sides agreed on.
TEST_P(RebuildFromAuditTest, WhatWasAgreedWithoutAWriteIsInTheExportToo) {
  SharedPair();
  PartnerNotes("Agreed in the end");
  sync_.Settle();
  const std::string before = sync_.LinkOf(opportunity_).base_partner_center;
  const RecoveredBases bases = BasesOf(ExportAudit());
  EXPECT_EQ(BasesOf(ExportEntries()).by_record.at(referral_).partner_center, "");
  sync_.LoseDatabase();
  Rebuild(&bases);
  sync_.Settle();
  EXPECT_EQ(Json::parse(sync_.LinkOf(opportunity_).base_partner_center), Json::parse(before));
}

TEST_P(RebuildFromAuditTest, WithoutTheAuditThePolicyDecides) {
  SharedPair();
  PartnerNotes("Agreed in the end");
  sync_.Settle();
  sync_.LoseDatabase();
  SellerNotes("The seller's newest word");
  Rebuild();
  ExpectNotes("Agreed in the end");
}

TEST_P(RebuildFromAuditTest, WhatIsWrongInTheFileIsNamedWithItsLine) {
  const std::string file = sync_.database() + ".jsonl";
  const std::pair<const char*, const char*> wrong[] = {
      {"{\"id\":1}\nnonsense\n", "line 2: it is not JSON"},
      {"{\"id\":1}\n{\"at\":\"now\"}\n", "line 2: it has no whole number as \"id\""},
      {"[]\n", "line 1: it is not a JSON object"},
      {"", "there is no audit entry in it"}};
  for (const auto& [text, expected] : wrong) {
    std::ofstream(file, std::ios::binary) << text;
    const auto read = app::ReadAuditFile(file);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(expected), std::string::npos) << read.error().message;
  }
  EXPECT_FALSE(app::ReadAuditFile(file + ".absent"));
}

INSTANTIATE_TEST_SUITE_P(BothCrms, RebuildFromAuditTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

// --- an older copy of the database

class OlderCopyTest : public RebuildTest {
 protected:
  void GoBackTo(const std::string& copy) {
    sync_.PutDatabase(copy);
    sync_.store().BeginGeneration(GenerationOrigin::older_copy, "an older copy");
  }
};

// The seller went back to the value the copy remembers, after another one had been synced: by the
// copy's base only Partner Center has changed, and the value it got from the seller would be
// written over the seller's newest word.
TEST_P(OlderCopyTest, AValueThatWasTakenBackIsNotBroughtBack) {
  SharedPair();
  SellerNotes("First word");
  sync_.Settle();
  const std::string copy = Copied();
  SellerNotes("Second word");
  sync_.Settle();
  ExpectNotes("Second word");
  sync_.Pass(std::chrono::minutes(5));
  SellerNotes("First word");
  GoBackTo(copy);
  const RoundResult round = sync_.Sync();
  ASSERT_TRUE(round.certificate) << round.reason;
  EXPECT_EQ(round.certificate->gap.cause, "older_copy");
  EXPECT_EQ(round.certificate->doubted, 1);
  ExpectNotes("First word");
  EXPECT_FALSE(sync_.LinkOf(opportunity_).base_in_doubt) << "the two are in step again";
  EXPECT_EQ(sync_.Sync().run.written, 0);
}

TEST_P(OlderCopyTest, WhereOneRecordHasNotChangedSinceTheOtherSidesEditIsWritten) {
  SharedPair();
  const std::string copy = Copied();
  SellerNotes("Edited since the copy was made");
  GoBackTo(copy);
  const RoundResult round = sync_.Sync();
  ASSERT_TRUE(round.certificate);
  EXPECT_EQ(round.certificate->doubted, 0);
  ExpectNotes("Edited since the copy was made");
  EXPECT_EQ(sync_.store().CountLinks(kContoso, round.certificate->audit_from).decided,
            (std::map<std::string, std::int64_t>{{"crm_changed", 1}}));
}

TEST_P(OlderCopyTest, WhatWasSharedSinceIsFoundAndNothingIsMadeTwice) {
  SharedPair();
  const std::string copy = Copied();
  auto deal = sync_.NewDeal("Shared after the copy was made");
  deal.sync = true;
  const std::string shared = sync_.SellerOpens(deal);
  const std::string received = sync_.MicrosoftSends("Received after the copy was made");
  sync_.Settle();
  const std::string referral = sync_.ReferralOf(shared);
  const std::string opportunity = sync_.OpportunityOf(received);
  const std::size_t writes = sync_.Writes();
  GoBackTo(copy);
  const RoundResult round = sync_.Sync();
  ASSERT_TRUE(round.certificate);
  EXPECT_EQ(sync_.Writes(), writes);
  EXPECT_EQ(sync_.ReferralOf(shared), referral);
  EXPECT_EQ(sync_.OpportunityOf(received), opportunity);
  EXPECT_EQ(round.certificate->counts.referrals_new, 3);
  EXPECT_EQ(round.certificate->counts.without_link, 1) << "Microsoft's own part of what it sent";
  EXPECT_EQ(round.certificate->counts.unchanged, round.certificate->counts.links);
}

// It stands in the chain, so that the entries that are no longer there are never missed silently.
TEST_P(OlderCopyTest, TheNewGenerationStandsInTheAudit) {
  SharedPair();
  GoBackTo(Copied());
  std::vector<std::string> operations;
  ReadView(sync_.database(), OperatorView::audit_log, [&](auto, auto values) {
    operations.push_back(std::get<std::string>(values[7]) + " " +
                         std::get<std::string>(values[12]));
  });
  ASSERT_FALSE(operations.empty());
  EXPECT_EQ(operations.back(), "generation older_copy");
  EXPECT_FALSE(VerifyAudit(sync_.database()));
}

INSTANTIATE_TEST_SUITE_P(BothCrms, OlderCopyTest,
                         testing::Values(CrmProduct::dynamics365, CrmProduct::salesforce),
                         NameOfCrm);

}  // namespace
}  // namespace cosell::test
