#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/http.h"

namespace cosell::sandbox {

// One request as the remote side saw it. A value.
struct LoggedRequest {
  std::int64_t sequence = 0;  // 1.. over all services; the order of arrival
  Instant at;
  std::string service;  // "entra", "referrals", "webhooks", "certificates", "dataverse"
  std::string method;
  std::string target;      // path and query as sent
  net::Headers headers;    // the telling ones only; never Authorization
  std::string body;        // forms of the token endpoint have their secrets blanked
  bool processed = false;  // the service acted on it; false when a fault stopped it before
  int service_status = 0;  // what the service itself said; 0 when it was not asked
  int status = 0;          // what was answered; 0 when no answer left the service
  std::string etag;        // of the answer
  std::string answer;      // body of the answer to anything but GET
  std::string fault;       // kind of the fault applied, or empty
};

// What tests check the invariants against: every request that reached the emulated services, in
// order. Keeps the newest 200,000. Single-threaded.
class RequestLog {
 public:
  static constexpr std::size_t kEntriesMax = 200'000;

  // Appends and returns the entry so that the answer can be filled in.
  LoggedRequest& Add(LoggedRequest entry);
  const std::deque<LoggedRequest>& entries() const { return entries_; }
  void Clear() { entries_.clear(); }

  // Which requests to pick: empty members match everything. A value.
  struct Filter {
    std::string service{};
    std::string method{};
    std::string path{};        // regular expression (ECMAScript) searched in `target`
    std::int64_t after = 0;    // only entries with a greater sequence
    bool writes_only = false;  // leaves out GET and HEAD
  };
  // Copies, in order. Throws std::regex_error for a malformed `path`.
  std::vector<LoggedRequest> Find(const Filter& filter) const;
  std::size_t Count(const Filter& filter) const { return Find(filter).size(); }
  std::int64_t last_sequence() const { return next_ - 1; }

 private:
  std::int64_t next_ = 1;
  std::deque<LoggedRequest> entries_;
};

// The headers worth keeping of a request.
net::Headers TellingHeaders(const net::Headers& headers);
// A token request's form without its secrets.
std::string BlankSecrets(const std::string& form);

}  // namespace cosell::sandbox
