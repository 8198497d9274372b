#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// Who acts on a referral. A person works in the portal; the server is time itself or Microsoft.
enum class Actor { api, person, server };

// Validation of contract partner-center.md 3.11 and the life cycle of 3.10. Every refusal is an
// Error with http_status, the API's code and a message. Pure functions.

Error Refused(int status, std::string_view code, const std::string& message);

// Rules 1 to 10 on a canonical body. `connected`: the second referral, addressed to Microsoft.
// Words of vocabularies are put into their documented spelling.
Status CheckCreate(Json& body, bool connected, const Switches& switches);

// Rules for single members, also met by a patch.
Status CheckSolutions(const Json& solutions);
Status CheckTeam(const Json& team);
Status CheckContact(const Json& contacts);

// Whether (status, substatus) is a legal pair and the move from `before` is one this actor may
// make.
Status CheckMove(const Json& before, const Json& after, Actor actor, const Switches& switches);
bool IsLegalPair(std::string_view status, std::string_view substatus);

}  // namespace cosell::sandbox
