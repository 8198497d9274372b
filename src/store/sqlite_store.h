#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ports/store.h"
#include "store/connections.h"
#include "store/inbox_writer.h"
#include "store/migrator.h"
#include "store/session.h"
#include "store/store_factory.h"

namespace cosell::store {

// The Store port on one database file: one session that writes, one that reads, and the inbox
// writer. The tables have files of their own (links.h, snapshots.h, ...); here is only which of
// them make one transaction.
class SqliteStore final : public Store {
 public:
  // For writing: brings the file to the last of `migrations` first.
  SqliteStore(const StoreOptions& options, std::span<const Migration> migrations);
  // For reading only.
  SqliteStore(const std::string& path, std::span<const Migration> migrations);

  void OpenConnection(const ConnectionName& name, const std::string& mode) override;
  void SetConnectionState(const ConnectionName& name, const std::string& state,
                          const std::string& reason) override;
  std::vector<ConnectionStatus> Status(Instant now) override;

  bool AppendEvent(const Event& event) override;
  std::size_t AppendEvents(const std::vector<Event>& events) override;
  std::vector<InboxEvent> DueEvents(const ConnectionName& name, Instant now,
                                    std::size_t limit) override;

  std::vector<SnapshotOutcome> SaveSnapshots(const ConnectionName& name,
                                             std::span<const Snapshot> snapshots) override;
  std::optional<Snapshot> FindSnapshot(const ConnectionName& name, Side side,
                                       const std::string& id) override;
  std::vector<Snapshot> FindByCounterpart(const ConnectionName& name, Side side,
                                          const std::string& counterpart_id) override;
  std::vector<Snapshot> FindByEngagement(const ConnectionName& name,
                                         const EngagementId& id) override;
  Instant NewestChange(const ConnectionName& name, Side side) override;
  std::int64_t CountSnapshots(const ConnectionName& name, Side side) override;
  std::vector<std::string> SnapshotsNotReadSince(const ConnectionName& name, Side side,
                                                 Instant read_before) override;

  std::int64_t InsertLink(const ConnectionName& name, const Link& link) override;
  std::optional<LinkWork> LoadLink(const ConnectionName& name, std::int64_t link_id) override;
  std::optional<Link> FindLinkByReferral(const ConnectionName& name, const ReferralId& id) override;
  std::optional<Link> FindLinkByCrm(const ConnectionName& name, const CrmId& id) override;
  std::vector<LinkWork> DueLinks(const ConnectionName& name, Instant now,
                                 std::size_t limit) override;
  std::optional<Instant> NextDue(const ConnectionName& name, Instant now) override;
  void MarkAllDirty(const ConnectionName& name) override;
  std::vector<LinkWork> LinksAfter(const ConnectionName& name, std::int64_t after_id,
                                   std::size_t limit) override;
  std::int64_t CountPairs(const ConnectionName& name) override;
  std::vector<Link> QuarantinedLinks(const ConnectionName& name) override;

  void Commit(const ConnectionName& name, const Changes& changes) override;
  std::vector<Intent> OpenIntents(const ConnectionName& name) override;
  std::optional<std::string> Cursor(const ConnectionName& name, const std::string& cursor) override;
  std::vector<Conflict> OpenConflicts(const ConnectionName& name) override;
  std::vector<Conflict> ConflictsOf(std::int64_t link_id) override;
  std::vector<FieldHistoryEntry> HistoryOf(std::int64_t link_id) override;
  std::vector<WrittenValue> WrittenValues(const ConnectionName& name, Side side,
                                          const std::string& record_id, Instant since) override;
  std::int64_t CountUpdatesSince(const ConnectionName& name, Instant since) override;

  std::int64_t PruneAudit(Instant before) override;

  PeopleFilter ErasedPeople(const ConnectionName& name) override;
  std::optional<Erasure> Erase(const ConnectionName& name, const std::string& id) override;
  std::int64_t AllowAgain(const ConnectionName& name, const std::string& id) override;

  void SaveRun(const ConnectionName& name, const Run& run) override;

  std::optional<Generation> CurrentGeneration() override;
  bool KnowsGeneration(const std::string& id) override;
  Generation BeginGeneration(GenerationOrigin origin, const std::string& reason) override;
  Generation MarkGeneration() override;
  void OpenGap(const ConnectionName& name, const Gap& gap) override;
  std::optional<Gap> FindOpenGap(const ConnectionName& name) override;
  void NoteGapRead(const ConnectionName& name, const GapReading& reading) override;
  GapCertificate CloseGap(const ConnectionName& name, Instant now) override;
  std::vector<GapCertificate> GapCertificates(const ConnectionName& name,
                                              std::size_t limit) override;
  PairCensus CountLinks(const ConnectionName& name, std::int64_t audit_from) override;

  // Synced transactions so far, and events waiting for one: what tests of group commit count.
  std::int64_t commits() const { return writer_->commits(); }
  std::size_t waiting_events() const { return inbox_writer_->waiting(); }

 private:
  Session& Writer();
  // Runs `work(session, row of the connection)` in a transaction of the writing session.
  template <typename Work>
  auto WriteFor(const ConnectionName& name, Work work) {
    Session& session = Writer();
    return session.Write([&] { return work(session, RequireConnection(session, name)); });
  }
  // The same on the reading session.
  template <typename Work>
  auto ReadFor(const ConnectionName& name, Work work) {
    Session& session = *reader_;
    return session.Read([&] { return work(session, RequireConnection(session, name)); });
  }
  std::optional<Link> FindLink(const ConnectionName& name, Side side, const std::string& id);
  void WriteWork(ConnectionRow connection, const ConnectionName& name, const Changes& changes);
  void WriteRecords(ConnectionRow connection, const Changes& changes, Instant now);
  void WriteInbox(ConnectionRow connection, const Changes& changes, Instant now);

  const Clock* clock_ = nullptr;
  Random* random_ = nullptr;
  std::unique_ptr<Session> writer_;  // none when reading only
  std::unique_ptr<Session> reader_;
  std::unique_ptr<InboxWriter> inbox_writer_;  // none when reading only
};

}  // namespace cosell::store
