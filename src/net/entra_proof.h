#pragma once

#include "base/clock.h"
#include "net/oauth.h"
#include "net/url.h"

namespace cosell::net {

// Internal to net: the app's own proof towards Entra, added to a form: its secret, or an assertion
// signed with its certificate; nothing for a public client. Errors name the file or variable.
Status AddEntraProof(const EntraIdentity& identity, const std::string& token_url, Secrets& secrets,
                     const Clock& clock, Random& random, Parameters& form);

}  // namespace cosell::net
