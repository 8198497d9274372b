#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "mapping/mapping.h"
#include "plan/plan.h"
#include "ports/crm.h"
#include "ports/executor.h"
#include "ports/log.h"
#include "ports/partner_center.h"
#include "ports/store.h"

namespace cosell {

struct EngineOptions {
  ConnectionName connection;
  bool shadow = false;  // reads both sides, writes nothing remote
  Policy policy;
  std::chrono::seconds poll_interval{30};    // 0: off
  std::chrono::seconds sweep_interval{600};  // 0: off
  bool leads = false;                        // leads are synced too, where CRM and mapping allow it
  double change_ratio_max = 0.5;             // updates of pairs in a rolling hour, from 20 pairs on
  std::size_t first_share_count_max = 25;    // deals shared for the first time in one round
};

// How far a round has come. A value.
struct Progress {
  std::int64_t read = 0;     // records
  std::int64_t written = 0;  // remote writes confirmed
  // Links worked on, and how many there are to work on; 0 while that is not known.
  std::int64_t compared = 0;
  std::int64_t to_compare = 0;
};

// What every part of the engine works with. Owned by the engine of one connection; used from its
// thread alone, except that remote calls run side by side through `executor`.
struct EngineContext {
  EngineOptions options;
  Mapping mapping;  // bound; its part for leads is there only if leads are synced
  PartnerCenter& partner_center;
  Crm& crm;
  Store& store;
  Clock& clock;
  Random& random;
  Executor& executor;
  Log& log;
  // Called after every page and every batch, from the engine's thread: a sign of life and of
  // progress. May be empty.
  std::function<void(const Progress&)> on_progress{};
  Progress progress{};
  bool can_qualify = false;  // CrmSchema::can_qualify
  PeopleFilter erased{};     // what must not come back; as it is when a round begins
  // Fields that mean something else than when the bases were kept (engine/redefined.h); with
  // "lead." before those of leads.
  std::set<std::string> redefined{};

  void Advance(std::int64_t read, std::int64_t written) {
    progress.read += read;
    progress.written += written;
    if (on_progress) on_progress(progress);
  }

  void AdvanceCompared(std::int64_t links) {
    progress.compared += links;
    if (on_progress) on_progress(progress);
  }

  const ConnectionName& name() const { return options.connection; }
};

}  // namespace cosell
