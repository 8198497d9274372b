#include "tools/bench/bench.h"
#include "tools/bench/disk.h"
#include "tools/bench/service.h"

namespace cosell::bench {
namespace {

constexpr std::int64_t kReferralsPerPage = 100;    // contract partner-center.md section 3.4
constexpr std::int64_t kRowsPerPage = 500;         // of our Dataverse client
constexpr std::int64_t kLinksPerBatch = 32;        // the engine's
constexpr std::int64_t kOperationsPerBatch = 100;  // likewise

std::int64_t Pages(std::int64_t records, std::int64_t per_page) {
  return (records + per_page - 1) / per_page;
}

// Prints rounds of one service; the disk is measured right after each.
class Rounds {
 public:
  Rounds(const BenchOptions& options, Report& report) : options_(options), report_(report) {}

  // `least_calls` and `least_commits`: what page and batch sizes allow; 0 commits are no limit.
  void Print(const std::string& what, const RoundCost& cost, std::int64_t least_calls,
             std::int64_t least_commits) {
    const std::string name = "engine: " + what;
    report_.Counts(name + ", remote calls", cost.calls,
                   "at least; wrote " + Thousands(cost.result.run.written), least_calls);
    if (least_commits > 0) {
      report_.Counts(name + ", commits", cost.commits, "at least", least_commits);
    } else {
      report_.Line(name + ", commits", Thousands(cost.commits), "none needed");
    }
    PrintTime(name, cost);
    const double us = cost.cpu_seconds * 1e6 / options_.pairs;
    report_.Line(name + ", own CPU per pair", Fixed(us, 1) + " us");
  }

 private:
  void PrintTime(const std::string& name, const RoundCost& cost) {
    const double flushing = static_cast<double>(cost.commits) /
                            FlushesPerSecond(options_.folder, options_.seconds / kRounds);
    report_.Line(
        name + ", time", Fixed(cost.seconds, 3) + " s",
        Fixed(flushing, 3) + " s flushes + " + Fixed(cost.remote_seconds, 3) + " s remote sides",
        Fixed(cost.seconds / (flushing + cost.remote_seconds), 2));
  }

  const BenchOptions& options_;
  Report& report_;
};

// Both sides hold the same deals and name each other, but the database is new: nothing has to be
// written remotely. Every batch of links needs a commit for its snapshots and one for its bases.
void MeasurePairs(const BenchOptions& options, Report& report) {
  Service service(options.folder, "pairs");
  service.SeedPairs(options.pairs);
  Rounds rounds(options, report);
  const std::int64_t sweep =
      Pages(service.referrals(), kReferralsPerPage) + Pages(options.pairs, kRowsPerPage);
  const std::int64_t commits = 2 * Pages(options.pairs, kLinksPerBatch);
  const std::string pairs = Thousands(options.pairs) + " pairs, ";
  rounds.Print(pairs + "first sync", service.Round(IntakeDepth::sweep), sweep, commits);
  rounds.Print(pairs + "idle round", service.Round(IntakeDepth::poll), 2, 0);
  rounds.Print(pairs + "idle sweep", service.Round(IntakeDepth::sweep), sweep, 0);
}

// Partner Center is full and the CRM empty: account, contact and opportunity of every deal go into
// batches, and every referral gets the CRM's id by a call of its own. Each of the two steps is
// durable before and after it is sent.
void MeasureFill(const BenchOptions& options, Report& report) {
  Service service(options.folder, "fill");
  service.SeedReferrals(options.pairs);
  Rounds rounds(options, report);
  const std::int64_t pages = Pages(service.referrals(), kReferralsPerPage);
  const std::int64_t calls =
      pages + 1 + Pages(3 * options.pairs, kOperationsPerBatch) + options.pairs;
  const std::int64_t commits = 4 * Pages(options.pairs, kLinksPerBatch);
  const std::string deals = Thousands(options.pairs) + " deals to an empty CRM, ";
  rounds.Print(deals + "first sync", service.Round(IntakeDepth::sweep), calls, commits);
  rounds.Print(deals + "echo", service.Round(IntakeDepth::poll), 2, 0);
  service.Pass(std::chrono::minutes(30));
  rounds.Print(deals + "idle round", service.Round(IntakeDepth::poll), 2, 0);
}

}  // namespace

void MeasureEngine(const BenchOptions& options, Report& report) {
  MeasurePairs(options, report);
  MeasureFill(options, report);
}

}  // namespace cosell::bench
