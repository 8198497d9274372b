#include "app/audit_keeper.h"

#include <chrono>
#include <utility>

#include "app/anchors.h"

namespace cosell::app {
namespace {

constexpr std::chrono::hours kPruneInterval{24};

}  // namespace

AuditKeeper::AuditKeeper(const AuditConfig& config, std::string database_path, Store& store,
                         const Clock& clock, Log& log)
    : config_(config),
      database_path_(std::move(database_path)),
      store_(store),
      clock_(clock),
      log_(log) {}

AuditKeeper::~AuditKeeper() { Stop(); }

void AuditKeeper::Start() {
  if (config_.anchor_file.empty() && config_.retention.count() == 0) return;
  stopping_ = false;
  thread_ = std::thread([this] { Run(); });
}

void AuditKeeper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void AuditKeeper::Run() {
  auto next_prune = clock_.Monotonic();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (clock_.Monotonic() >= next_prune) {
      Prune();
      next_prune = clock_.Monotonic() + kPruneInterval;
    }
    Anchor();
    lock.lock();
    changed_.wait_for(lock, config_.anchor_interval, [this] { return stopping_; });
  }
}

void AuditKeeper::Anchor() {
  if (config_.anchor_file.empty()) return;
  try {
    const AuditExtent extent = StoreInspector(database_path_).Extent();
    if (!extent.head || extent.head->id == anchored_) return;
    if (const auto written = AppendAnchor(config_.anchor_file, *extent.head); !written)
      return WarnOnce("an anchor of the audit could not be written", written.error().message);
    anchored_ = extent.head->id;
    warned_.clear();
  } catch (const std::runtime_error& error) {
    WarnOnce("an anchor of the audit could not be written", error.what());
  }
}

std::int64_t AuditKeeper::Prune() {
  if (config_.retention.count() == 0) return 0;
  try {
    if (const auto problem = StoreInspector(database_path_).VerifyAudit()) {
      log_.Error(
          "the audit was changed, so no old entries are removed; see `cosell-sync audit "
          "verify`",
          {{"entry", std::to_string(problem->entry_id)}, {"problem", problem->what}});
      return 0;
    }
    const std::int64_t removed = store_.PruneAudit(clock_.Now() - config_.retention);
    if (removed > 0)
      log_.Info("old entries of the audit were removed", {{"entries", std::to_string(removed)}});
    return removed;
  } catch (const std::runtime_error& error) {
    WarnOnce("old entries of the audit could not be removed", error.what());
    return 0;
  }
}

void AuditKeeper::WarnOnce(const std::string& message, const std::string& error) {
  if (warned_ == error) return;
  warned_ = error;
  log_.Warning(message, {{"error", error}});
}

}  // namespace cosell::app
