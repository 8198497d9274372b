#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>

#include "base/clock.h"
#include "base/guid.h"
#include "tools/bench/bench.h"

namespace {

using cosell::bench::BenchOptions;
using cosell::bench::Report;
using Benchmark = std::function<void(const BenchOptions&, Report&)>;

const std::vector<std::pair<std::string, Benchmark>>& Benchmarks() {
  static const std::vector<std::pair<std::string, Benchmark>> all = {
      {"plan", cosell::bench::MeasurePlan},
      {"mapping", cosell::bench::MeasureMapping},
      {"intake", cosell::bench::MeasureIntake},
      {"engine", cosell::bench::MeasureEngine}};
  return all;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& [name, benchmark] : Benchmarks()) names.push_back(name);
  return names;
}

// A new folder below `parent`, gone at the end.
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& parent) {
    cosell::SystemRandom random;
    path_ = std::filesystem::path(parent) / ("cosell-bench-" + cosell::NewGuid(random));
    std::filesystem::create_directories(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void RunAll(BenchOptions options, const std::vector<std::string>& only) {
  const WorkFolder folder(options.folder);
  options.folder = folder.path();
  Report report(std::cout);
  report.Machine(options.folder);
  report.Head();
  for (const auto& [name, benchmark] : Benchmarks()) {
    if (only.empty() || std::find(only.begin(), only.end(), name) != only.end()) {
      benchmark(options, report);
    }
  }
  report.Machine(options.folder);
}

}  // namespace

int main(int argc, char** argv) {
  BenchOptions options;
  options.folder = ".";
  std::vector<std::string> only;
  CLI::App app("Prints how fast the parts are, beside what the same machine allows. No gates.",
               "cosell-bench");
  app.add_option("--pairs", options.pairs, "deals the engine, plan and mapping work on")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "time to measure each line")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--only", only, "plan, mapping, intake or engine; may be repeated")
      ->check(CLI::IsMember(Names()));
  app.add_option("--dir", options.folder, "a folder on the disk to measure")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    RunAll(options, only);
  } catch (const std::exception& error) {
    std::cerr << "cosell-bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
