#include "tools/simulation/hooked_store.h"

#include <type_traits>

namespace cosell::simulation {

template <typename Write>
auto HookedStore::Hooked(bool commit, Write&& write) {
  saboteur_.BeforeStoreWrite();
  if constexpr (std::is_void_v<std::invoke_result_t<Write&>>) {
    write();
    saboteur_.AfterStoreWrite(commit);
  } else {
    auto result = write();
    saboteur_.AfterStoreWrite(commit);
    return result;
  }
}

void HookedStore::OpenConnection(const ConnectionName& name, const std::string& mode) {
  Hooked(false, [&] { store_->OpenConnection(name, mode); });
}

void HookedStore::SetConnectionState(const ConnectionName& name, const std::string& state,
                                     const std::string& reason) {
  Hooked(false, [&] { store_->SetConnectionState(name, state, reason); });
}

std::vector<ConnectionStatus> HookedStore::Status(Instant now) { return store_->Status(now); }

bool HookedStore::AppendEvent(const Event& event) {
  const bool added = Hooked(false, [&] { return store_->AppendEvent(event); });
  appended_.push_back(event);
  return added;
}

std::size_t HookedStore::AppendEvents(const std::vector<Event>& events) {
  const std::size_t added = Hooked(false, [&] { return store_->AppendEvents(events); });
  appended_.insert(appended_.end(), events.begin(), events.end());
  return added;
}

std::vector<InboxEvent> HookedStore::DueEvents(const ConnectionName& name, Instant now,
                                               std::size_t limit) {
  return store_->DueEvents(name, now, limit);
}

std::vector<SnapshotOutcome> HookedStore::SaveSnapshots(const ConnectionName& name,
                                                        std::span<const Snapshot> snapshots) {
  return Hooked(false, [&] { return store_->SaveSnapshots(name, snapshots); });
}

std::optional<Snapshot> HookedStore::FindSnapshot(const ConnectionName& name, Side side,
                                                  const std::string& id) {
  return store_->FindSnapshot(name, side, id);
}

std::vector<Snapshot> HookedStore::FindByCounterpart(const ConnectionName& name, Side side,
                                                     const std::string& counterpart_id) {
  return store_->FindByCounterpart(name, side, counterpart_id);
}

std::vector<Snapshot> HookedStore::FindByEngagement(const ConnectionName& name,
                                                    const EngagementId& id) {
  return store_->FindByEngagement(name, id);
}

Instant HookedStore::NewestChange(const ConnectionName& name, Side side) {
  return store_->NewestChange(name, side);
}

std::int64_t HookedStore::CountSnapshots(const ConnectionName& name, Side side) {
  return store_->CountSnapshots(name, side);
}

std::vector<std::string> HookedStore::SnapshotsNotReadSince(const ConnectionName& name, Side side,
                                                            Instant read_before) {
  return store_->SnapshotsNotReadSince(name, side, read_before);
}

std::int64_t HookedStore::InsertLink(const ConnectionName& name, const Link& link) {
  return Hooked(false, [&] { return store_->InsertLink(name, link); });
}

std::optional<LinkWork> HookedStore::LoadLink(const ConnectionName& name, std::int64_t link_id) {
  return store_->LoadLink(name, link_id);
}

std::optional<Link> HookedStore::FindLinkByReferral(const ConnectionName& name,
                                                    const ReferralId& id) {
  return store_->FindLinkByReferral(name, id);
}

std::optional<Link> HookedStore::FindLinkByCrm(const ConnectionName& name, const CrmId& id) {
  return store_->FindLinkByCrm(name, id);
}

std::vector<LinkWork> HookedStore::DueLinks(const ConnectionName& name, Instant now,
                                            std::size_t limit) {
  return store_->DueLinks(name, now, limit);
}

std::optional<Instant> HookedStore::NextDue(const ConnectionName& name, Instant now) {
  return store_->NextDue(name, now);
}

void HookedStore::MarkAllDirty(const ConnectionName& name) {
  Hooked(false, [&] { store_->MarkAllDirty(name); });
}

std::vector<LinkWork> HookedStore::LinksAfter(const ConnectionName& name, std::int64_t after_id,
                                              std::size_t limit) {
  return store_->LinksAfter(name, after_id, limit);
}

std::int64_t HookedStore::CountPairs(const ConnectionName& name) {
  return store_->CountPairs(name);
}

std::vector<Link> HookedStore::QuarantinedLinks(const ConnectionName& name) {
  return store_->QuarantinedLinks(name);
}

void HookedStore::Commit(const ConnectionName& name, const Changes& changes) {
  Hooked(true, [&] { store_->Commit(name, changes); });
}

std::vector<Intent> HookedStore::OpenIntents(const ConnectionName& name) {
  return store_->OpenIntents(name);
}

std::optional<std::string> HookedStore::Cursor(const ConnectionName& name,
                                               const std::string& cursor) {
  return store_->Cursor(name, cursor);
}

std::vector<Conflict> HookedStore::OpenConflicts(const ConnectionName& name) {
  return store_->OpenConflicts(name);
}

std::vector<Conflict> HookedStore::ConflictsOf(std::int64_t link_id) {
  return store_->ConflictsOf(link_id);
}

std::vector<FieldHistoryEntry> HookedStore::HistoryOf(std::int64_t link_id) {
  return store_->HistoryOf(link_id);
}

std::vector<WrittenValue> HookedStore::WrittenValues(const ConnectionName& name, Side side,
                                                     const std::string& record_id, Instant since) {
  return store_->WrittenValues(name, side, record_id, since);
}

std::int64_t HookedStore::CountUpdatesSince(const ConnectionName& name, Instant since) {
  return store_->CountUpdatesSince(name, since);
}

void HookedStore::SaveRun(const ConnectionName& name, const Run& run) {
  Hooked(false, [&] { store_->SaveRun(name, run); });
}

std::optional<Generation> HookedStore::CurrentGeneration() { return store_->CurrentGeneration(); }

bool HookedStore::KnowsGeneration(const std::string& id) { return store_->KnowsGeneration(id); }

Generation HookedStore::BeginGeneration(GenerationOrigin origin, const std::string& reason) {
  return Hooked(false, [&] { return store_->BeginGeneration(origin, reason); });
}

Generation HookedStore::MarkGeneration() {
  return Hooked(false, [&] { return store_->MarkGeneration(); });
}

void HookedStore::OpenGap(const ConnectionName& name, const Gap& gap) {
  Hooked(false, [&] { store_->OpenGap(name, gap); });
}

std::optional<Gap> HookedStore::FindOpenGap(const ConnectionName& name) {
  return store_->FindOpenGap(name);
}

void HookedStore::NoteGapRead(const ConnectionName& name, const GapReading& reading) {
  Hooked(false, [&] { store_->NoteGapRead(name, reading); });
}

GapCertificate HookedStore::CloseGap(const ConnectionName& name, Instant now) {
  return Hooked(false, [&] { return store_->CloseGap(name, now); });
}

std::vector<GapCertificate> HookedStore::GapCertificates(const ConnectionName& name,
                                                         std::size_t limit) {
  return store_->GapCertificates(name, limit);
}

PairCensus HookedStore::CountLinks(const ConnectionName& name, std::int64_t audit_from) {
  return store_->CountLinks(name, audit_from);
}

}  // namespace cosell::simulation
