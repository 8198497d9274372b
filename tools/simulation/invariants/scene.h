#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/simulation/evidence.h"
#include "tools/simulation/ledger.h"
#include "tools/simulation/script.h"

// What the checks look at when a history has come to rest. One check per file; each compares what
// the remote sides hold and logged with what people did, and asks the service's own tables only
// for what they are meant to prove.
namespace cosell::simulation {

struct Violation {
  std::string invariant;  // "I1 lost", "I2 doubled", ...
  std::string text;       // for a person
};
using Violations = std::vector<Violation>;

// From where on the database at hand knows everything that happened: the last time it was lost or
// replaced by a backup.
struct Knowledge {
  std::size_t crm_writes_before = 0;  // of CrmWritesDone
  std::int64_t log_after = 0;         // LoggedRequest::sequence
  std::int64_t audit_after = 0;       // AuditRow::id
  std::set<std::string> inherited;    // intents a restored backup still held open
};

struct Scene {
  sandbox::World& world;
  sandbox::CrmProduct product;
  const Ledger& ledger;
  const Evidence& evidence;
  // Losing values and conflicts of databases that were lost or replaced: they had been kept.
  const std::vector<KeptValue>& kept_before;
  const Knowledge& knowledge;
  std::size_t open_intents = 0;

  sandbox::CrmDesk& desk() const { return world.desk(product); }
  bool HasConflict(const Deal& deal, Field field) const;
  bool Kept(const Deal& deal, Field field, const Shown& value) const;
  // Microsoft has a referral of the deal: its own, or the one that asks it for help.
  bool MicrosoftTakesPart(const Deal& deal) const;
  // Sync with Partner Center is Yes.
  bool IsFlagged(const Deal& deal) const;
};

// A request that changed something in Partner Center or the CRM.
bool IsCommittedReferralWrite(const sandbox::LoggedRequest& request);
// Writes of ours that either side has committed since the start of the world.
std::size_t CommittedWrites(sandbox::World& world, sandbox::CrmProduct product);

void CheckNothingLost(const Scene& scene, Violations* violations);     // I1
void CheckNothingDoubled(const Scene& scene, Violations* violations);  // I2
void CheckAgreement(const Scene& scene, Violations* violations);       // I3
void CheckAudit(const Scene& scene, Violations* violations);           // I5
void CheckGate(const Scene& scene, Violations* violations);            // I6
void CheckLegality(const Scene& scene, Violations* violations);        // I7

}  // namespace cosell::simulation
