#pragma once

#include <functional>
#include <memory>

// How the process is told to stop or to read its configuration again, by whatever means the
// operating system has: TERM, INT, QUIT and HUP; on Windows Ctrl-C, Ctrl-Break and closing the
// console (the service manager's stop is handed on with RequestStop).
namespace cosell::platform {

// The first act of main, before any thread exists: from here on those signals wait for the run loop
// instead of killing the process, in every thread started later too. Also ignores PIPE, which a
// closed socket would raise. Calling it again changes nothing.
void BlockSignals();

// One per process. Requires BlockSignals. A signal that came earlier, during start-up, is not lost:
// WaitForStop sees it at once.
class RunLoop {
 public:
  // `forced` runs when a second stop signal arrives while the first stop is still under way; it
  // gets the signal's number and does not return control: the process ends with status 1 after it.
  // Use it for one last line of log. May be empty.
  explicit RunLoop(std::function<void(int)> forced = {});
  // Stops watching for the second signal.
  ~RunLoop();
  RunLoop(const RunLoop&) = delete;
  RunLoop& operator=(const RunLoop&) = delete;

  // Blocks the calling thread until a stop is asked for, by signal or by RequestStop. Calls
  // `reload` on this thread for each HUP meanwhile; several that arrive together may be one call.
  // To be called once, from one thread. From its return on, the next stop signal ends the process
  // by force.
  void WaitForStop(const std::function<void()>& reload);

  // Makes WaitForStop return, now or when it is called. Any thread, any number of times.
  void RequestStop();

  // Whether a stop was asked for. Any thread.
  bool stopping() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cosell::platform
