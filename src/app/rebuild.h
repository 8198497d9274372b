#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/round.h"
#include "store/salvage.h"

// What `rebuild` does before and after the rounds that bring links and bases back.
namespace cosell::app {

// What was found in the place of the database, and what was done about it.
struct RebuildStart {
  StoreCondition condition = StoreCondition::absent;
  std::string problem;    // what is damaged
  std::string aside;      // where the damaged file was put
  SalvageReport salvage;  // of the damaged file
  bool lost_rows() const;
};

// Looks at the database as a whole. A damaged one is read as far as it can be, put aside under a
// dated name, and what was saved takes its place, beginning a generation of its own; interrupted
// anywhere, it can be run again. Anything else stays as it is. The caller holds the instance lock.
// Throws std::runtime_error as store/salvage.h.
Result<RebuildStart> PrepareRebuild(const std::string& database, Clock& clock);

// {"condition","problem","aside","tables":[{"name","rows","lost","complete"}],"audit_breaks":[],
// "bases_lost"}
std::string RebuildStartAsJson(const RebuildStart& start);
// For a person; empty when there is nothing to say.
std::string RebuildStartAsText(const RebuildStart& start);

// {"pairs","equal","written","conflicting","unsettled","only_partner_center","only_crm","ambiguous",
// "decided":{"<rule>":n}}
std::string CensusAsJson(const PairCensus& census);
std::string CensusAsText(const PairCensus& census);

}  // namespace cosell::app
