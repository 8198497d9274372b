#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crm/salesforce/limits.h"
#include "net/api_client.h"
#include "net/salesforce_tokens.h"
#include "ports/log.h"

namespace cosell::salesforce {

struct Request {
  std::string method = "GET";
  std::string path;  // below /services/data/vNN.0, begins with a slash, percent-encoded
  net::Headers headers;
  std::string body;         // JSON, empty for none
  std::string correlation;  // of the write it belongs to; may be empty
  bool write = false;       // never repeated where it may have been done
  bool finishes = false;    // ends what has been begun: not held back by the call budget
};

// The Salesforce REST API of one organisation: URLs, the headers of contract section 3.2, and the
// budget of section 15. The one place requests leave from: each goes to the instance the sign-in
// named and nowhere else. Safe from any thread.
class Rest {
 public:
  // `version`: "62.0". The references must outlive this.
  Rest(net::ApiClient& api, net::SalesforceTokens& tokens, Clock& clock, Log& log,
       std::string version);

  // Any status is a value.
  Result<net::ApiAnswer> Send(const Request& request);
  // A request that only reads; an answer that is not 2xx is an error. `what` names the read in its
  // message.
  Result<net::ApiAnswer> Read(const Request& request, std::string_view what);
  // The next page of a query. `path` as the server gave it (nextRecordsUrl); invalid_response when
  // it is not a path of this API.
  Result<net::ApiAnswer> Follow(const std::string& path, std::string_view what, bool finishes);

  Result<net::SalesforceSession> Session() { return tokens_.Session(); }
  // "/services/data/v62.0"
  const std::string& root() const { return root_; }
  // A steady start until now, for durations.
  std::int64_t NowMs() const;
  void SleepFor(std::chrono::milliseconds duration) { clock_.SleepFor(duration); }

 private:
  Result<net::ApiAnswer> SendTo(const std::string& path, const Request& request);

  net::ApiClient& api_;
  net::SalesforceTokens& tokens_;
  Clock& clock_;
  CallBudget budget_;
  std::string root_;
};

// Whether a link out of an answer is a path of the REST API and nothing else.
bool IsApiPath(std::string_view path);

// The server's own time (Date header); nothing when the answer has none.
std::optional<Instant> ServerTime(const net::ApiAnswer& answer);

}  // namespace cosell::salesforce
