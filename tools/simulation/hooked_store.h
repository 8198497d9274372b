#pragma once

#include <memory>
#include <vector>

#include "ports/store.h"
#include "tools/simulation/saboteur.h"

namespace cosell::simulation {

// The real store with the saboteur around every durable write. Remembers the events it was given,
// for I8. For one thread.
class HookedStore final : public Store {
 public:
  // `appended` takes every event that became durable.
  HookedStore(std::unique_ptr<Store> store, Saboteur& saboteur, std::vector<Event>& appended)
      : store_(std::move(store)), saboteur_(saboteur), appended_(appended) {}

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

 private:
  // Runs one durable write between the saboteur's two looks.
  template <typename Write>
  auto Hooked(bool commit, Write&& write);

  std::unique_ptr<Store> store_;
  Saboteur& saboteur_;
  std::vector<Event>& appended_;
};

}  // namespace cosell::simulation
