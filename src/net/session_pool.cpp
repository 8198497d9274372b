#include "net/session_pool.h"

#include <utility>

namespace cosell::net {

std::unique_ptr<Connection> SessionPool::Take(const std::string& origin) {
  while (auto connection = TakeLatest(origin)) {
    if (connection->IsIdle()) return connection;
  }
  return nullptr;
}

std::unique_ptr<Connection> SessionPool::TakeLatest(const std::string& origin) {
  const auto too_old = std::chrono::steady_clock::now() - idle_max_;
  const std::lock_guard lock(mutex_);
  const auto found = idle_.find(origin);
  if (found == idle_.end()) return nullptr;
  std::vector<Idle>& kept = found->second;
  std::erase_if(kept, [too_old](const Idle& idle) { return idle.since < too_old; });
  if (kept.empty()) {
    idle_.erase(found);
    return nullptr;
  }
  auto connection = std::move(kept.back().connection);
  kept.pop_back();
  return connection;
}

void SessionPool::Give(const std::string& origin, std::unique_ptr<Connection> connection) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  // Origins nobody asks for any more are cleared here, or their connections would stay for ever.
  for (auto& [other, kept] : idle_) {
    std::erase_if(kept, [&](const Idle& idle) { return idle.since < now - idle_max_; });
  }
  std::erase_if(idle_, [](const auto& entry) { return entry.second.empty(); });
  std::vector<Idle>& kept = idle_[origin];
  if (kept.size() < per_origin_max_) kept.push_back({std::move(connection), now});
}

}  // namespace cosell::net
