#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The assertion of the JWT bearer flow (contract salesforce.md section 2.2). Pure functions.
namespace cosell::sandbox {

// What an assertion claims, not yet believed. A value.
struct BearerAssertion {
  std::string issuer;    // `iss`: the consumer key
  std::string subject;   // `sub`: the user name
  std::string audience;  // `aud`
  // `exp` as written, number or text of digits: seconds, unless the client got it wrong.
  std::optional<std::int64_t> expires_s;
  std::string signed_part;
  std::string signature;  // raw bytes
};

// Nothing for a text that is no JWT, or one not said to be signed with RS256.
std::optional<BearerAssertion> ParseBearerAssertion(std::string_view text);

// Whether the RSA key of `pem` (a certificate or a public key) made the signature.
bool IsSignedBy(const BearerAssertion& assertion, const std::string& pem);

}  // namespace cosell::sandbox
