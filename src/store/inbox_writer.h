#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
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

  // As Store::AppendEvent. From any thread.
  bool Append(const Event& event);
  // Callers that are waiting for their event to be written.
  std::size_t waiting() const;

 private:
  enum class Outcome { added, repeat, unknown_connection };
  struct Pending {
    const Event* event;
    std::promise<Outcome> written;
  };
  using Group = std::deque<Pending>;

  void Loop();
  Group NextGroup();
  void WriteGroup(Group& group);
  Outcome WriteOne(const Event& event);

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
