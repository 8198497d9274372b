#pragma once

#include "cli/findings.h"
#include "cli/session.h"

// The parts of `check`, each a theme of prerequisites. They look and change nothing; a part that
// cannot ask for lack of an earlier one says nothing. Internal to this room.
namespace cosell::cli {

// This machine: database, disk, folders, the server's address.
void CheckMachine(Session& session, Findings& findings);
// The connection's secrets and keys: there, and for their owner alone.
void CheckSecrets(Session& session, const app::ConnectionConfig& config, Findings& findings);

// What Partner Center showed, for the checks that compare.
struct PartnerFacts {
  std::vector<std::string> currencies;  // of the referrals looked at
  bool answers = false;
};
// Sign-in, second factor, role, what can be seen, clock.
PartnerFacts CheckPartnerCenter(app::Clients& clients, Findings& findings);
// Sign-in, columns, rights, currencies, clock, and the mapping against them.
void CheckCrm(const app::ConnectionConfig& config, app::Clients& clients,
              const PartnerFacts& partner, Findings& findings);
// The mapping against the CRM's columns and choices.
void CheckMapping(const app::ConnectionConfig& config, const CrmSchema& schema, Findings& findings);
// How events of either side arrive.
void CheckEvents(Session& session, const app::ConnectionConfig& config, app::Clients& clients,
                 Findings& findings);

// One line about a remote clock; `offset` is ours minus theirs.
void CheckClock(const std::string& side, std::chrono::milliseconds offset, Findings& findings);

}  // namespace cosell::cli
