#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crm/dataverse/batch.h"
#include "net/api_client.h"

namespace cosell::dataverse {

// What came of one operation: any answer is a value; an error is one of the API client's, or
// unknown_outcome for a write whose part of a batch answer is missing.
struct Sent {
  Result<net::ApiAnswer> answer;
  std::int64_t duration_ms = 0;
};

// The Dataverse Web API of one organisation: URLs, the headers of contract section 2, and $batch.
// The one place requests leave from, so that a token is never sent to another origin. Safe from any
// thread.
class WebApi {
 public:
  // `url`: the organisation's origin. `api`, `clock` and `random` must outlive this.
  WebApi(net::ApiClient& api, Clock& clock, Random& random, const std::string& url,
         std::size_t batch_operations_max);

  // Any status is a value.
  Result<net::ApiAnswer> Send(const Operation& operation);

  // GET of a path below the service root. An answer that is not 2xx is an error; `what` names the
  // read in its message.
  Result<net::ApiAnswer> Get(const std::string& path, std::string_view what,
                             const std::string& prefer = {});

  // GET of a link the server gave (nextLink, deltaLink), unchanged. Any status is a value. Requires
  // IsOwnLink(link).
  Result<net::ApiAnswer> Follow(const std::string& link, const std::string& prefer);

  // Whether `link` is an absolute URL of this organisation's API and nothing else.
  bool IsOwnLink(std::string_view link) const;

  // Each operation on its own, one result per operation in order: a single one as a plain call,
  // several in $batch requests that go on after an error.
  std::vector<Sent> RunAll(std::span<const Operation> operations);

  // Our clock minus a steady start, for durations.
  std::int64_t NowMs() const;

 private:
  Result<net::ApiAnswer> SendCall(net::ApiCall call);
  void RunBatch(std::span<const Operation> operations, std::vector<Sent>& out);

  net::ApiClient& api_;
  Clock& clock_;
  Random& random_;
  std::string origin_;  // scheme, host and port, lower case, without a default port
  std::size_t batch_operations_max_;
};

}  // namespace cosell::dataverse
