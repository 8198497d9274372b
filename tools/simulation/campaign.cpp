#include "tools/simulation/campaign.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>
#include <stdexcept>

#include "model/digest.h"
#include "tools/simulation/generate.h"
#include "tools/simulation/service.h"
#include "tools/simulation/shrink.h"

namespace cosell::simulation {
namespace {

using SteadyClock = std::chrono::steady_clock;

double MillisecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

// The kinds every table shows, so that a zero is seen as one.
constexpr const char* kInvariants[] = {
    "I1 lost",        "I1 order",     "I2 doubled", "I3 disagree", "I3 late",
    "I3 not at rest", "I4 echo",      "I5 audit",   "I6 gate",     "I6 consent",
    "I7 illegal",     "I8 forgotten", "I9 restart", "I10 rebuild", "I12 not the same"};

std::string ReplayCommand(const Script& script) {
  std::string numbers;
  for (const int number : Numbers(script)) {
    numbers += (numbers.empty() ? "" : ",") + std::to_string(number);
  }
  return "tools/simulate --crm " + NameOf(script.product) + " --replay " +
         std::to_string(script.seed) + (numbers.empty() ? "" : " --keep " + numbers);
}

std::string Describe(const Violations& violations) {
  std::string text;
  for (const Violation& violation : violations)
    text += "  " + violation.invariant + ": " + violation.text + "\n";
  return text;
}

bool HasInvariant(const Outcome& outcome, const std::string& invariant) {
  return std::any_of(outcome.violations.begin(), outcome.violations.end(),
                     [&](const Violation& violation) { return violation.invariant == invariant; });
}

double Mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Percentile99(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) * 99 / 100];
}

class Campaign {
 public:
  Campaign(const CampaignOptions& options, std::ostream& out) : options_(options), out_(out) {}

  Tally Run() {
    const auto started = SteadyClock::now();
    for (std::int64_t i = 0; i < options_.histories; ++i) {
      const auto& products = options_.products;
      const auto product = products[static_cast<std::size_t>(i) % products.size()];
      One(Generate(options_.seed + static_cast<std::uint64_t>(i), product));
      tally_.elapsed_s = MillisecondsSince(started) / 1000;
      if (options_.progress) Progress();
    }
    if (options_.progress) out_ << "\r\033[K";
    return Finished();
  }

  Tally Again(const std::set<int>& keep) {
    Script script = Generate(options_.seed, options_.products.front());
    if (!keep.empty()) script = Keep(script, keep);
    const auto started = SteadyClock::now();
    const Outcome outcome = RunScript(script, workshop_);
    Count(outcome, MillisecondsSince(started), script);
    tally_.elapsed_s = MillisecondsSince(started) / 1000;
    out_ << "seed " << script.seed << "\n"
         << simulation::Describe(script) << outcome.trace << outcome.reasons
         << Describe(outcome.violations);
    return Finished();
  }

 private:
  Tally Finished() {
    tally_.mean_ms = Mean(durations_ms_);
    tally_.p99_ms = Percentile99(durations_ms_);
    return std::move(tally_);
  }

  void One(const Script& script) {
    const auto started = SteadyClock::now();
    Outcome outcome = RunScript(script, workshop_);
    const double took = MillisecondsSince(started);
    if (options_.check_determinism) Repeat(script, &outcome);
    if (options_.verbose) out_ << "seed " << script.seed << "\n" << outcome.trace;
    Count(outcome, took, script);
    if (!outcome.violations.empty()) Tell(script, outcome);
  }

  void Repeat(const Script& script, Outcome* outcome) {
    CheckSameHistory(RunScript(script, workshop_), outcome);
  }

  void Count(const Outcome& outcome, double took_ms, const Script& script) {
    ++tally_.histories;
    durations_ms_.push_back(took_ms);
    tally_.rounds += outcome.rounds;
    tally_.requests += outcome.requests;
    tally_.writes += outcome.writes;
    tally_.crashes += outcome.crashes;
    tally_.trace_hash = ContentHash(tally_.trace_hash + outcome.trace_hash);
    if (outcome.violations.empty()) return;
    ++tally_.failed;
    tally_.seeds.push_back(script.seed);
    std::set<std::string> kinds;
    for (const Violation& violation : outcome.violations) kinds.insert(violation.invariant);
    for (const std::string& kind : kinds) ++tally_.violations[kind];
  }

  // The whole story of a failure, as small as it gets.
  void Tell(const Script& script, const Outcome& outcome) {
    const std::string invariant = outcome.violations.front().invariant;
    const Script small =
        invariant == "I12 not the same" ? script : Shrink(script, [&](const Script& part) {
          return HasInvariant(RunScript(part, workshop_), invariant);
        });
    const Outcome again = RunScript(small, workshop_);
    out_ << (options_.progress ? "\r\033[K" : "") << "seed " << script.seed << ": " << invariant
         << "\n"
         << simulation::Describe(small) << Describe(again.violations) << again.reasons
         << "  again: " << ReplayCommand(small) << "\n\n";
    out_.flush();
  }

  void Progress() {
    out_ << "\r" << tally_.histories << " of " << options_.histories << " histories, "
         << tally_.failed << " failed";
    out_.flush();
  }

  const CampaignOptions& options_;
  std::ostream& out_;
  const Workshop workshop_;
  std::vector<double> durations_ms_;
  Tally tally_;
};

std::int64_t CountOf(const Tally& tally, const std::string& invariant) {
  const auto at = tally.violations.find(invariant);
  return at == tally.violations.end() ? 0 : at->second;
}

std::string Line(const std::string& name, const std::string& value) {
  return "  " + name + std::string(name.size() < 24 ? 24 - name.size() : 1, ' ') + value + "\n";
}

std::string Rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

double PerSecond(const Tally& tally) {
  return tally.elapsed_s > 0 ? static_cast<double>(tally.histories) / tally.elapsed_s : 0;
}

}  // namespace

std::string NameOf(sandbox::CrmProduct product) {
  for (const auto& [name, known] : Products()) {
    if (known == product) return name;
  }
  return "";
}

Tally RunCampaign(const CampaignOptions& options, std::ostream& out) {
  return Campaign(options, out).Run();
}

Tally Replay(const CampaignOptions& options, const std::set<int>& keep, std::ostream& out) {
  return Campaign(options, out).Again(keep);
}

std::string TableOf(const Tally& tally) {
  std::string text = Line("histories", std::to_string(tally.histories)) +
                     Line("failed", std::to_string(tally.failed));
  for (const char* invariant : kInvariants)
    text += Line(invariant, std::to_string(CountOf(tally, invariant)));
  return text + Line("rounds", std::to_string(tally.rounds)) +
         Line("requests", std::to_string(tally.requests)) +
         Line("remote writes", std::to_string(tally.writes)) +
         Line("crashes", std::to_string(tally.crashes)) +
         Line("ms per history, mean", Rounded(tally.mean_ms)) +
         Line("ms per history, p99", Rounded(tally.p99_ms)) +
         Line("histories per second", Rounded(PerSecond(tally)));
}

std::string JsonOf(const Tally& tally) {
  nlohmann::json violations = nlohmann::json::object();
  for (const char* invariant : kInvariants) violations[invariant] = CountOf(tally, invariant);
  const nlohmann::json document = {{"histories", tally.histories},
                                   {"failed", tally.failed},
                                   {"violations", violations},
                                   {"rounds", tally.rounds},
                                   {"requests", tally.requests},
                                   {"remote_writes", tally.writes},
                                   {"crashes", tally.crashes},
                                   {"mean_ms", tally.mean_ms},
                                   {"p99_ms", tally.p99_ms},
                                   {"elapsed_s", tally.elapsed_s},
                                   {"histories_per_s", PerSecond(tally)},
                                   {"failed_seeds", tally.seeds},
                                   {"trace_hash", tally.trace_hash}};
  return document.dump();
}

namespace {

void Add(const nlohmann::json& part, Tally* sum) {
  const auto histories = part.at("histories").get<std::int64_t>();
  const double before = sum->mean_ms * static_cast<double>(sum->histories);
  const double added = part.at("mean_ms").get<double>() * static_cast<double>(histories);
  sum->histories += histories;
  sum->mean_ms = (before + added) / static_cast<double>(std::max<std::int64_t>(1, sum->histories));
  sum->p99_ms = std::max(sum->p99_ms, part.at("p99_ms").get<double>());
  sum->elapsed_s = std::max(sum->elapsed_s, part.at("elapsed_s").get<double>());
  sum->failed += part.at("failed").get<std::int64_t>();
  sum->rounds += part.at("rounds").get<std::int64_t>();
  sum->requests += part.at("requests").get<std::int64_t>();
  sum->writes += part.at("remote_writes").get<std::int64_t>();
  sum->crashes += part.at("crashes").get<std::int64_t>();
  for (const auto& [invariant, count] : part.at("violations").items())
    sum->violations[invariant] += count.get<std::int64_t>();
  for (const auto& seed : part.at("failed_seeds")) sum->seeds.push_back(seed.get<std::uint64_t>());
}

}  // namespace

Tally SumOf(const std::vector<std::string>& documents) {
  Tally sum;
  try {
    for (const std::string& document : documents) Add(nlohmann::json::parse(document), &sum);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error("this is not what cosell-simulate --json prints");
  }
  return sum;
}

}  // namespace cosell::simulation
