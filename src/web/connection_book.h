#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "web/traffic.h"

namespace cosell::web {

// Knows every open connection of the server, what it is doing and since when, and hangs up on those
// that keep others waiting. This is what makes slow clients harmless; it holds no socket itself.
// Safe from any thread. Internal to this room.
//
// The rules:
//  - A whole request (TLS handshake, head and body) has `receive` to arrive and its answer `send`
//  to
//    be taken, however many bytes trickle meanwhile; a kept-alive connection has `idle`, and one
//    that is refused but still sends has `linger` to read why.
//  - There are `threads` threads. When more connections than that are open, the ones that wait for
//    the client (idle first, then the longest) and have done so for `grace` are hung up, as many as
//    there are newcomers without a thread. So a newcomer waits for `grace` and one tick at most.
//  - A connection whose request is being handled is never hung up.
//  - At most `queue` newcomers wait for a thread; one address has at most `per_address`
//  connections.
//    Beyond that a newcomer displaces a slow one of its own address, or is refused.
class ConnectionBook {
 public:
  struct Limits {
    std::size_t threads = 128;
    std::size_t queue = 128;
    std::size_t per_address = 96;
    std::chrono::milliseconds idle{2'000};
    std::chrono::milliseconds receive{10'000};
    std::chrono::milliseconds send{10'000};
    std::chrono::milliseconds linger{1'000};
    std::chrono::milliseconds grace{250};
  };
  enum class Phase { queued, idle, receiving, handling, sending, lingering };
  using Key = const void*;
  // Ends the connection at once, without blocking; called under the book's lock, never after
  // Remove.
  using HangUp = std::function<void()>;

  // `clock` and `counters` must outlive the book.
  ConnectionBook(Limits limits, const Clock& clock, TrafficCounters& counters);

  // A new connection, queued until Enter. False: refuse it. An empty address is not limited.
  bool Admit(Key key, const std::string& address, HangUp hang_up);
  // The connection now does this; its time starts anew. Unknown keys are ignored.
  void Enter(Key key, Phase phase);
  // The connection is about to be closed by its own thread. Unknown keys are ignored.
  void Remove(Key key);

  // To be called several times a second: hangs up what is overdue, and makes room.
  void Tick();
  // From now on connections only finish the request they are handling; all others are hung up.
  void Close();
  std::size_t open() const;

 private:
  struct Entry {
    std::string address;
    Phase phase = Phase::queued;
    std::chrono::nanoseconds since{0};
    HangUp hang_up;
    bool leaving = false;  // hung up; its thread is about to notice
  };
  using Entries = std::map<Key, Entry>;

  void MakeRoom(std::chrono::nanoseconds now);
  Entry* LongestWaiting(std::chrono::nanoseconds now, const std::string* address);
  std::optional<std::chrono::milliseconds> TimeFor(Phase phase) const;
  static void End(Entry& entry);

  const Limits limits_;
  const Clock& clock_;
  TrafficCounters& counters_;
  mutable std::mutex mutex_;
  Entries entries_;
  bool closed_ = false;
};

}  // namespace cosell::web
