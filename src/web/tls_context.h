#pragma once

#include <Poco/Net/Context.h>

#include <string>

#include "base/result.h"

namespace cosell::web {

// The server's side of TLS (1.2 and later) from two PEM files: the certificate with its chain
// behind it, and a key without a passphrase. invalid_input names the file and what is wrong with
// it: absent, not PEM, a passphrase, or a key that belongs to another certificate. Internal to this
// room.
Result<Poco::Net::Context::Ptr> MakeTlsContext(const std::string& certificate_file,
                                               const std::string& private_key_file);

}  // namespace cosell::web
