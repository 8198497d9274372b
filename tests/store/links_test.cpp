#include <stdexcept>

#include "store/links.h"
#include "tests/store/store_fixture.h"

namespace cosell::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Ids = std::vector<std::int64_t>;

// --- snapshots

using SnapshotTest = StoreTest;

TEST_F(SnapshotTest, ComesBackAsItWasRead) {
  Snapshot read = Referral("referral-1", "h1");
  read.clock_offset = milliseconds(-250);
  read.counterpart_id = "crm-1";
  read.engagement_id = "engagement-1";
  read.organization_id = "contoso-org";
  Read(read);

  const auto found = store_->FindSnapshot(contoso_, Side::partner_center, "referral-1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->side, Side::partner_center);
  EXPECT_EQ(found->id, "referral-1");
  EXPECT_EQ(found->etag, read.etag);
  EXPECT_EQ(found->changed_at, At("2026-03-01T08:00:00.1234567Z"));
  EXPECT_EQ(found->read_at, read.read_at);
  EXPECT_EQ(found->clock_offset, milliseconds(-250));
  EXPECT_EQ(found->raw, read.raw);
  EXPECT_EQ(found->hash, "h1");
  EXPECT_FALSE(found->deleted);
  EXPECT_EQ(found->counterpart_id, "crm-1");
  EXPECT_EQ(found->engagement_id, "engagement-1");
  EXPECT_EQ(found->organization_id, "contoso-org");
  EXPECT_FALSE(store_->FindSnapshot(contoso_, Side::crm, "referral-1"));
}

TEST_F(SnapshotTest, LeadStaysALead) {
  Snapshot lead = Opportunity("lead-1", "h1");
  lead.kind = RecordKind::lead;
  Read(lead);
  const auto found = store_->FindSnapshot(contoso_, Side::crm, "lead-1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, RecordKind::lead);
  EXPECT_FALSE(found->clock_offset);
}

TEST_F(SnapshotTest, OutcomeTellsNewChangedAndUnchanged) {
  EXPECT_TRUE(Read(Referral("referral-1", "h1")).changed);
  EXPECT_FALSE(Read(Referral("referral-1", "h1")).changed);
  EXPECT_TRUE(Read(Referral("referral-1", "h2", "2026-03-01T08:30:00Z")).changed);
}

TEST_F(SnapshotTest, StaleReadIsIgnored) {
  Read(Referral("referral-1", "h2", "2026-03-01T08:00:00.0000002Z"));
  const SnapshotOutcome outcome =
      Read(Referral("referral-1", "h1", "2026-03-01T08:00:00.0000001Z"));
  EXPECT_TRUE(outcome.ignored);
  EXPECT_FALSE(outcome.changed);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->hash, "h2");
}

TEST_F(SnapshotTest, AnOlderStampLongAfterTheNewerOneIsAClockSetBack) {
  Snapshot newer = Referral("referral-1", "h1", "2026-03-01T08:00:00Z");
  Read(newer);
  Snapshot older = Referral("referral-1", "h2", "2026-03-01T07:00:00Z");
  older.read_at = newer.read_at + std::chrono::minutes(4);
  EXPECT_TRUE(Read(older).ignored);
  older.read_at = newer.read_at + std::chrono::minutes(5);
  EXPECT_FALSE(Read(older).ignored);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->hash, "h2");
}

TEST_F(SnapshotTest, TheAnswerToAWriteIsNeverStale) {
  Read(Referral("referral-1", "h1", "2026-03-01T08:00:00Z"));
  Changes changes;
  changes.snapshots.push_back(Referral("referral-1", "h2", "2026-03-01T07:00:00Z"));
  store_->Commit(contoso_, changes);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->hash, "h2");
}

// The CRM's stamps are whole seconds: two versions may share one.
TEST_F(SnapshotTest, SameStampWithAnotherHashIsAChange) {
  Read(Opportunity("crm-1", "h1", "2026-03-01T08:00:00Z"));
  const SnapshotOutcome outcome = Read(Opportunity("crm-1", "h2", "2026-03-01T08:00:00Z"));
  EXPECT_TRUE(outcome.changed);
  EXPECT_FALSE(outcome.ignored);
}

TEST_F(SnapshotTest, RawIsKeptVerbatimEvenWhenNothingMappedChanged) {
  Snapshot read = Referral("referral-1", "h1");
  Read(read);
  read.raw = R"({"id":"referral-1","unknownMember":[1,2]})";
  EXPECT_FALSE(Read(read).changed);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->raw, read.raw);
}

TEST_F(SnapshotTest, UnchangedRecordOfASweepOnlyMovesItsTime) {
  Snapshot read = Referral("referral-1", "h1");
  Read(read);
  Read(Referral("referral-2", "h1"));
  read.read_at = At("2026-03-01T09:10:00Z");
  read.clock_offset = milliseconds(5);
  Read(read);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->read_at,
            read.read_at);
  EXPECT_EQ(store_->FindSnapshot(contoso_, Side::partner_center, "referral-1")->clock_offset,
            milliseconds(5));
  EXPECT_EQ(store_->SnapshotsNotReadSince(contoso_, Side::partner_center, read.read_at),
            std::vector<std::string>{"referral-2"});
}

TEST_F(SnapshotTest, DeletedRecordsAreNeitherMissedNorCounted) {
  Snapshot gone = Opportunity("crm-1", "h1");
  Read(gone);
  Read(Opportunity("crm-2", "h1"));
  EXPECT_EQ(store_->CountSnapshots(contoso_, Side::crm), 2);
  gone.deleted = true;
  gone.hash = "gone";
  EXPECT_TRUE(Read(gone).changed);
  EXPECT_TRUE(store_->FindSnapshot(contoso_, Side::crm, "crm-1")->deleted);
  EXPECT_EQ(store_->CountSnapshots(contoso_, Side::crm), 1);
  EXPECT_EQ(store_->CountSnapshots(contoso_, Side::partner_center), 0);
  EXPECT_EQ(store_->SnapshotsNotReadSince(contoso_, Side::crm, At("2026-03-02T00:00:00Z")),
            std::vector<std::string>{"crm-2"});
}

TEST_F(SnapshotTest, SeveralReferralsNameOneCrmRecord) {
  for (const char* id : {"referral-b", "referral-a", "referral-c"}) {
    Snapshot referral = Referral(id, "h1");
    referral.counterpart_id = id == std::string("referral-c") ? "" : "crm-1";
    referral.engagement_id = "engagement-1";
    Read(referral);
  }
  const auto named = store_->FindByCounterpart(contoso_, Side::partner_center, "crm-1");
  ASSERT_EQ(named.size(), 2u);
  EXPECT_EQ(named[0].id, "referral-a");
  EXPECT_EQ(named[1].id, "referral-b");
  EXPECT_EQ(store_->FindByEngagement(contoso_, EngagementId{"engagement-1"}).size(), 3u);
  EXPECT_TRUE(store_->FindByCounterpart(contoso_, Side::partner_center, "").empty());
}

TEST_F(SnapshotTest, NewestChangeOfASide) {
  EXPECT_EQ(store_->NewestChange(contoso_, Side::crm), Instant{});
  Read(Opportunity("crm-1", "h1", "2026-03-01T08:00:05Z"));
  Read(Opportunity("crm-2", "h1", "2026-03-01T08:00:03Z"));
  EXPECT_EQ(store_->NewestChange(contoso_, Side::crm), At("2026-03-01T08:00:05Z"));
  EXPECT_EQ(store_->NewestChange(contoso_, Side::partner_center), Instant{});
}

// --- links

using LinkTest = StoreTest;

TEST_F(LinkTest, ComesBackAsItWasWritten) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Link link = LinkNow(id);
  EXPECT_EQ(link.state, LinkState::pending);
  link.kind = RecordKind::lead;
  link.state = LinkState::quarantined;
  link.reason = "The CRM refused the closing date.";
  link.base_partner_center = R"({"name":"Contoso pilot"})";
  link.base_crm = R"({"name":"Contoso pilo"})";
  link.engagement_id.text = "engagement-1";
  link.connected_referral_id.text = "referral-9";
  link.notice = "notice";
  link.attempts = 3;
  link.not_before = At("2026-03-01T10:00:00.5Z");
  link.last_synced_at = At("2026-03-01T07:00:00Z");
  link.seen_referral_hash = "r0";
  link.seen_crm_hash = "c1";
  Changes changes;
  changes.links = {link};
  store_->Commit(contoso_, changes);

  const Link found = LinkNow(id);
  EXPECT_EQ(found.id, id);
  EXPECT_EQ(found.referral_id.text, "referral-1");
  EXPECT_EQ(found.crm_id.text, "crm-1");
  EXPECT_EQ(found.kind, RecordKind::lead);
  EXPECT_EQ(found.state, LinkState::quarantined);
  EXPECT_EQ(found.reason, link.reason);
  EXPECT_EQ(found.base_partner_center, link.base_partner_center);
  EXPECT_EQ(found.base_crm, link.base_crm);
  EXPECT_EQ(found.engagement_id, link.engagement_id);
  EXPECT_EQ(found.connected_referral_id, link.connected_referral_id);
  EXPECT_EQ(found.notice, "notice");
  EXPECT_EQ(found.attempts, 3);
  EXPECT_EQ(found.not_before, link.not_before);
  EXPECT_EQ(found.last_synced_at, link.last_synced_at);
  EXPECT_EQ(found.seen_referral_hash, "r0");
  EXPECT_EQ(found.seen_crm_hash, "c1");
}

TEST_F(LinkTest, EqualBasesAreStoredOnce) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Changes changes;
  changes.links = {LinkNow(id)};
  changes.links[0].base_partner_center = R"({"value":"84500"})";
  changes.links[0].base_crm = R"({"value":"84500"})";
  store_->Commit(contoso_, changes);
  EXPECT_EQ(Ask("SELECT base_crm FROM link"), std::vector<std::string>{"NULL"});
  EXPECT_EQ(LinkNow(id).base_crm, R"({"value":"84500"})");

  changes.links[0].base_crm = R"({"value":"84501"})";
  store_->Commit(contoso_, changes);
  EXPECT_EQ(LinkNow(id).base_crm, R"({"value":"84501"})");
}

TEST_F(LinkTest, OneLinkPerReferralAndPerCrmRecord) {
  ReadAndLink("referral-1", "crm-1");
  EXPECT_THROW(store_->InsertLink(contoso_, Pair("referral-1", "")), std::logic_error);
  EXPECT_THROW(store_->InsertLink(contoso_, Pair("", "crm-1")), std::logic_error);
  store_->InsertLink(contoso_, Pair("referral-2", ""));
  store_->InsertLink(contoso_, Pair("referral-3", ""));
  store_->InsertLink(contoso_, Pair("", "crm-2"));
  store_->InsertLink(contoso_, Pair("", "crm-3"));
  EXPECT_EQ(Count("link"), 5);

  const ConnectionName fabrikam{"fabrikam"};
  store_->OpenConnection(fabrikam, "live");
  store_->InsertLink(fabrikam, Pair("referral-1", "crm-1"));
}

TEST_F(LinkTest, FoundByEitherSide) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  EXPECT_EQ(store_->FindLinkByReferral(contoso_, ReferralId{"referral-1"})->id, id);
  EXPECT_EQ(store_->FindLinkByCrm(contoso_, CrmId{"crm-1"})->id, id);
  EXPECT_FALSE(store_->FindLinkByCrm(contoso_, CrmId{"referral-1"}));
  EXPECT_FALSE(store_->FindLinkByReferral(contoso_, ReferralId{""}));
  EXPECT_FALSE(store_->LoadLink(contoso_, 99));
  EXPECT_EQ(Read(Referral("referral-1", "r2", "2026-03-01T08:01:00Z")).link_id, id);
  EXPECT_EQ(Read(Referral("referral-2", "r1")).link_id, 0);
}

TEST_F(LinkTest, WorkOfALinkHoldsBothSnapshots) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  const LinkWork work = store_->LoadLink(contoso_, id).value();
  ASSERT_TRUE(work.referral && work.crm);
  EXPECT_EQ(work.referral->id, "referral-1");
  EXPECT_EQ(work.crm->id, "crm-1");
  const std::int64_t half = store_->InsertLink(contoso_, Pair("", "crm-2"));
  EXPECT_FALSE(store_->LoadLink(contoso_, half)->referral);
  EXPECT_FALSE(store_->LoadLink(contoso_, half)->crm);
}

TEST_F(LinkTest, LinkOfAnotherConnectionCannotBeChanged) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  const ConnectionName fabrikam{"fabrikam"};
  store_->OpenConnection(fabrikam, "live");
  EXPECT_FALSE(store_->LoadLink(fabrikam, id));
  Changes changes;
  changes.links = {LinkNow(id)};
  EXPECT_THROW(store_->Commit(fabrikam, changes), std::logic_error);
}

TEST_F(LinkTest, PagesThroughAllLinks) {
  Ids ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(store_->InsertLink(contoso_, Pair("referral-" + std::to_string(i), "")));
  }
  Ids seen;
  std::int64_t after = 0;
  for (auto page = store_->LinksAfter(contoso_, after, 2); !page.empty();
       page = store_->LinksAfter(contoso_, after, 2)) {
    EXPECT_LE(page.size(), 2u);
    for (const LinkWork& work : page) seen.push_back(work.link.id);
    after = seen.back();
  }
  EXPECT_EQ(seen, ids);
}

TEST_F(LinkTest, PairsAreLinksWithBothSidesThatAreOurs) {
  ReadAndLink("referral-1", "crm-1");
  store_->InsertLink(contoso_, Pair("referral-2", ""));
  for (const LinkState state : {LinkState::unlinked, LinkState::left_alone, LinkState::closed}) {
    Link link = Pair("referral " + std::string(ToString(state)), std::string(ToString(state)));
    link.state = state;
    store_->InsertLink(contoso_, link);
  }
  Link half = Pair("referral-3", "");
  half.state = LinkState::left_alone;
  store_->InsertLink(contoso_, half);
  EXPECT_EQ(store_->CountPairs(contoso_), 2);
}

// --- due links

using DueLinksTest = StoreTest;

TEST_F(DueLinksTest, NewLinkIsDirtyUntilWorkedOn) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  EXPECT_EQ(Due(), Ids{id});
  WorkedOn(id);
  EXPECT_EQ(Due(), Ids{});
}

TEST_F(DueLinksTest, ChangeOfEitherSideMakesItDirty) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  WorkedOn(id);
  Read(Referral("referral-1", "r2", "2026-03-01T08:30:00Z"));
  EXPECT_EQ(Due(), Ids{id});
  WorkedOn(id);
  Read(Opportunity("crm-1", "c2", "2026-03-01T08:30:00Z"));
  EXPECT_EQ(Due(), Ids{id});
}

TEST_F(DueLinksTest, UnchangedOrStaleReadIsNoWork) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  WorkedOn(id);
  Read(Referral("referral-1", "r1"));
  Read(Referral("referral-1", "r0", "2026-02-01T08:00:00Z"));
  EXPECT_EQ(Due(), Ids{});
}

TEST_F(DueLinksTest, SnapshotThatComesAfterTheLink) {
  const std::int64_t id = store_->InsertLink(contoso_, Pair("referral-1", ""));
  EXPECT_EQ(Due(), Ids{});
  Read(Referral("referral-1", "r1"));
  EXPECT_EQ(Due(), Ids{id});
}

TEST_F(DueLinksTest, SideThatIsAddedLaterBringsItsSnapshot) {
  Read(Referral("referral-1", "r1"));
  Read(Opportunity("crm-1", "c1"));
  const std::int64_t id = store_->InsertLink(contoso_, Pair("referral-1", ""));
  WorkedOn(id);
  EXPECT_EQ(Due(), Ids{});
  Changes changes;
  changes.links = {LinkNow(id)};
  changes.links[0].crm_id.text = "crm-1";
  store_->Commit(contoso_, changes);
  EXPECT_EQ(Due(), Ids{id});
  WorkedOn(id);
  EXPECT_EQ(Due(), Ids{});
}

TEST_F(DueLinksTest, HeldBackUntilItsTime) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  WorkedOn(id, clock_.Now() + seconds(60), LinkState::quarantined);
  Read(Referral("referral-1", "r2", "2026-03-01T08:30:00Z"));
  EXPECT_EQ(Due(), Ids{});
  EXPECT_EQ(store_->NextDue(contoso_, clock_.Now()), clock_.Now() + seconds(60));
  clock_.Advance(seconds(60));
  EXPECT_EQ(Due(), Ids{id}) << "once, although it is both dirty and due";
  EXPECT_FALSE(store_->NextDue(contoso_, clock_.Now()));
}

// A pair in step may have to be looked at later, when an offer is about to expire: that must not
// keep its edits waiting.
TEST_F(DueLinksTest, APairInStepIsNotHeldBackByALaterLook) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  WorkedOn(id, clock_.Now() + seconds(60));
  Read(Referral("referral-1", "r2", "2026-03-01T08:30:00Z"));
  EXPECT_EQ(Due(), Ids{id});
}

TEST_F(DueLinksTest, LookedAtAgainAtItsTimeThoughUnchanged) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  WorkedOn(id, clock_.Now() + seconds(60));
  clock_.Advance(milliseconds(59'999));
  EXPECT_EQ(Due(), Ids{});
  clock_.Advance(milliseconds(1));
  EXPECT_EQ(Due(), Ids{id});
}

TEST_F(DueLinksTest, NextDueIsTheEarliestOfLinksAndEvents) {
  WorkedOn(ReadAndLink("referral-1", "crm-1"), clock_.Now() + seconds(60));
  WorkedOn(ReadAndLink("referral-2", "crm-2"), clock_.Now() + seconds(40));
  EXPECT_EQ(store_->NextDue(contoso_, clock_.Now()), clock_.Now() + seconds(40));
  Event event;
  event.connection = contoso_;
  event.dedupe_key = "k1";
  event.received_at = clock_.Now();
  store_->AppendEvent(event);
  Changes changes;
  changes.delayed_events = {
      {store_->DueEvents(contoso_, clock_.Now(), 1).at(0).id, clock_.Now() + seconds(20)}};
  store_->Commit(contoso_, changes);
  EXPECT_EQ(store_->NextDue(contoso_, clock_.Now()), clock_.Now() + seconds(20));
}

TEST_F(DueLinksTest, UnlinkedNeverComesUp) {
  const std::int64_t id = ReadAndLink("referral-1", "crm-1");
  Changes changes;
  changes.links = {LinkNow(id)};
  changes.links[0].state = LinkState::unlinked;
  changes.links[0].not_before = clock_.Now() - seconds(1);
  store_->Commit(contoso_, changes);
  EXPECT_EQ(Due(), Ids{});
  Read(Opportunity("crm-1", "c2", "2026-03-01T08:30:00Z"));
  store_->MarkAllDirty(contoso_);
  EXPECT_EQ(Due(), Ids{});
  EXPECT_EQ(store_->Status(clock_.Now()).at(0).lag_s, 0);
}

TEST_F(DueLinksTest, OldestFirstAndNoMoreThanAskedFor) {
  const std::int64_t first = ReadAndLink("referral-1", "crm-1");
  const std::int64_t second = ReadAndLink("referral-2", "crm-2");
  const std::int64_t timed = ReadAndLink("referral-3", "crm-3");
  WorkedOn(first);
  WorkedOn(second);
  WorkedOn(timed, clock_.Now() + seconds(15));
  clock_.Advance(seconds(10));
  Read(Opportunity("crm-2", "c2", "2026-03-01T08:30:00Z"));
  clock_.Advance(seconds(10));
  Read(Opportunity("crm-1", "c2", "2026-03-01T08:30:00Z"));
  EXPECT_EQ(Due(), (Ids{second, timed, first}));
  EXPECT_EQ(store_->DueLinks(contoso_, clock_.Now(), 1).at(0).link.id, second);

  // Another change does not send a waiting link to the end of the line.
  Read(Opportunity("crm-2", "c3", "2026-03-01T08:40:00Z"));
  EXPECT_EQ(Due().front(), second);
}

TEST_F(DueLinksTest, ChangedMappingMakesAllDirty) {
  const std::int64_t first = ReadAndLink("referral-1", "crm-1");
  const std::int64_t second = ReadAndLink("referral-2", "crm-2");
  WorkedOn(first);
  WorkedOn(second);
  store_->MarkAllDirty(contoso_);
  EXPECT_EQ(Due(), (Ids{first, second}));
  EXPECT_EQ(LinkNow(first).seen_referral_hash, "");
}

TEST_F(DueLinksTest, QueryUsesThePartialIndexes) {
  std::string plan;
  SQLite::Database db(path_, SQLite::OPEN_READONLY);
  SQLite::Statement explain(db, "EXPLAIN QUERY PLAN " + kDueLinksSql);
  while (explain.executeStep()) plan += explain.getColumn(3).getString() + "\n";
  EXPECT_NE(plan.find("link USING INDEX link_dirty"), std::string::npos) << plan;
  EXPECT_NE(plan.find("link USING INDEX link_not_before"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

}  // namespace
}  // namespace cosell::store
