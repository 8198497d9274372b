#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "net/http.h"
#include "tools/simulation/saboteur.h"
#include "tools/simulation/trace.h"

namespace cosell::simulation {

// Between the service and the emulated remote sides: writes the trace, lets people act while a
// request is under way, and crashes where the saboteur says. For one thread.
class FaultyTransport final : public net::HttpTransport {
 public:
  FaultyTransport(net::HttpTransport& inner, Saboteur& saboteur, Trace& trace)
      : inner_(inner), saboteur_(saboteur), trace_(trace) {}

  Result<net::HttpResponse> Send(const net::HttpRequest& request) override;

  // `act` happens while the n-th request from now on is under way: its own effect comes after it.
  void During(int request, std::function<void()> act);
  // Drops what has not happened and counts requests from one again. Returns the dropped acts.
  std::vector<std::function<void()>> Rewind();

 private:
  void Interrupt();

  net::HttpTransport& inner_;
  Saboteur& saboteur_;
  Trace& trace_;
  int requests_ = 0;
  std::vector<std::pair<int, std::function<void()>>> acts_;
};

}  // namespace cosell::simulation
