#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "crm/rest/description.h"
#include "crm/rest/exact_json.h"
#include "net/api_client.h"

namespace cosell::rest {

// What was asked; the same status means different things.
enum class Purpose { read, list_on, create, update };

// An answer below 300 whose body, if any, is JSON.
struct Answer {
  Json body;
  std::string etag;
  std::optional<Instant> server_time;
  std::optional<std::chrono::milliseconds> clock_offset;
};

struct Sending {
  Purpose purpose = Purpose::update;
  std::string method;
  std::string target;    // path and query below the base
  std::string body;      // JSON; empty: none
  std::string if_match;  // empty: none
  std::string correlation;
};

// Calls to the service and its refusals as Errors. The service's own words stand in no Error of a
// kind whose message reaches a log. Borrows everything; safe from any thread.
class Service {
 public:
  Service(net::ApiClient& api, const Description& description, std::string origin)
      : api_(api), description_(description), origin_(std::move(origin)) {}

  // `what` names for a person what was attempted ("read of deal 42"). Purpose::list_on turns what a
  // service says to a page or a time it no longer knows into cursor_expired.
  Result<Answer> Get(const std::string& target, const std::string& what,
                     Purpose purpose = Purpose::read) const;
  // unknown_outcome where a write may have been done.
  Result<Answer> Send(const Sending& sending, const std::string& what) const;

  // The path and query below the base that a link out of an answer leads to. invalid_response for a
  // link to another host, to which no token may go.
  Result<std::string> TargetOf(const std::string& link, const std::string& from) const;

 private:
  Result<Answer> Run(const net::ApiCall& call, Purpose purpose, const std::string& what) const;
  Error ErrorOf(const net::ApiAnswer& answer, Purpose purpose, const std::string& what) const;
  Error Unreadable(const net::ApiAnswer& answer, Purpose purpose, const std::string& what) const;
  std::string Said(const Json& body, const std::string& pointer) const;

  net::ApiClient& api_;
  const Description& description_;
  const std::string origin_;
};

// Whether a failed write may have touched anything at all: certainly not when it never got there,
// or was turned away at the door.
bool WasAttempted(const Error& error);

}  // namespace cosell::rest
