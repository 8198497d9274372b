#pragma once

#include <string>

#include "base/result.h"
#include "net/pem.h"

namespace cosell::net {

// Internal to net: a signed token of our own (RFC 7519, RS256). `header` and `claims` are JSON
// texts; the header must name the algorithm. invalid_input, naming `key_file`, when the key is no
// RSA key or cannot sign.
Result<std::string> SignJwt(EVP_PKEY* key, const std::string& key_file, const std::string& header,
                            const std::string& claims);

}  // namespace cosell::net
