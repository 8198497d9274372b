#pragma once

#include <string>
#include <variant>

#include "net/http.h"
#include "webhook/receiver.h"

namespace cosell::webhook {

// What a callback's headers claim, not yet believed. A value.
struct SignatureClaim {
  std::string signature;        // decoded bytes
  std::string hash;             // "sha256", "sha384" or "sha512"
  std::string certificate_url;  // as sent
};

// Steps 2 to 4 of contract partner-center.md section 4.4. The signature stands in x-ms-signature
// ("Signature <base64>" or bare base64) or else in Authorization ("Signature <base64>" only: a
// bearer token is never taken for a signature). Pure.
std::variant<SignatureClaim, InboundAnswer> ReadSignatureClaim(const net::Headers& headers);

}  // namespace cosell::webhook
