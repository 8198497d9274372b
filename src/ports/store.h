#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/audit_entry.h"
#include "model/conflict.h"
#include "model/erasure.h"
#include "model/event.h"
#include "model/gap.h"
#include "model/generation.h"
#include "model/intent.h"
#include "model/link.h"
#include "model/snapshot.h"

// What the service remembers. The port speaks in units of work: a caller reads what one step needs,
// and hands back one `Changes` value that becomes durable as a whole or not at all.
namespace cosell {

// Removes an intent and says what became of it.
struct IntentClosing {
  std::string intent_id;
  AuditOutcome outcome = AuditOutcome::done;
};

// Opens, refreshes or ends the conflict of one field.
struct ConflictChange {
  Conflict conflict;      // link_id and field name it
  bool resolved = false;  // true: no longer open; the values are kept in field_history
};

// Keeps a person's decision, in place of an earlier one about the same field, or ends it.
struct DecisionChange {
  Decision decision;   // link_id and field name it
  bool ended = false;  // carried out, or void because a side has changed since
};

// One field of a confirmed write, as the audit has it.
struct WrittenValue {
  std::string field;
  std::string value;  // canonical, empty for none
  Instant at;
};

struct EventDelay {
  std::int64_t event_id = 0;
  Instant not_before;
};

// One unit of work. Everything in it becomes durable in one synced transaction, in the order of the
// members.
struct Changes {
  std::vector<Snapshot> snapshots;  // what writes were answered: inserted or replaced
  std::vector<Link> links;          // by id, all columns are written; id 0 makes a new link
  std::vector<Intent> intents;      // opened
  std::vector<IntentClosing> closings;
  std::vector<AuditEntry> audit;  // appended to the chain
  std::vector<ConflictChange> conflicts;
  std::vector<DecisionChange> decisions;
  std::vector<FieldHistoryEntry> history;
  std::vector<std::pair<std::string, std::string>> cursors;  // name -> opaque text
  std::vector<std::int64_t> finished_events;                 // leave the inbox
  std::vector<EventDelay> delayed_events;                    // tried again later, attempts + 1
  bool empty() const;
};

struct SnapshotOutcome {
  bool changed = false;  // new, or its hash differs from the stored one
  bool ignored =
      false;  // older than what is stored (by the remote's own stamp): nothing was written
  std::int64_t link_id = 0;  // the link that has this side, 0 if none
  bool returned = false;     // was marked deleted before, and is there again
  bool first = false;        // was not known before
};

// One pass of work, for sync_runs.
struct Run {
  std::string id;    // GUID
  std::string kind;  // "start", "poll", "event", "sweep", "rebuild"
  Instant started_at;
  std::optional<Instant> finished_at;
  std::int64_t read = 0;
  std::int64_t planned = 0;
  std::int64_t written = 0;
  std::int64_t failed = 0;
  std::int64_t conflicts = 0;
  std::string outcome;  // "running", "done", "stopped: <rail>", "failed: <reason>"
};

// How a connection stands, for sync_status.
struct ConnectionStatus {
  ConnectionName name;
  std::string mode;    // "live", "shadow"
  std::string state;   // "ready", "paused", "stopped"
  std::string reason;  // why paused or stopped, and how to mend it
  std::optional<Instant> last_event_at;
  std::optional<Instant> last_sweep_at;
  std::int64_t lag_s =
      0;  // age of the oldest unprocessed event or dirty link; 0 when there is none
  std::int64_t links = 0;
  std::map<std::string, std::int64_t> links_by_state;
  std::int64_t open_conflicts = 0;
  std::int64_t quarantined = 0;
};

// What an erasure found. Values of the audit count one by one, everything else by its row.
struct Erasure {
  std::int64_t people = 0;
  std::int64_t values = 0;
};

// Thread rule: every method may be called from any thread; writes are serialised inside. Methods
// throw std::runtime_error when the database itself fails (disk full, corrupt page, locked by
// another program), saying what and where; then nothing of the call was written. All times are UTC.
class Store {
 public:
  virtual ~Store() = default;

  // --- connections
  // -------------------------------------------------------------------------------------------------
  // Makes the connection known (or updates its mode). Must be called before any other method with
  // its name.
  virtual void OpenConnection(const ConnectionName& name, const std::string& mode) = 0;
  virtual void SetConnectionState(const ConnectionName& name, const std::string& state,
                                  const std::string& reason) = 0;
  virtual std::vector<ConnectionStatus> Status(Instant now) = 0;

  // --- inbox
  // -------------------------------------------------------------------------------------------------------
  // Returns once the event is durable (synced to disk). A repeated dedupe_key that still waits in
  // the inbox, or was finished within the last 7 days, changes nothing. Concurrent callers share
  // one commit (group commit). Returns false for such a repeat.
  virtual bool AppendEvent(const Event& event) = 0;
  // The events of one message, as AppendEvent: all of them are durable when this returns, in one
  // commit, or none is when it throws. Returns how many were no repeats; a key twice among `events`
  // counts once.
  virtual std::size_t AppendEvents(const std::vector<Event>& events) = 0;
  // Events due at `now`, oldest first.
  virtual std::vector<InboxEvent> DueEvents(const ConnectionName& name, Instant now,
                                            std::size_t limit) = 0;

  // --- records
  // -----------------------------------------------------------------------------------------------------
  // Saves what was read. A referral whose changed_at is before the stored one's is ignored (a stale
  // read), unless the stored version was last seen more than five minutes before: then the remote's
  // clock was set back. One durable transaction. One outcome per snapshot, in order.
  virtual std::vector<SnapshotOutcome> SaveSnapshots(const ConnectionName& name,
                                                     std::span<const Snapshot> snapshots) = 0;
  virtual std::optional<Snapshot> FindSnapshot(const ConnectionName& name, Side side,
                                               const std::string& id) = 0;
  // The snapshots of `side` whose counterpart_id is `counterpart_id` (several referrals may name
  // one CRM record).
  virtual std::vector<Snapshot> FindByCounterpart(const ConnectionName& name, Side side,
                                                  const std::string& counterpart_id) = 0;
  // Referrals of one engagement.
  virtual std::vector<Snapshot> FindByEngagement(const ConnectionName& name,
                                                 const EngagementId& id) = 0;
  // The newest changed_at of a side; the epoch when there is none.
  virtual Instant NewestChange(const ConnectionName& name, Side side) = 0;
  virtual std::int64_t CountSnapshots(const ConnectionName& name, Side side) = 0;
  // Ids of all snapshots of a side that are not marked deleted and were read before `read_before`.
  virtual std::vector<std::string> SnapshotsNotReadSince(const ConnectionName& name, Side side,
                                                         Instant read_before) = 0;

  // --- links
  // -------------------------------------------------------------------------------------------------------
  // Inserts a link (its id is ignored) and returns its id. Durable. At most one link per referral
  // id and one per CRM id: a second one throws std::logic_error.
  virtual std::int64_t InsertLink(const ConnectionName& name, const Link& link) = 0;
  virtual std::optional<LinkWork> LoadLink(const ConnectionName& name, std::int64_t link_id) = 0;
  virtual std::optional<Link> FindLinkByReferral(const ConnectionName& name,
                                                 const ReferralId& id) = 0;
  virtual std::optional<Link> FindLinkByCrm(const ConnectionName& name, const CrmId& id) = 0;
  // Links with work to do at `now`: dirty (a snapshot's hash differs from the seen one) and not
  // held back by not_before (only failures hold back what has changed), or with not_before reached.
  // Oldest first, by a partial index: the cost follows the number of changes.
  virtual std::vector<LinkWork> DueLinks(const ConnectionName& name, Instant now,
                                         std::size_t limit) = 0;
  // The earliest not_before after `now` among links and events; nothing when none is set.
  virtual std::optional<Instant> NextDue(const ConnectionName& name, Instant now) = 0;
  // Forgets what every link was last worked on with, so that all become dirty (a changed mapping).
  virtual void MarkAllDirty(const ConnectionName& name) = 0;
  // All links of a connection, by id, after `after_id`.
  virtual std::vector<LinkWork> LinksAfter(const ConnectionName& name, std::int64_t after_id,
                                           std::size_t limit) = 0;
  // Links with both ids that are not unlinked or left alone: the denominator of the change-ratio
  // rail.
  virtual std::int64_t CountPairs(const ConnectionName& name) = 0;
  // Links that are set aside, by id: reason, attempts and not_before tell the rest.
  virtual std::vector<Link> QuarantinedLinks(const ConnectionName& name) {
    (void)name;
    return {};
  }

  // --- work
  // --------------------------------------------------------------------------------------------------------
  // Makes one unit of work durable.
  virtual void Commit(const ConnectionName& name, const Changes& changes) = 0;
  virtual std::vector<Intent> OpenIntents(const ConnectionName& name) = 0;
  virtual std::optional<std::string> Cursor(const ConnectionName& name,
                                            const std::string& cursor) = 0;
  // By time first seen, with the ids of their pairs.
  virtual std::vector<Conflict> OpenConflicts(const ConnectionName& name) = 0;
  virtual std::vector<Conflict> ConflictsOf(std::int64_t link_id) = 0;
  virtual std::vector<FieldHistoryEntry> HistoryOf(std::int64_t link_id) = 0;
  // What was confirmed to be written to one remote record at or after `since`, oldest first. Values
  // erased by a redaction are absent.
  virtual std::vector<WrittenValue> WrittenValues(const ConnectionName& name, Side side,
                                                  const std::string& record_id, Instant since) {
    (void)name, (void)side, (void)record_id, (void)since;
    return {};
  }
  // Pairs with an intent opened at or after `since` that rewrites what people see
  // (Intent::rewrites): the rolling window of the change-ratio rail. Exact for the last day.
  virtual std::int64_t CountUpdatesSince(const ConnectionName& name, Instant since) = 0;

  // Removes the audit's entries from before `before`, oldest first, so that the chain stays
  // verifiable; returns how many. One durable transaction.
  virtual std::int64_t PruneAudit(Instant before) {
    (void)before;
    return 0;
  }

  // --- people
  // What is recognised of erased people when it comes in again; of all text that is stored, it is
  // the caller who leaves it out.
  virtual PeopleFilter ErasedPeople(const ConnectionName& name) {
    (void)name;
    return {};
  }
  // Erases what is stored of a person, everywhere in this connection, and remembers how to
  // recognise it. `id`: the person's e-mail address; or a referral id, CRM id or link number, whose
  // customer contacts are meant. Nothing where a record was named and no address is stored with it.
  // One durable transaction with an entry in the audit; the file keeps nothing of it afterwards. No
  // round of this connection may be under way.
  virtual std::optional<Erasure> Erase(const ConnectionName& name, const std::string& id) {
    (void)name, (void)id;
    return std::nullopt;
  }
  // Forgets how to recognise the person, or those erased with the same id; returns how many.
  virtual std::int64_t AllowAgain(const ConnectionName& name, const std::string& id) {
    (void)name, (void)id;
    return 0;
  }

  // --- runs
  // --------------------------------------------------------------------------------------------------------
  virtual void SaveRun(const ConnectionName& name, const Run& run) = 0;

  // --- generations and gaps
  // ------------------------------------------------------------------------------------------------
  // The newest life of this database; nothing in a store that keeps none, or before the first.
  virtual std::optional<Generation> CurrentGeneration() { return std::nullopt; }
  // Whether this database was that generation once, or is it.
  virtual bool KnowsGeneration(const std::string& id) {
    (void)id;
    return false;
  }
  // Begins a new one; all but `created` stand in the audit. Where the bases may be older than what
  // happened since, every connection gets an open gap, and the stamps of both records of each link
  // are kept until NoteGapRead compares them.
  virtual Generation BeginGeneration(GenerationOrigin origin, const std::string& reason) {
    (void)origin, (void)reason;
    return {};
  }
  // Counts the current generation's marks up by one and returns it.
  virtual Generation MarkGeneration() { return {}; }

  // Begins a gap; changes nothing when one is open. From here on SaveSnapshots notes every record
  // that is new or changed.
  virtual void OpenGap(const ConnectionName& name, const Gap& gap) { (void)name, (void)gap; }
  virtual std::optional<Gap> FindOpenGap(const ConnectionName& name) {
    (void)name;
    return std::nullopt;
  }
  // Both sides have been read since the gap began: bases of an older copy come into doubt where
  // both records have changed since that copy was made.
  virtual void NoteGapRead(const ConnectionName& name, const GapReading& reading) {
    (void)name, (void)reading;
  }
  // Counts what was found and done, and ends the gap. Requires an open one that was read.
  virtual GapCertificate CloseGap(const ConnectionName& name, Instant now) {
    (void)name, (void)now;
    return {};
  }
  // Certificates of closed gaps, newest first.
  virtual std::vector<GapCertificate> GapCertificates(const ConnectionName& name,
                                                      std::size_t limit) {
    (void)name, (void)limit;
    return {};
  }
  // How all links stand, with what the audit has after `audit_from`.
  virtual PairCensus CountLinks(const ConnectionName& name, std::int64_t audit_from) {
    (void)name, (void)audit_from;
    return {};
  }
};

}  // namespace cosell
