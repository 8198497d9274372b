#include "cli/find_link.h"

#include <set>

#include "app/find_link.h"

namespace cosell::cli {
namespace {

// A connection that was added to the configuration and never ran is not in the database.
std::set<std::string> KnownConnections(Session& session) {
  std::set<std::string> known;
  for (const auto& status : session.ReadOnlyStore().Status(session.clock().Now())) {
    known.insert(status.name.text);
  }
  return known;
}

}  // namespace

FoundLink FindLink(Session& session, const std::string& id) {
  const auto known = KnownConnections(session);
  Store& store = session.ReadOnlyStore();
  for (const auto& config : session.config().connections) {
    if (!known.contains(config.name.text)) continue;
    const auto link_id = app::FindLinkNumber(store, config.name, id);
    if (!link_id) continue;
    if (auto work = store.LoadLink(config.name, *link_id)) return {config.name, std::move(*work)};
  }
  throw Failure{kUsage, "no referral, CRM record or link has the id '" + id +
                            "'; `select * from links` in the database lists them all"};
}

}  // namespace cosell::cli
