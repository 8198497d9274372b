#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"

namespace cosell::salesforce {

// What has been handed out up to a cursor, and how far the server has been looked at since it was
// handed out without anything new to tell.
struct Delivered {
  struct Entry {
    std::string etag;  // kDeletedEtag for a deletion
    Instant stamp;
  };
  std::map<std::string, Entry> entries;  // by record id
  std::optional<Instant> since;
  std::optional<Instant> covered;
  std::optional<Instant> checked;
  std::optional<Instant> seen_at;

  // Notes one more; whether it is news.
  bool Add(const std::string& id, std::string etag, Instant stamp);
  // Forgets what a scan from `from` on cannot bring again.
  void ForgetBefore(Instant from);
};

constexpr const char* kDeletedEtag = "deleted";

// The memory behind the overlap of scans: it belongs to the cursor that was handed out and is used
// only when that very cursor comes back, so that a page that was never recorded is told again. Kept
// in memory alone: after a restart the overlap is told once more. Safe from any thread.
class DeliveredMemory {
 public:
  // A copy; empty for a cursor that is not known.
  Delivered Find(const std::string& nonce) const;
  void Keep(const std::string& nonce, Delivered delivered);
  // A name no cursor of this process has. Unlike one of another process only by `salt`.
  std::string NewNonce(std::uint64_t salt);

 private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::deque<std::pair<std::string, Delivered>> kept_;  // the latest last
};

}  // namespace cosell::salesforce
