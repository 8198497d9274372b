#pragma once

#include <string>

#include "cli/session.h"

namespace cosell::cli {

struct FoundLink {
  ConnectionName connection;
  LinkWork work;
};

// The link with this referral id, CRM id or link number, in whichever connection of the
// configuration it is. Reads the database only. Throws Failure (kUsage) when there is none.
FoundLink FindLink(Session& session, const std::string& id);

}  // namespace cosell::cli
