#include "web/connection_book.h"

#include <algorithm>
#include <utility>

namespace cosell::web {
namespace {

using Phase = ConnectionBook::Phase;

// Whether it is the client that keeps this connection's thread.
bool WaitsForClient(Phase phase) { return phase != Phase::queued && phase != Phase::handling; }

// Whether the client still wants something: such a connection is not ended lightly.
bool IsWanted(Phase phase) { return phase != Phase::idle && phase != Phase::lingering; }

}  // namespace

ConnectionBook::ConnectionBook(Limits limits, const Clock& clock, TrafficCounters& counters)
    : limits_(limits), clock_(clock), counters_(counters) {}

bool ConnectionBook::Admit(Key key, const std::string& address, HangUp hang_up) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.Monotonic();
  const auto present = std::count_if(entries_.begin(), entries_.end(),
                                     [](const auto& pair) { return !pair.second.leaving; });
  const auto siblings = std::count_if(entries_.begin(), entries_.end(), [&](const auto& pair) {
    return !pair.second.leaving && pair.second.address == address;
  });
  bool welcome = !closed_ && static_cast<std::size_t>(present) < limits_.threads + limits_.queue;
  if (welcome && !address.empty() && static_cast<std::size_t>(siblings) >= limits_.per_address) {
    Entry* slow = LongestWaiting(now, &address);
    welcome = slow != nullptr;
    if (slow != nullptr) {
      End(*slow);
      ++counters_.displaced;
    }
  }
  if (!welcome) {
    ++counters_.refused;
    return false;
  }
  entries_[key] = Entry{address, Phase::queued, now, std::move(hang_up), false};
  ++counters_.accepted;
  ++counters_.open;
  MakeRoom(now);
  return true;
}

void ConnectionBook::Enter(Key key, Phase phase) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  found->second.phase = phase;
  found->second.since = clock_.Monotonic();
  if (closed_ && phase != Phase::handling && phase != Phase::sending) End(found->second);
}

void ConnectionBook::Remove(Key key) {
  const std::lock_guard lock(mutex_);
  if (entries_.erase(key) > 0) --counters_.open;
}

void ConnectionBook::Tick() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.Monotonic();
  for (auto& [key, entry] : entries_) {
    const auto limit = TimeFor(entry.phase);
    if (entry.leaving || !limit || now - entry.since < *limit) continue;
    End(entry);
    if (IsWanted(entry.phase)) ++counters_.overdue;
  }
  MakeRoom(now);
}

void ConnectionBook::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& [key, entry] : entries_) {
    if (entry.phase != Phase::handling && entry.phase != Phase::sending) End(entry);
  }
}

std::size_t ConnectionBook::open() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void ConnectionBook::MakeRoom(std::chrono::nanoseconds now) {
  std::size_t queued = 0;
  std::size_t at_work = 0;
  for (const auto& [key, entry] : entries_) {
    if (entry.leaving) continue;
    ++(entry.phase == Phase::queued ? queued : at_work);
  }
  while (queued > 0 && at_work + queued > limits_.threads && at_work > 0) {
    Entry* slow = LongestWaiting(now, nullptr);
    if (slow == nullptr) return;
    End(*slow);
    ++counters_.displaced;
    --at_work;
  }
}

// The ones nobody wants any more come first; among equals the one that has waited longest.
ConnectionBook::Entry* ConnectionBook::LongestWaiting(std::chrono::nanoseconds now,
                                                      const std::string* address) {
  Entry* best = nullptr;
  for (auto& [key, entry] : entries_) {
    const bool candidate = !entry.leaving && WaitsForClient(entry.phase) &&
                           (address == nullptr || entry.address == *address) &&
                           (!IsWanted(entry.phase) || now - entry.since >= limits_.grace);
    if (!candidate) continue;
    const auto rank = [](const Entry& one) { return std::pair(IsWanted(one.phase), one.since); };
    if (best == nullptr || rank(entry) < rank(*best)) best = &entry;
  }
  return best;
}

std::optional<std::chrono::milliseconds> ConnectionBook::TimeFor(Phase phase) const {
  switch (phase) {
    case Phase::idle:
      return limits_.idle;
    case Phase::receiving:
      return limits_.receive;
    case Phase::sending:
      return limits_.send;
    case Phase::lingering:
      return limits_.linger;
    case Phase::queued:
    case Phase::handling:
      return std::nullopt;
  }
  return std::nullopt;
}

void ConnectionBook::End(Entry& entry) {
  if (!entry.leaving) entry.hang_up();
  entry.leaving = true;
}

}  // namespace cosell::web
