#pragma once

#include <vector>

#include "engine/context.h"

namespace cosell {

// Pairs newly seen records: a referral whose externalReferenceId names a CRM record, a CRM record
// whose Referral Identifier names a referral, or neither, then each begins a link of its own.
// Microsoft's own referrals never get a link; they are remembered on the link of their engagement.
// Used from the engine's thread.
class Linker {
 public:
  explicit Linker(EngineContext& context) : context_(context) {}

  // `snapshot` has just been saved; `outcome` is what the store said.
  void Place(const Snapshot& snapshot, const SnapshotOutcome& outcome);

 private:
  void PlaceReferral(const Snapshot& referral);
  void PlaceCrm(const Snapshot& record);
  void NoteConnected(const Snapshot& referral);
  void AttachReferral(Link link, const Snapshot& referral);
  void AttachCrm(Link link, const Snapshot& record);
  void Update(Link link);

  EngineContext& context_;
};

}  // namespace cosell
