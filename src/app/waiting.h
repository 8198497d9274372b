#pragma once

#include <string>

#include "base/ids.h"
#include "ports/store.h"

// What waits for a person, as JSON: the same text from the daemon and from the command line, which
// reads the database beside it. A connection the store does not know yet has nothing waiting.
// Values of personal fields are part of it: it is for the person who decides. Any thread; throws as
// Store does.
namespace cosell::app {

// {"connection","conflicts":[{"link","referral_id","crm_id","field","base","partner_center_value",
// "crm_value","since","decided"}]}, by time first seen. `decided` is what a person chose to take
// and the next round carries out; null while the conflict waits.
std::string ConflictsAsJson(Store& store, const ConnectionName& name);

// {"connection","quarantined":[{"link","referral_id","crm_id","record_kind","reason","attempts",
// "next_look_at"}]}.
std::string QuarantineAsJson(Store& store, const ConnectionName& name);

}  // namespace cosell::app
