#pragma once

#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "ports/store.h"

namespace cosell::test {

// A Store that is an inbox and nothing else: every other method throws std::logic_error. Safe from
// any thread.
class InboxStore final : public Store {
 public:
  bool AppendEvent(const Event& event) override { return AppendEvents({event}) == 1; }
  std::size_t AppendEvents(const std::vector<Event>& events) override {
    const std::lock_guard lock(mutex_);
    if (broken_) throw std::runtime_error("cosell-sync.db: disk full");
    ++commits_;
    std::size_t added = 0;
    for (const Event& event : events) {
      if (!keys_.insert(event.dedupe_key).second) continue;
      events_.push_back(event);
      ++added;
    }
    return added;
  }
  // From now on, or until `broken` is false again, every append fails.
  void Break(bool broken = true) {
    const std::lock_guard lock(mutex_);
    broken_ = broken;
  }
  std::vector<Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  int commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }

  void OpenConnection(const ConnectionName&, const std::string&) override { No(); }
  void SetConnectionState(const ConnectionName&, const std::string&, const std::string&) override {
    No();
  }
  std::vector<ConnectionStatus> Status(Instant) override {
    return No(), std::vector<ConnectionStatus>{};
  }
  std::vector<InboxEvent> DueEvents(const ConnectionName&, Instant, std::size_t) override {
    return No(), std::vector<InboxEvent>{};
  }
  std::vector<SnapshotOutcome> SaveSnapshots(const ConnectionName&,
                                             std::span<const Snapshot>) override {
    return No(), std::vector<SnapshotOutcome>{};
  }
  std::optional<Snapshot> FindSnapshot(const ConnectionName&, Side, const std::string&) override {
    return No(), std::nullopt;
  }
  std::vector<Snapshot> FindByCounterpart(const ConnectionName&, Side,
                                          const std::string&) override {
    return No(), std::vector<Snapshot>{};
  }
  std::vector<Snapshot> FindByEngagement(const ConnectionName&, const EngagementId&) override {
    return No(), std::vector<Snapshot>{};
  }
  Instant NewestChange(const ConnectionName&, Side) override { return No(), Instant{}; }
  std::int64_t CountSnapshots(const ConnectionName&, Side) override { return No(), 0; }
  std::vector<std::string> SnapshotsNotReadSince(const ConnectionName&, Side, Instant) override {
    return No(), std::vector<std::string>{};
  }
  std::int64_t InsertLink(const ConnectionName&, const Link&) override { return No(), 0; }
  std::optional<LinkWork> LoadLink(const ConnectionName&, std::int64_t) override {
    return No(), std::nullopt;
  }
  std::optional<Link> FindLinkByReferral(const ConnectionName&, const ReferralId&) override {
    return No(), std::nullopt;
  }
  std::optional<Link> FindLinkByCrm(const ConnectionName&, const CrmId&) override {
    return No(), std::nullopt;
  }
  std::vector<LinkWork> DueLinks(const ConnectionName&, Instant, std::size_t) override {
    return No(), std::vector<LinkWork>{};
  }
  std::optional<Instant> NextDue(const ConnectionName&, Instant) override {
    return No(), std::nullopt;
  }
  void MarkAllDirty(const ConnectionName&) override { No(); }
  std::vector<LinkWork> LinksAfter(const ConnectionName&, std::int64_t, std::size_t) override {
    return No(), std::vector<LinkWork>{};
  }
  std::int64_t CountPairs(const ConnectionName&) override { return No(), 0; }
  void Commit(const ConnectionName&, const Changes&) override { No(); }
  std::vector<Intent> OpenIntents(const ConnectionName&) override {
    return No(), std::vector<Intent>{};
  }
  std::optional<std::string> Cursor(const ConnectionName&, const std::string&) override {
    return No(), std::nullopt;
  }
  std::vector<Conflict> OpenConflicts(const ConnectionName&) override {
    return No(), std::vector<Conflict>{};
  }
  std::vector<Conflict> ConflictsOf(std::int64_t) override { return No(), std::vector<Conflict>{}; }
  std::vector<FieldHistoryEntry> HistoryOf(std::int64_t) override {
    return No(), std::vector<FieldHistoryEntry>{};
  }
  std::int64_t CountUpdatesSince(const ConnectionName&, Instant) override { return No(), 0; }
  void SaveRun(const ConnectionName&, const Run&) override { No(); }

 private:
  static void No() { throw std::logic_error("a webhook only appends events"); }

  mutable std::mutex mutex_;
  std::set<std::string> keys_;
  std::vector<Event> events_;
  int commits_ = 0;
  bool broken_ = false;
};

}  // namespace cosell::test
