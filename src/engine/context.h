#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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

  void Advance(std::int64_t read, std::int64_t written) {
    progress.read += read;
    progress.written += written;
    if (on_progress) on_progress(progress);
  }

  const ConnectionName& name() const { return options.connection; }
};

}  // namespace cosell
