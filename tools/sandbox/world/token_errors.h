#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "net/http.h"

namespace cosell::sandbox {

// The trace ids of one refused token request. A value.
struct TokenTrace {
  Instant at;
  std::string trace_id;
  std::string correlation_id;
};

// The answer of the token endpoint to a refused request: contract partner-center.md 2.4. `code` is
// the AADSTS number; one that is not in the table answers 400 invalid_request. `v2` selects between
// the two shapes of the MFA rows.
net::HttpResponse TokenError(int code, bool v2, const TokenTrace& trace);

}  // namespace cosell::sandbox
