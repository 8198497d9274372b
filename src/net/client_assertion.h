#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace cosell::net {

// Internal to net: the proof that takes a client secret's place (partner-center.md section 2.2): a
// JWT signed with RS256 whose header names the certificate by its SHA-1 thumbprint (x5t). Valid for
// ten minutes from `now`, for `token_url` alone. Reads both PEM files anew. invalid_input when a
// file cannot be used, or the key is not the certificate's; the message names the file.
Result<std::string> MakeClientAssertion(const std::string& certificate_file,
                                        const std::string& private_key_file,
                                        const std::string& client_id, const std::string& token_url,
                                        Instant now, Random& random);

}  // namespace cosell::net
