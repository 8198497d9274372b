#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/simulation/runner.h"

namespace cosell::simulation {

// What a run of many histories found. A value.
struct Tally {
  std::int64_t histories = 0;
  std::int64_t failed = 0;
  std::map<std::string, std::int64_t> violations;  // histories by invariant
  double mean_ms = 0;                              // of one history
  double p99_ms = 0;
  double elapsed_s = 0;
  std::int64_t rounds = 0;
  std::int64_t requests = 0;
  std::int64_t writes = 0;
  std::int64_t crashes = 0;
  std::vector<std::uint64_t> seeds;  // of the histories that failed
  std::string trace_hash;            // over all traces in order; empty for a sum of processes
};

struct CampaignOptions {
  std::uint64_t seed = 1;
  std::int64_t histories = 1000;
  std::vector<sandbox::CrmProduct> products;  // taken in turn
  bool check_determinism = false;             // every history twice
  bool verbose = false;                       // print every script and trace
  bool progress = false;                      // a line that is written over and over
};

// "dynamics365", "salesforce".
std::string NameOf(sandbox::CrmProduct product);

// Runs the histories of `histories` seeds, from options.seed on. Failures are shrunk and told on
// `out` as they are found.
Tally RunCampaign(const CampaignOptions& options, std::ostream& out);

// One history again, with everything there is to see; only the steps and troubles in `keep`, all if
// empty.
Tally Replay(const CampaignOptions& options, const std::set<int>& keep, std::ostream& out);

// The closing table, and the same as one JSON document.
std::string TableOf(const Tally& tally);
std::string JsonOf(const Tally& tally);

// Of several documents by JsonOf, made side by side: the times are those of the slowest. Throws
// std::runtime_error for any other text.
Tally SumOf(const std::vector<std::string>& documents);

}  // namespace cosell::simulation
