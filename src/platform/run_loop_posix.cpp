#include "platform/run_loop.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace cosell::platform {
namespace {

// Wakes the loop for RequestStop and the watcher for its end. A signal and not a condition, because
// sigwait is where both wait.
constexpr int kWake = SIGUSR1;

sigset_t LoopSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, kWake}) sigaddset(&set, signal);
  return set;
}

int NextSignal() {
  const sigset_t set = LoopSignals();
  int signal = 0;
  sigwait(&set, &signal);
  return signal;
}

bool IsStop(int signal) { return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT; }

}  // namespace

void BlockSignals() {
  const sigset_t set = LoopSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

struct RunLoop::State {
  std::function<void(int)> forced;
  std::atomic<bool> stopping{false};
  std::atomic<bool> ended{false};
  std::thread watcher;

  // Runs from the first stop to the end of the object.
  void WatchForSecond(bool first_came_by_signal) {
    bool seen = first_came_by_signal;
    while (!ended) {
      const int signal = NextSignal();
      if (!IsStop(signal)) continue;
      if (seen) {
        if (forced) forced(signal);
        ::_exit(1);
      }
      seen = true;
    }
  }
};

RunLoop::RunLoop(std::function<void(int)> forced) : state_(std::make_unique<State>()) {
  state_->forced = std::move(forced);
}

RunLoop::~RunLoop() {
  if (!state_->watcher.joinable()) return;
  state_->ended = true;
  pthread_kill(state_->watcher.native_handle(), kWake);
  state_->watcher.join();
}

void RunLoop::WaitForStop(const std::function<void()>& reload) {
  bool by_signal = false;
  while (!state_->stopping) {
    const int signal = NextSignal();
    by_signal = IsStop(signal);
    if (by_signal) state_->stopping = true;
    if (signal == SIGHUP && !state_->stopping && reload) reload();
  }
  state_->watcher =
      std::thread([state = state_.get(), by_signal] { state->WatchForSecond(by_signal); });
}

void RunLoop::RequestStop() {
  state_->stopping = true;
  ::kill(::getpid(), kWake);
}

bool RunLoop::stopping() const { return state_->stopping; }

}  // namespace cosell::platform
