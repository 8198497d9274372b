#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cosell::platform {

// Tells systemd how the service stands (sd_notify, without its library): one datagram to the socket
// in NOTIFY_SOCKET, a path or an abstract name. Without that variable, and on Windows, every call
// does nothing. Reads the environment once, when made. Safe from any thread; never throws or
// blocks.
class Notifier {
 public:
  Notifier();

  // When the database is open and the port listens; not after the first sync, which may be long.
  void Ready() const { Send("READY=1"); }
  // At the start of a reload and, with Ready, at its end.
  void Reloading() const { Send("RELOADING=1"); }
  void Stopping() const { Send("STOPPING=1"); }
  // One line for `systemctl status`.
  void Status(std::string_view text) const;
  // The sign of life, while every engine moves.
  void Watchdog() const { Send("WATCHDOG=1"); }

  // How often Watchdog is to be called: half of what the unit's WatchdogSec allows. Nothing when no
  // watchdog is wanted or it is meant for another process.
  std::optional<std::chrono::milliseconds> watchdog_interval() const { return watchdog_interval_; }
  bool wanted() const { return !socket_.empty(); }

 private:
  void Send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::milliseconds> watchdog_interval_;
};

}  // namespace cosell::platform
