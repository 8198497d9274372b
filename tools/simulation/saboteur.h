#pragma once

#include <string>
#include <vector>

#include "tools/simulation/script.h"

namespace cosell::simulation {

// The end of the process at this very place. Not a std::exception, so that nothing in the service
// takes it for a failure it may handle.
struct Crash {
  std::string where;
};

// Counts what the service sends and stores, and throws Crash where it was told to. For one thread.
class Saboteur {
 public:
  // The counts of remote and durable writes begin anew. Only crashes count; other troubles are
  // ignored.
  void Arm(const std::vector<Trouble>& troubles);
  void Disarm() { Arm({}); }

  // Called around every remote write.
  void BeforeSend();
  void AfterEffect();
  void AfterAnswer();
  // Called around every durable write; `commit` tells a unit of work from a snapshot or a run.
  void BeforeStoreWrite();
  void AfterStoreWrite(bool commit);

  int remote_writes() const { return remote_writes_; }

 private:
  void Throw(Spot spot, int count);

  std::vector<Trouble> armed_;
  int remote_writes_ = 0;
  int store_writes_ = 0;
  bool answered_ = false;  // the write whose recording is to be cut off has been answered
  Spot answered_spot_ = Spot::crash_after_answer;
};

}  // namespace cosell::simulation
