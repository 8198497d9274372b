#include "cli/find_link.h"

#include <set>

#include "base/record_id.h"

namespace cosell::cli {
namespace {

std::optional<std::int64_t> LinkIdOf(Store& store, const ConnectionName& name,
                                     const std::string& id) {
  if (const auto link = store.FindLinkByReferral(name, ReferralId{id})) return link->id;
  if (const auto link = store.FindLinkByCrm(name, CrmId{id})) return link->id;
  if (id.size() < 18 && !id.empty() && id.find_first_not_of("0123456789") == std::string::npos)
    return std::stoll(id);
  return std::nullopt;
}

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
  const std::string wanted = CanonicalRecordId(id);
  const auto known = KnownConnections(session);
  Store& store = session.ReadOnlyStore();
  for (const auto& config : session.config().connections) {
    if (!known.contains(config.name.text)) continue;
    const auto link_id = LinkIdOf(store, config.name, wanted);
    if (!link_id) continue;
    if (auto work = store.LoadLink(config.name, *link_id)) return {config.name, std::move(*work)};
  }
  throw Failure{kUsage, "no referral, CRM record or link has the id '" + id +
                            "'; `select * from links` in the database lists them all"};
}

}  // namespace cosell::cli
