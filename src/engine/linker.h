#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/context.h"

namespace cosell {

// Pairs newly seen records: a referral whose externalReferenceId names a CRM record, a CRM record
// whose Referral Identifier names a referral, or neither, then each begins a link of its own.
// Microsoft's own referrals never get a link; they are remembered on the link of their engagement.
// A record that was deleted and is there again resumes its pair, if either side still names the
// other. The pair of a lead goes on with the opportunity the lead became. Of several CRM records
// that lay claim to one referral, by identifier or by its externalReferenceId, the one paired first
// keeps it; where nothing was agreed yet, the best claim wins. Used from the engine's thread.
class Linker {
 public:
  explicit Linker(EngineContext& context) : context_(context) {}

  // `snapshots` have just been saved; `outcomes` are what the store said of each. One durable
  // transaction for all of them, more only where one record's place depends on another's.
  void PlaceAll(const std::vector<Snapshot>& snapshots,
                const std::vector<SnapshotOutcome>& outcomes);

 private:
  void Place(const Snapshot& snapshot, const SnapshotOutcome& outcome);
  void PlaceReferral(const Snapshot& referral);
  void PlaceCrm(const Snapshot& record);
  void Resume(const Snapshot& record, std::int64_t link_id);
  void FollowLead(const Snapshot& lead, std::int64_t link_id);
  void GiveUp(Link link, std::int64_t in_favour_of);
  static int Claim(const Snapshot& record, const Snapshot& referral);
  std::optional<Link> FreeRecordOf(const Snapshot& referral);
  bool HasBetterClaim(const Link& link, const Snapshot& record) const;
  void TakePlaceOf(Link link, const Snapshot& record);
  void NoteConnected(const Snapshot& referral, bool changed);
  void AttachReferral(Link link, const Snapshot& referral);
  void AttachCrm(Link link, const Snapshot& record);
  void Update(Link link);
  void Add(Link link);
  std::optional<Link> FindByReferral(const std::string& id);
  std::optional<Link> FindByCrm(const std::string& id);
  void Flush();

  EngineContext& context_;
  Changes pending_;
  std::set<std::string> pending_ids_;  // of the links in pending_, both sides
};

}  // namespace cosell
