#include "engine/intake.h"

#include <algorithm>
#include <set>

#include "base/planted.h"
#include "engine/snapshots.h"
#include "engine/whole_read.h"

namespace cosell {
namespace {

constexpr std::string_view kReferralsWatermark = "referrals_watermark";
constexpr std::string_view kReferralsComplete = "referrals_complete";
// "": both sides list records. Else what is known of a side that lists none.
constexpr std::string_view kEmptySide = "empty_side";
constexpr std::string_view kEmptyStopped = "stopped";
constexpr std::string_view kEmptyConfirmed = "confirmed";

// Lists lag behind writes and stamps are not given out in order: what changed shortly before the
// watermark is read again.
constexpr std::chrono::minutes kOverlap{5};
constexpr std::size_t kEventsPerRound = 1000;
// Up to this many referrals are fetched one by one; more come cheaper in the next list.
constexpr std::size_t kSingleReadsMax = 4;
constexpr int kEventAttemptsMax = 5;
constexpr std::chrono::seconds kEventDelay{2};
// More pages than any real organisation has; a server that never ends its list must not hold a
// round for ever.
constexpr int kPagesMax = 100'000;

// Names of cursors: opportunities have the plain ones.
std::string ForKind(std::string name, RecordKind kind) {
  return kind == RecordKind::opportunity ? name : name + "_" + std::string(ToString(kind));
}
std::string CrmCursor(RecordKind kind) { return ForKind("crm_changes", kind); }
std::string CrmComplete(RecordKind kind) { return ForKind("crm_complete", kind); }
std::string CrmWholeRead(RecordKind kind) { return ForKind("crm_whole_read", kind); }
constexpr const char* kReferralsWholeRead = "referrals_whole_read";

// Pages come oldest change first, so that a read goes on at the newest stamp it has reached.
std::string NewestOf(const std::vector<RemoteReferral>& referrals) {
  Instant newest;
  for (const RemoteReferral& referral : referrals) newest = std::max(newest, referral.updated_at);
  return FormatInstant(newest);
}

}  // namespace

bool IsStoppedByEmptySide(EngineContext& context) {
  return context.store.Cursor(context.name(), std::string(kEmptySide)) == kEmptyStopped;
}

Result<IntakeResult> Intake::Run(IntakeDepth depth, EmptySide empty_side) {
  IntakeResult result;
  if (depth != IntakeDepth::sweep && empty_side == EmptySide::stops &&
      IsStoppedByEmptySide(context_)) {
    result.stopped = "empty-side";
    return result;
  }
  const bool whole = depth == IntakeDepth::sweep || !Complete();
  source_ = whole ? "sweep" : "poll";
  const auto known_referrals = context_.store.CountSnapshots(context_.name(), Side::partner_center);
  const auto known_records = context_.store.CountSnapshots(context_.name(), Side::crm);

  const auto referrals = whole || depth == IntakeDepth::poll ? ReadReferrals(whole) : ReadEvents();
  if (!referrals) return referrals.error();
  const auto records = ReadCrm(whole, empty_side == EmptySide::confirmed);
  if (!records) return records.error();

  result.read = *referrals + *records;
  const bool emptied =
      whole && ((*referrals == 0 && known_referrals > 0) || (*records == 0 && known_records > 0));
  if (whole && JudgeEmptySide(emptied, empty_side)) result.stopped = "empty-side";
  if (whole || depth == IntakeDepth::poll) {
    const auto events = ReadEvents();
    if (!events) return events.error();
  }
  source_ = "read";
  return result;
}

// Whether the round must stop.
bool Intake::JudgeEmptySide(bool emptied, EmptySide empty_side) {
  if (empty_side == EmptySide::ignored) return false;
  const auto known = context_.store.Cursor(context_.name(), std::string(kEmptySide));
  if (!emptied) {
    if (known) SetCursor(std::string(kEmptySide), "");
    return false;
  }
  if (empty_side == EmptySide::confirmed || known == kEmptyConfirmed) {
    SetCursor(std::string(kEmptySide), std::string(kEmptyConfirmed));
    return false;
  }
  SetCursor(std::string(kEmptySide), std::string(kEmptyStopped));
  return true;
}

bool Intake::Complete() const {
  const auto known = [&](const std::string& cursor) {
    return context_.store.Cursor(context_.name(), cursor).has_value();
  };
  const auto kinds = Kinds();
  return known(std::string(kReferralsComplete)) &&
         std::all_of(kinds.begin(), kinds.end(),
                     [&](RecordKind kind) { return known(CrmComplete(kind)); });
}

// Opportunities first: what a lead became is known when the lead is read.
std::vector<RecordKind> Intake::Kinds() const {
  if (!context_.mapping.lead) return {RecordKind::opportunity};
  return {RecordKind::opportunity, RecordKind::lead};
}

void Intake::Save(const RemoteReferral& referral) {
  if (const auto snapshot = MakeSnapshot(context_, referral)) SaveAll({*snapshot});
}

void Intake::Save(const CrmRecord& record) {
  if (const auto snapshot = MakeSnapshot(context_, record)) SaveAll({*snapshot});
}

Result<std::int64_t> Intake::ReadReferrals(bool whole) {
  const auto watermark = context_.store.Cursor(context_.name(), std::string(kReferralsWatermark));
  std::optional<Instant> since;
  if (!whole && watermark) since = ParseInstant(*watermark);
  if (since && !Planted(PlantedBug::watermark_without_overlap)) since = *since - kOverlap;
  WholeRead everything(context_, kReferralsWholeRead);
  if (whole) since = ParseInstant(everything.position());
  std::int64_t read = 0;
  std::string next;
  for (int page_number = 0; page_number < kPagesMax; ++page_number) {
    const auto page = context_.partner_center.List(since, next);
    if (!page) return page.error();
    std::vector<Snapshot> snapshots;
    for (const RemoteReferral& referral : page->referrals) {
      auto snapshot = MakeSnapshot(context_, referral);
      if (snapshot) snapshots.push_back(std::move(*snapshot));
    }
    SaveAll(snapshots);
    read += static_cast<std::int64_t>(page->referrals.size());
    context_.Advance(static_cast<std::int64_t>(page->referrals.size()), 0);
    next = page->next;
    if (next.empty()) break;
    if (whole && !page->referrals.empty()) everything.Reached(NewestOf(page->referrals));
  }
  if (whole) everything.End();
  const Instant newest = context_.store.NewestChange(context_.name(), Side::partner_center);
  SetCursor(std::string(kReferralsWatermark), FormatInstant(newest));
  if (whole) SetCursor(std::string(kReferralsComplete), FormatInstant(context_.clock.Now()));
  return read;
}

Result<std::int64_t> Intake::ReadCrm(bool whole, bool may_be_empty) {
  std::int64_t read = 0;
  std::vector<KindRead> kinds;
  for (const RecordKind kind : Kinds()) {
    auto records = ReadKind(kind, whole);
    if (!records) return records.error();
    read += records->read;
    kinds.push_back(std::move(*records));
  }
  for (const KindRead& each : kinds) {
    if (each.full && (read > 0 || may_be_empty)) {
      if (const auto found = FindDeleted(each.kind, each.started); !found) return found.error();
    }
    SetCursor(CrmCursor(each.kind), each.cursor);
    if (each.full) SetCursor(CrmComplete(each.kind), FormatInstant(context_.clock.Now()));
  }
  return read;
}

Result<Intake::KindRead> Intake::ReadKind(RecordKind kind, bool whole) {
  std::string cursor = context_.store.Cursor(context_.name(), CrmCursor(kind)).value_or("");
  WholeRead everything(context_, CrmWholeRead(kind));
  KindRead result;
  result.kind = kind;
  result.full = whole || cursor.empty();
  if (result.full) cursor = everything.position();
  for (int page_number = 0; page_number < kPagesMax; ++page_number) {
    const auto page = context_.crm.Changes(kind, cursor);
    if (!page && page.error().kind == ErrorKind::cursor_expired && !cursor.empty()) {
      context_.log.Warning("the CRM no longer knows the change cursor; reading it whole",
                           {{"connection", context_.name().text}});
      cursor.clear();
      everything.BeginAnew();
      result.full = true;
      continue;
    }
    if (!page) return page.error();
    if (Planted(PlantedBug::cursor_before_rows)) SetCursor(CrmCursor(kind), page->cursor);
    if (const auto saved = SaveRecords(page->records); !saved) return saved.error();
    std::vector<std::string> deleted;
    for (const CrmId& id : page->deleted) deleted.push_back(id.text);
    MarkDeleted(deleted);
    result.read += static_cast<std::int64_t>(page->records.size());
    context_.Advance(static_cast<std::int64_t>(page->records.size()), 0);
    cursor = page->cursor;
    if (!page->more) break;
    if (result.full) everything.Reached(cursor);
  }
  if (result.full) everything.End();
  result.started = everything.started();
  result.cursor = cursor;
  return result;
}

// What leads became is read before them, so that their pairs can go on with it.
Status Intake::SaveRecords(const std::vector<CrmRecord>& records) {
  std::vector<Snapshot> snapshots;
  std::vector<CrmId> became;
  for (const CrmRecord& record : records) {
    auto snapshot = Wanted(record);
    if (!snapshot) continue;
    if (const std::string id = Successor(*snapshot); !id.empty()) became.push_back(CrmId{id});
    snapshots.push_back(std::move(*snapshot));
  }
  if (!became.empty()) {
    const auto found = context_.crm.Read(RecordKind::opportunity, became, Crm::Detail::own);
    if (!found) return found.error();
    for (const CrmRecord& record : *found) Save(record);
  }
  SaveAll(snapshots);
  return Done{};
}

// The opportunity a linked lead became, if it is not known yet.
std::string Intake::Successor(const Snapshot& snapshot) {
  if (snapshot.kind != RecordKind::lead) return "";
  const auto link = context_.store.FindLinkByCrm(context_.name(), CrmId{snapshot.id});
  const auto facts = FactsFromCrm(context_.mapping.For(snapshot.kind), snapshot.raw);
  if (!link || link->referral_id.empty() || !facts || facts->became.empty()) return "";
  const auto known = context_.store.FindSnapshot(context_.name(), Side::crm, facts->became);
  return known && !known->deleted ? "" : facts->became;
}

// Only what is flagged, carries an identifier or is linked already is kept: other records of the
// CRM are none of our business.
std::optional<Snapshot> Intake::Wanted(const CrmRecord& record) {
  const bool ours = record.sync || Planted(PlantedBug::sync_flag_ignored) ||
                    !record.referral_id.empty() ||
                    context_.store.FindLinkByCrm(context_.name(), record.id).has_value();
  if (!ours) return std::nullopt;
  auto snapshot = MakeSnapshot(context_, record);
  if (!snapshot) {
    context_.log.Warning("a CRM record could not be mapped and was left as it is",
                         {{"connection", context_.name().text},
                          {"record", record.id.text},
                          {"error", Summarize(snapshot.error())}});
    return std::nullopt;
  }
  return std::move(*snapshot);
}

void Intake::SaveAll(std::vector<Snapshot> snapshots) {
  if (snapshots.empty()) return;
  for (Snapshot& snapshot : snapshots) NoteSource(&snapshot);
  const auto outcomes = context_.store.SaveSnapshots(context_.name(), snapshots);
  linker_.PlaceAll(snapshots, outcomes);
}

void Intake::NoteEvents(const std::vector<InboxEvent>& events) {
  events_.clear();
  for (const InboxEvent& each : events) {
    events_[each.event.record_id] =
        each.event.name + " received " + FormatSeconds(each.event.received_at);
  }
}

void Intake::NoteSource(Snapshot* snapshot) const {
  snapshot->source = source_;
  if (const auto event = events_.find(snapshot->id); event != events_.end()) {
    snapshot->source = "event";
    snapshot->source_detail = event->second;
  }
}

// A full read reports no deletions: what it did not bring is asked for once more and, if it is
// really gone, marked.
Status Intake::FindDeleted(RecordKind kind, Instant started) {
  auto ids = context_.store.SnapshotsNotReadSince(context_.name(), Side::crm, started);
  std::erase_if(ids, [&](const std::string& id) {
    const auto snapshot = context_.store.FindSnapshot(context_.name(), Side::crm, id);
    return !snapshot || snapshot->kind != kind;
  });
  if (ids.empty()) return Done{};
  if (Planted(PlantedBug::unlisted_taken_for_deleted)) {
    MarkDeleted(ids);
    return Done{};
  }
  std::vector<CrmId> asked;
  for (const auto& id : ids) asked.push_back(CrmId{id});
  const auto found = context_.crm.Read(kind, asked, Crm::Detail::own);
  if (!found) return found.error();
  std::set<std::string> there;
  for (const CrmRecord& record : *found) {
    there.insert(record.id.text);
    Save(record);
  }
  std::vector<std::string> gone;
  for (const auto& id : ids) {
    if (!there.contains(id)) gone.push_back(id);
  }
  MarkDeleted(gone);
  return Done{};
}

void Intake::MarkDeleted(const std::vector<std::string>& ids) {
  if (!ids.empty() && Planted(PlantedBug::deletion_missed)) return;
  std::vector<Snapshot> snapshots;
  for (const auto& id : ids) {
    auto known = context_.store.FindSnapshot(context_.name(), Side::crm, id);
    if (!known || known->deleted) continue;
    known->deleted = true;
    known->hash = "deleted";
    known->read_at = context_.clock.Now();
    NoteSource(&*known);
    snapshots.push_back(std::move(*known));
  }
  if (!snapshots.empty()) context_.store.SaveSnapshots(context_.name(), snapshots);
}

Result<std::int64_t> Intake::ReadEvents() {
  const auto due = context_.store.DueEvents(context_.name(), context_.clock.Now(), kEventsPerRound);
  if (due.empty()) return std::int64_t{0};
  std::vector<InboxEvent> referral_events, crm_events;
  for (const InboxEvent& event : due) {
    (event.event.side == Side::partner_center ? referral_events : crm_events).push_back(event);
  }
  NoteEvents(due);
  const auto read = FollowReferralEvents(referral_events);
  if (!read) return read.error();
  if (const auto followed = FollowCrmEvents(crm_events); !followed) return followed.error();
  events_.clear();
  FinishEvents(due);
  return *read;
}

Result<std::int64_t> Intake::FollowReferralEvents(const std::vector<InboxEvent>& events) {
  std::set<std::string> ids;
  for (const InboxEvent& event : events) {
    if (!IsUpToDate(event)) ids.insert(event.event.record_id);
  }
  if (ids.size() > kSingleReadsMax) {
    const auto read = ReadReferrals(false);
    if (!read) return read.error();
    std::erase_if(ids, [&](const std::string& id) {
      return context_.store.FindSnapshot(context_.name(), Side::partner_center, id).has_value();
    });
  }
  for (const auto& id : ids) {
    const auto referral = context_.partner_center.Get(ReferralId{id});
    if (referral) {
      Save(*referral);
    } else if (referral.error().kind != ErrorKind::not_found &&
               referral.error().kind != ErrorKind::forbidden &&
               !Planted(PlantedBug::event_finished_unread)) {
      return referral.error();
    }
  }
  return static_cast<std::int64_t>(ids.size());
}

Status Intake::FollowCrmEvents(const std::vector<InboxEvent>& events) {
  for (const RecordKind kind : Kinds()) {
    std::set<std::string> ids;
    for (const InboxEvent& event : events) {
      if (event.event.kind == kind) ids.insert(event.event.record_id);
    }
    if (ids.empty()) continue;
    std::vector<CrmId> asked;
    for (const auto& id : ids) asked.push_back(CrmId{id});
    const auto records = context_.crm.Read(kind, asked, Crm::Detail::own);
    if (!records) return records.error();
    if (const auto saved = SaveRecords(*records); !saved) return saved.error();
  }
  return Done{};
}

// What we hold is at least as new as what the event tells of.
bool Intake::IsUpToDate(const InboxEvent& event) {
  if (!event.event.changed_at) return false;
  const auto known =
      context_.store.FindSnapshot(context_.name(), event.event.side, event.event.record_id);
  return known && known->changed_at >= *event.event.changed_at;
}

// A read may still bring the version before the event: such an event stays for a second look.
void Intake::FinishEvents(const std::vector<InboxEvent>& events) {
  Changes changes;
  for (const InboxEvent& event : events) {
    const bool known =
        context_.store.FindSnapshot(context_.name(), event.event.side, event.event.record_id)
            .has_value();
    const bool look_again = event.event.side == Side::partner_center && event.event.changed_at &&
                            known && !IsUpToDate(event) && event.attempts < kEventAttemptsMax;
    if (look_again) {
      changes.delayed_events.push_back({event.id, context_.clock.Now() + kEventDelay});
    } else {
      changes.finished_events.push_back(event.id);
    }
  }
  context_.store.Commit(context_.name(), changes);
}

void Intake::SetCursor(const std::string& name, const std::string& value) {
  if (context_.store.Cursor(context_.name(), name) == value) return;
  Changes changes;
  changes.cursors.emplace_back(name, value);
  context_.store.Commit(context_.name(), changes);
}

}  // namespace cosell
