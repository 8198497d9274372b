#include "store/sqlite_store.h"

#include <stdexcept>

#include "store/audit.h"
#include "store/conflicts.h"
#include "store/decisions.h"
#include "store/erase.h"
#include "store/gaps.h"
#include "store/generations.h"
#include "store/inbox.h"
#include "store/intents.h"
#include "store/links.h"
#include "store/prune.h"
#include "store/snapshots.h"
#include "store/write_times.h"

namespace cosell::store {

SqliteStore::SqliteStore(const StoreOptions& options, std::span<const Migration> migrations)
    : clock_(options.clock), random_(options.random) {
  if (clock_ == nullptr) throw std::logic_error("OpenStore needs a clock");
  writer_ = std::make_unique<Session>(options.path, Access::write, options.vfs);
  BringUpToDate(*writer_, migrations);
  if (options.external_checkpoints) writer_->Execute("PRAGMA wal_autocheckpoint = 0");
  reader_ = std::make_unique<Session>(options.path, Access::read, options.vfs);
  inbox_writer_ = std::make_unique<InboxWriter>(*writer_, *clock_);
}

SqliteStore::SqliteStore(const std::string& path, std::span<const Migration> migrations)
    : reader_(std::make_unique<Session>(path, Access::read)) {
  RequireReadable(*reader_, migrations);
}

Session& SqliteStore::Writer() {
  if (!writer_)
    throw std::logic_error("the database '" + reader_->path() + "' is open for reading only");
  return *writer_;
}

// --- connections

void SqliteStore::OpenConnection(const ConnectionName& name, const std::string& mode) {
  Session& session = Writer();
  session.Write([&] {
    const bool fresh = !FindConnection(session, name).has_value();
    SaveConnection(session, name, mode);
    const auto generation = ReadGeneration(session);
    if (fresh && generation) AccountForLoss(session, RequireConnection(session, name), *generation);
  });
}

void SqliteStore::SetConnectionState(const ConnectionName& name, const std::string& state,
                                     const std::string& reason) {
  WriteFor(name, [&](Session& session, ConnectionRow connection) {
    SaveConnectionState(session, connection, state, reason);
  });
}

std::vector<ConnectionStatus> SqliteStore::Status(Instant now) {
  return reader_->Read([&] { return ReadStatus(*reader_, now); });
}

// --- inbox

bool SqliteStore::AppendEvent(const Event& event) {
  Writer();
  return inbox_writer_->Append({&event, 1}) == 1;
}

std::size_t SqliteStore::AppendEvents(const std::vector<Event>& events) {
  Writer();
  return inbox_writer_->Append(events);
}

std::vector<InboxEvent> SqliteStore::DueEvents(const ConnectionName& name, Instant now,
                                               std::size_t limit) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadDueEvents(session, connection, name, now, limit);
  });
}

// --- records

std::vector<SnapshotOutcome> SqliteStore::SaveSnapshots(const ConnectionName& name,
                                                        std::span<const Snapshot> snapshots) {
  return WriteFor(name, [&](Session& session, ConnectionRow connection) {
    const Instant now = clock_->Now();
    std::vector<SnapshotOutcome> outcomes;
    outcomes.reserve(snapshots.size());
    for (const Snapshot& snapshot : snapshots) {
      outcomes.push_back(SaveSnapshot(session, connection, snapshot, now));
    }
    NoteFound(session, connection, snapshots, outcomes);
    return outcomes;
  });
}

std::optional<Snapshot> SqliteStore::FindSnapshot(const ConnectionName& name, Side side,
                                                  const std::string& id) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadSnapshot(session, connection, side, id);
  });
}

std::vector<Snapshot> SqliteStore::FindByCounterpart(const ConnectionName& name, Side side,
                                                     const std::string& counterpart_id) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadByCounterpart(session, connection, side, counterpart_id);
  });
}

std::vector<Snapshot> SqliteStore::FindByEngagement(const ConnectionName& name,
                                                    const EngagementId& id) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadByEngagement(session, connection, id);
  });
}

Instant SqliteStore::NewestChange(const ConnectionName& name, Side side) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadNewestChange(session, connection, side);
  });
}

std::int64_t SqliteStore::CountSnapshots(const ConnectionName& name, Side side) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return CountSnapshotRows(session, connection, side);
  });
}

std::vector<std::string> SqliteStore::SnapshotsNotReadSince(const ConnectionName& name, Side side,
                                                            Instant read_before) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadNotReadSince(session, connection, side, read_before);
  });
}

// --- links

std::int64_t SqliteStore::InsertLink(const ConnectionName& name, const Link& link) {
  return WriteFor(name, [&](Session& session, ConnectionRow connection) {
    return InsertLinkRow(session, connection, link, clock_->Now());
  });
}

std::optional<LinkWork> SqliteStore::LoadLink(const ConnectionName& name, std::int64_t link_id) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadLinkWork(session, connection, link_id);
  });
}

std::optional<Link> SqliteStore::FindLink(const ConnectionName& name, Side side,
                                          const std::string& id) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadLink(session, connection, FindLinkId(session, connection, side, id));
  });
}

std::optional<Link> SqliteStore::FindLinkByReferral(const ConnectionName& name,
                                                    const ReferralId& id) {
  return FindLink(name, Side::partner_center, id.text);
}

std::optional<Link> SqliteStore::FindLinkByCrm(const ConnectionName& name, const CrmId& id) {
  return FindLink(name, Side::crm, id.text);
}

std::vector<LinkWork> SqliteStore::DueLinks(const ConnectionName& name, Instant now,
                                            std::size_t limit) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadDueLinks(session, connection, now, limit);
  });
}

std::optional<Instant> SqliteStore::NextDue(const ConnectionName& name, Instant now) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadNextDue(session, connection, now);
  });
}

void SqliteStore::MarkAllDirty(const ConnectionName& name) {
  WriteFor(name, [&](Session& session, ConnectionRow connection) {
    ForgetSeen(session, connection, clock_->Now());
  });
}

std::vector<LinkWork> SqliteStore::LinksAfter(const ConnectionName& name, std::int64_t after_id,
                                              std::size_t limit) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadLinksAfter(session, connection, after_id, limit);
  });
}

std::int64_t SqliteStore::CountPairs(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return CountPairRows(session, connection);
  });
}

std::vector<Link> SqliteStore::QuarantinedLinks(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadQuarantined(session, connection);
  });
}

// --- work

void SqliteStore::Commit(const ConnectionName& name, const Changes& changes) {
  WriteFor(name, [&](Session&, ConnectionRow connection) { WriteWork(connection, name, changes); });
}

// In the order of the members of Changes.
void SqliteStore::WriteWork(ConnectionRow connection, const ConnectionName& name,
                            const Changes& changes) {
  const Instant now = clock_->Now();
  WriteTimes times(*writer_, connection, changes);
  WriteRecords(connection, changes, now);
  for (const AuditEntry& entry : changes.audit) {
    times.Note(AppendAudit(*writer_, name, entry, random_), entry);
  }
  for (const ConflictChange& change : changes.conflicts) SaveConflict(*writer_, change);
  for (const DecisionChange& change : changes.decisions) SaveDecision(*writer_, change);
  for (const FieldHistoryEntry& entry : changes.history) AppendHistory(*writer_, entry);
  for (const auto& [cursor, value] : changes.cursors) {
    SaveCursor(*writer_, connection, cursor, value);
  }
  WriteInbox(connection, changes, now);
}

void SqliteStore::WriteRecords(ConnectionRow connection, const Changes& changes, Instant now) {
  for (const Snapshot& snapshot : changes.snapshots) {
    SaveAnswer(*writer_, connection, snapshot, now);
  }
  for (const Link& link : changes.links) {
    if (link.id == 0) {
      InsertLinkRow(*writer_, connection, link, now);
    } else {
      UpdateLinkRow(*writer_, connection, link, now);
    }
  }
  for (const Intent& intent : changes.intents) InsertIntent(*writer_, connection, intent);
  for (const IntentClosing& closing : changes.closings) {
    RemoveIntent(*writer_, connection, closing.intent_id);
  }
  if (!changes.intents.empty()) ForgetOldUpdates(*writer_, connection, now);
}

void SqliteStore::WriteInbox(ConnectionRow connection, const Changes& changes, Instant now) {
  for (const std::int64_t id : changes.finished_events) FinishEvent(*writer_, connection, id, now);
  for (const EventDelay& delay : changes.delayed_events) {
    DelayEvent(*writer_, connection, delay.event_id, delay.not_before);
  }
  if (!changes.finished_events.empty()) ForgetOldKeys(*writer_, now);
}

std::vector<Intent> SqliteStore::OpenIntents(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadIntents(session, connection);
  });
}

std::optional<std::string> SqliteStore::Cursor(const ConnectionName& name,
                                               const std::string& cursor) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadCursor(session, connection, cursor);
  });
}

std::vector<Conflict> SqliteStore::OpenConflicts(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadConflicts(session, connection);
  });
}

std::vector<Conflict> SqliteStore::ConflictsOf(std::int64_t link_id) {
  return reader_->Read([&] { return ReadConflictsOf(*reader_, link_id); });
}

std::vector<FieldHistoryEntry> SqliteStore::HistoryOf(std::int64_t link_id) {
  return reader_->Read([&] { return ReadHistoryOf(*reader_, link_id); });
}

std::vector<WrittenValue> SqliteStore::WrittenValues(const ConnectionName& name, Side side,
                                                     const std::string& record_id, Instant since) {
  return reader_->Read([&] { return ReadWritten(*reader_, name, side, record_id, since); });
}

std::int64_t SqliteStore::CountUpdatesSince(const ConnectionName& name, Instant since) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return CountUpdates(session, connection, since);
  });
}

std::int64_t SqliteStore::PruneAudit(Instant before) {
  Session& session = Writer();
  return session.Write([&] { return store::PruneAudit(session, before, clock_->Now(), random_); });
}

// --- people

PeopleFilter SqliteStore::ErasedPeople(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadErased(session, connection);
  });
}

std::optional<Erasure> SqliteStore::Erase(const ConnectionName& name, const std::string& id) {
  auto erasure = WriteFor(name, [&](Session& session, ConnectionRow connection) {
    return ErasePerson(session, connection, name, id, clock_->Now(), random_);
  });
  writer_->Checkpoint();
  return erasure;
}

std::int64_t SqliteStore::AllowAgain(const ConnectionName& name, const std::string& id) {
  return WriteFor(name, [&](Session& session, ConnectionRow connection) {
    return AllowPerson(session, connection, name, id, clock_->Now(), random_);
  });
}

// --- runs

void SqliteStore::SaveRun(const ConnectionName& name, const Run& run) {
  WriteFor(name, [&](Session& session, ConnectionRow connection) {
    SaveRunRow(session, connection, run);
  });
}

// --- generations and gaps

std::optional<Generation> SqliteStore::CurrentGeneration() {
  return reader_->Read([&] { return ReadGeneration(*reader_); });
}

bool SqliteStore::KnowsGeneration(const std::string& id) {
  return reader_->Read([&] { return HasGeneration(*reader_, id); });
}

Generation SqliteStore::BeginGeneration(GenerationOrigin origin, const std::string& reason) {
  Session& session = Writer();
  return session.Write(
      [&] { return InsertGeneration(session, origin, reason, clock_->Now(), random_); });
}

Generation SqliteStore::MarkGeneration() {
  Session& session = Writer();
  return session.Write([&] { return Mark(session, clock_->Now()); });
}

void SqliteStore::OpenGap(const ConnectionName& name, const Gap& gap) {
  WriteFor(name, [&](Session& session, ConnectionRow connection) {
    InsertGap(session, connection, gap);
  });
}

std::optional<Gap> SqliteStore::FindOpenGap(const ConnectionName& name) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadOpenGap(session, connection);
  });
}

void SqliteStore::NoteGapRead(const ConnectionName& name, const GapReading& reading) {
  WriteFor(name, [&](Session& session, ConnectionRow connection) {
    SaveGapReading(session, connection, reading);
  });
}

GapCertificate SqliteStore::CloseGap(const ConnectionName& name, Instant now) {
  return WriteFor(name, [&](Session& session, ConnectionRow connection) {
    return FinishGap(session, connection, now);
  });
}

std::vector<GapCertificate> SqliteStore::GapCertificates(const ConnectionName& name,
                                                         std::size_t limit) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return ReadCertificates(session, connection, limit);
  });
}

PairCensus SqliteStore::CountLinks(const ConnectionName& name, std::int64_t audit_from) {
  return ReadFor(name, [&](Session& session, ConnectionRow connection) {
    return CountAllLinks(session, connection, audit_from);
  });
}

}  // namespace cosell::store
