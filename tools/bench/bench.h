#pragma once

#include <string>

#include "tools/bench/report.h"

// The benchmarks. Each prints its lines through the report, every figure beside a limit measured in
// the same run. Single-threaded unless one says otherwise; each throws std::runtime_error when it
// cannot even set the stage.
namespace cosell::bench {

struct BenchOptions {
  int pairs = 300;     // deals of the engine's worlds, and the links that plan and mapping work on
  double seconds = 5;  // measured per line, shared out over the rounds
  std::string folder;  // where databases and the disk's test file go; exists, and is empty
};

void MeasurePlan(const BenchOptions& options, Report& report);
void MeasureMapping(const BenchOptions& options, Report& report);
// With 1, 16 and 64 threads that deliver.
void MeasureIntake(const BenchOptions& options, Report& report);
void MeasureEngine(const BenchOptions& options, Report& report);

}  // namespace cosell::bench
