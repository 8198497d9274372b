#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "ports/store.h"

namespace cosell::app {

// The number of the link with this referral id, CRM id or link number in a connection the store
// knows. A number is taken as it is: whether there is such a link, LoadLink tells.
std::optional<std::int64_t> FindLinkNumber(Store& store, const ConnectionName& name,
                                           const std::string& id);

}  // namespace cosell::app
