#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace cosell::sandbox {

// Whether `assertion` is a JWT that proves possession of the certificate's key: RS256 (or PS256)
// over it, issuer and subject the client id, audience the token endpoint, not expired
// (contract partner-center.md 2.2).
bool VerifyClientAssertion(std::string_view assertion, const std::string& certificate_pem,
                           std::string_view client_id, std::string_view endpoint, Instant now);

}  // namespace cosell::sandbox
