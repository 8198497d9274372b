#include <atomic>
#include <map>
#include <stdexcept>
#include <thread>

#include "store/migrator.h"
#include "store/sqlite_store.h"
#include "tools/bench/bench.h"
#include "tools/bench/disk.h"
#include "tools/bench/signed_callbacks.h"
#include "webhook/partner_center_receiver.h"

namespace cosell::bench {
namespace {

constexpr int kCallbacks = 2'000;
constexpr int kConnectionsPerRun = 16;  // so many times each callback can be new in one run
constexpr int kCallers[] = {1, 16, 64};

// One run of callers: what it cost.
struct RunCost {
  double events = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  double commits = 0;
};

// Store and receivers as the daemon has them; threads stand in for its HTTP workers. A callback is
// new only once per connection, so a run spreads over connections of its own.
class Intake {
 public:
  Intake(const std::string& folder, SignedCallbacks& callbacks)
      : callbacks_(callbacks),
        store_(StoreOptions{folder + "/intake.db", &clock_, nullptr}, store::Migrations()) {}

  RunCost Run(int callers, double seconds) {
    OpenConnections();
    RunCost cost;
    const std::int64_t commits = store_.commits();
    const double cpu = CpuSeconds();
    const double wall = WallSeconds();
    cost.events = static_cast<double>(Deliver(callers, wall + seconds));
    cost.seconds = WallSeconds() - wall;
    cost.cpu_seconds = CpuSeconds() - cpu;
    cost.commits = static_cast<double>(store_.commits() - commits);
    return cost;
  }

 private:
  using ReceiverPointer = std::unique_ptr<webhook::PartnerCenterReceiver>;

  void OpenConnections() {
    receivers_.clear();
    for (int i = 0; i < kConnectionsPerRun; ++i) {
      webhook::PartnerCenterOptions options;
      options.connection.text = "contoso-" + std::to_string(++connections_);
      options.certificate_hosts = {SignedCallbacks::host()};
      options.ca_files = {callbacks_.trust_file()};
      store_.OpenConnection(options.connection, "live");
      receivers_.push_back(std::make_unique<webhook::PartnerCenterReceiver>(
          options, store_, callbacks_.transport(), clock_, [] {},
          [](const webhook::TestEvent&) {}));
    }
  }

  std::int64_t Deliver(int callers, double until) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::int64_t> accepted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        while (WallSeconds() < until && DeliverOne(next++)) ++accepted;
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (accepted == 0) throw std::runtime_error("no callback was accepted");
    return accepted;
  }

  bool DeliverOne(std::size_t number) {
    const auto& requests = callbacks_.requests();
    const std::size_t connection = number / requests.size();
    if (connection >= receivers_.size()) return false;
    const auto answer = receivers_[connection]->Receive(requests[number % requests.size()]);
    return answer.reason == "accepted";
  }

  SignedCallbacks& callbacks_;
  SystemClock clock_;
  store::SqliteStore store_;
  int connections_ = 0;
  std::vector<ReceiverPointer> receivers_;
};

// One number per round of everything that is compared.
struct Rounds {
  Samples flushes;
  Samples commits;
  std::map<int, Samples> events;
  Samples verification_us;
  std::map<int, Samples> cpu_us;
  std::map<int, Samples> commits_per_event;
};

void MeasureRound(const std::string& folder, double slice, const SignedCallbacks& callbacks,
                  Intake& intake, SingleRowCommits& single, Rounds* rounds) {
  rounds->flushes.push_back(FlushesPerSecond(folder, slice));
  rounds->commits.push_back(single.PerSecond(slice));
  rounds->verification_us.push_back(callbacks.VerificationUs(slice / 4));
  for (const int callers : kCallers) {
    const RunCost cost = intake.Run(callers, slice);
    rounds->events[callers].push_back(cost.events / cost.seconds);
    rounds->cpu_us[callers].push_back(cost.cpu_seconds / cost.events * 1e6);
    rounds->commits_per_event[callers].push_back(cost.commits / cost.events);
  }
}

void Print(const Rounds& rounds, Report& report) {
  report.Rates("intake: one SQLite row per synced commit", rounds.commits, "flushes of the disk",
               rounds.flushes);
  for (const int callers : kCallers) {
    const std::string what = "intake: callers " + std::to_string(callers) + ", ";
    report.Rates(what + "events durable", rounds.events.at(callers), "flushes of the disk",
                 rounds.flushes);
    report.Rates(what + "events durable", rounds.events.at(callers), "single-row commits",
                 rounds.commits);
    report.Line(what + "CPU per event", Fixed(Median(rounds.cpu_us.at(callers)), 0) + " us",
                Fixed(Median(rounds.verification_us), 0) + " us for the RSA verification alone",
                Spread(Ratios(rounds.cpu_us.at(callers), rounds.verification_us), 2));
    const Samples& commits = rounds.commits_per_event.at(callers);
    report.Line(what + "commits per event", Fixed(Median(commits), 3), "1 without group commit",
                Spread(commits, 3));
  }
}

}  // namespace

void MeasureIntake(const BenchOptions& options, Report& report) {
  SignedCallbacks callbacks(kCallbacks, options.folder + "/trust.pem");
  Intake intake(options.folder, callbacks);
  SingleRowCommits single(options.folder);
  Rounds rounds;
  for (int round = 0; round < kRounds; ++round) {
    MeasureRound(options.folder, options.seconds / kRounds, callbacks, intake, single, &rounds);
  }
  Print(rounds, report);
}

}  // namespace cosell::bench
