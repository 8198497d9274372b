#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "crm/rest/description.h"
#include "crm/rest/exact_json.h"

// Instants and dates in the forms services write them. Pure functions.
namespace cosell::rest {

// The instant a member stands for; nothing for another form, null or no member.
std::optional<Instant> ReadInstant(const Json* member, Stamp format);
// As text, for a query.
std::string PrintStamp(Instant at, Stamp format);
// As a member of a body.
Json StampMemberOf(Instant at, Stamp format);

}  // namespace cosell::rest
