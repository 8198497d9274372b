#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <atomic>

#include "platform/run_loop.h"

namespace cosell::platform {
namespace {

// The console handler gets no context, so what it touches is here. The events exist from
// BlockSignals to the end of the process.
HANDLE stop_event = nullptr;
std::atomic<int> stop_count{0};
std::atomic<bool> loop_returned{false};
std::function<void(int)> forced_end;

BOOL WINAPI OnConsole(DWORD kind) {
  if (++stop_count > 1 && loop_returned) {
    if (forced_end) forced_end(static_cast<int>(kind));
    ::ExitProcess(1);
  }
  ::SetEvent(stop_event);
  // Windows ends the process when the handler of a close, logoff or shutdown returns.
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) ::Sleep(INFINITE);
  return TRUE;
}

}  // namespace

void BlockSignals() {
  if (stop_event != nullptr) return;
  stop_event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
  ::SetConsoleCtrlHandler(OnConsole, TRUE);
}

struct RunLoop::State {
  std::atomic<bool> stopping{false};
};

RunLoop::RunLoop(std::function<void(int)> forced) : state_(std::make_unique<State>()) {
  forced_end = std::move(forced);
}

RunLoop::~RunLoop() { loop_returned = false; }

// Windows has no HUP: a reload there is a restart of the service.
void RunLoop::WaitForStop(const std::function<void()>&) {
  ::WaitForSingleObject(stop_event, INFINITE);
  state_->stopping = true;
  loop_returned = true;
}

void RunLoop::RequestStop() {
  state_->stopping = true;
  ::SetEvent(stop_event);
}

bool RunLoop::stopping() const { return state_->stopping; }

}  // namespace cosell::platform
