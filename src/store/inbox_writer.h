#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <span>
#include <thread>

#include "base/clock.h"
#include "model/event.h"
#include "store/session.h"

namespace cosell::store {

// Group commit: many threads append, one thread writes everything that has queued up as one synced
// transaction and then lets all its callers go. While one group is being synced the next one
// gathers, so a flush is shared by as many events as arrive during a flush.
class InboxWriter {
 public:
  // Both outlive the writer. Starts its thread.
  InboxWriter(Session& session, const Clock& clock);
  // Writes what is queued, then ends the thread.
  ~InboxWriter();
  InboxWriter(const InboxWriter&) = delete;
  InboxWriter& operator=(const InboxWriter&) = delete;

  // As Store::AppendEvents: returns how many of `events` were no repeats. From any thread.
  std::size_t Append(std::span<const Event> events);
  // Callers that are waiting for their events to be written.
  std::size_t waiting() const;

 private:
  struct Outcome {
    std::size_t added = 0;
    const Event* stranger = nullptr;  // of a connection nobody opened; then nothing was written
  };
  // What one caller brought; it goes into one group as a whole.
  struct Pending {
    std::span<const Event> events;
    std::promise<Outcome> written;
  };
  using Group = std::deque<Pending>;

  void Loop();
  Group NextGroup();
  void WriteGroup(Group& group);
  Outcome WriteAll(std::span<const Event> events);

  Session& session_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  Group queue_;
  std::size_t waiting_ = 0;  // queued or being written
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace cosell::store
