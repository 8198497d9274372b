#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "ports/store.h"

namespace cosell::web {

// A store that knows how its connections stand, which is all this room asks. Any other question is
// a mistake of the code under test.
class StatusStore final : public Store {
 public:
  std::vector<ConnectionStatus> connections;
  bool broken = false;

  std::vector<cosell::ConnectionStatus> Status(Instant) override {
    if (broken) throw std::runtime_error("the database file is corrupt");
    return connections;
  }

  void OpenConnection(const ConnectionName&, const std::string&) override { Refuse(); }
  void SetConnectionState(const ConnectionName&, const std::string&, const std::string&) override {
    Refuse();
  }
  bool AppendEvent(const Event&) override { return Refuse(), false; }
  std::size_t AppendEvents(const std::vector<Event>&) override { return Refuse(), std::size_t{}; }
  std::vector<InboxEvent> DueEvents(const ConnectionName&, Instant, std::size_t) override {
    return Refuse(), std::vector<InboxEvent>{};
  }
  std::vector<SnapshotOutcome> SaveSnapshots(const ConnectionName&,
                                             std::span<const Snapshot>) override {
    return Refuse(), std::vector<SnapshotOutcome>{};
  }
  std::optional<Snapshot> FindSnapshot(const ConnectionName&, Side, const std::string&) override {
    return Refuse(), std::nullopt;
  }
  std::vector<Snapshot> FindByCounterpart(const ConnectionName&, Side,
                                          const std::string&) override {
    return Refuse(), std::vector<Snapshot>{};
  }
  std::vector<Snapshot> FindByEngagement(const ConnectionName&, const EngagementId&) override {
    return Refuse(), std::vector<Snapshot>{};
  }
  Instant NewestChange(const ConnectionName&, Side) override { return Refuse(), Instant{}; }
  std::int64_t CountSnapshots(const ConnectionName&, Side) override { return Refuse(), 0; }
  std::vector<std::string> SnapshotsNotReadSince(const ConnectionName&, Side, Instant) override {
    return Refuse(), std::vector<std::string>{};
  }
  std::int64_t InsertLink(const ConnectionName&, const Link&) override { return Refuse(), 0; }
  std::optional<LinkWork> LoadLink(const ConnectionName&, std::int64_t) override {
    return Refuse(), std::nullopt;
  }
  std::optional<Link> FindLinkByReferral(const ConnectionName&, const ReferralId&) override {
    return Refuse(), std::nullopt;
  }
  std::optional<Link> FindLinkByCrm(const ConnectionName&, const CrmId&) override {
    return Refuse(), std::nullopt;
  }
  std::vector<LinkWork> DueLinks(const ConnectionName&, Instant, std::size_t) override {
    return Refuse(), std::vector<LinkWork>{};
  }
  std::optional<Instant> NextDue(const ConnectionName&, Instant) override {
    return Refuse(), std::nullopt;
  }
  void MarkAllDirty(const ConnectionName&) override { Refuse(); }
  std::vector<LinkWork> LinksAfter(const ConnectionName&, std::int64_t, std::size_t) override {
    return Refuse(), std::vector<LinkWork>{};
  }
  std::int64_t CountPairs(const ConnectionName&) override { return Refuse(), 0; }
  void Commit(const ConnectionName&, const Changes&) override { Refuse(); }
  std::vector<Intent> OpenIntents(const ConnectionName&) override {
    return Refuse(), std::vector<Intent>{};
  }
  std::optional<std::string> Cursor(const ConnectionName&, const std::string&) override {
    return Refuse(), std::nullopt;
  }
  std::vector<Conflict> OpenConflicts(const ConnectionName&) override {
    return Refuse(), std::vector<Conflict>{};
  }
  std::vector<Conflict> ConflictsOf(std::int64_t) override {
    return Refuse(), std::vector<Conflict>{};
  }
  std::vector<FieldHistoryEntry> HistoryOf(std::int64_t) override {
    return Refuse(), std::vector<FieldHistoryEntry>{};
  }
  std::int64_t CountUpdatesSince(const ConnectionName&, Instant) override { return Refuse(), 0; }
  void SaveRun(const ConnectionName&, const Run&) override { Refuse(); }

 private:
  static void Refuse() { throw std::logic_error("only Status is asked here"); }
};

}  // namespace cosell::web
