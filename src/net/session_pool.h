#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/connection.h"

namespace cosell::net {

// Internal to net: connections kept open between exchanges, by origin. A new TLS connection costs
// about 75 times a kept one. Safe from any thread; a connection is in the pool or with one caller.
class SessionPool {
 public:
  // At most `per_origin_max` idle connections of one origin, each for at most `idle_max`.
  SessionPool(std::size_t per_origin_max, std::chrono::seconds idle_max)
      : per_origin_max_(per_origin_max), idle_max_(idle_max) {}

  // A connection to `origin` that was open a moment ago, the latest used first; null if none is.
  std::unique_ptr<Connection> Take(const std::string& origin);
  // Keeps a connection for the next exchange, or closes it when there are enough.
  void Give(const std::string& origin, std::unique_ptr<Connection> connection);

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point since;
  };

  std::unique_ptr<Connection> TakeLatest(const std::string& origin);

  const std::size_t per_origin_max_;
  const std::chrono::seconds idle_max_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Idle>> idle_;  // latest used last
};

}  // namespace cosell::net
