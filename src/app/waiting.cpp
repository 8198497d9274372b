#include "app/waiting.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

// The status of a connection is asked for its name alone, whatever the time is.
bool IsKnown(Store& store, const ConnectionName& name) {
  const auto all = store.Status(Instant{});
  return std::any_of(all.begin(), all.end(),
                     [&](const ConnectionStatus& status) { return status.name == name; });
}

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json DecidedAsJson(const std::vector<Decision>& decisions, const std::string& field) {
  for (const Decision& decision : decisions) {
    if (decision.field == field) return ToString(decision.take);
  }
  return nullptr;
}

}  // namespace

std::string ConflictsAsJson(Store& store, const ConnectionName& name) {
  Json json = {{"connection", name.text}, {"conflicts", Json::array()}};
  if (!IsKnown(store, name)) return Dump(json);
  std::map<std::int64_t, std::vector<Decision>> decisions;
  for (const Conflict& conflict : store.OpenConflicts(name)) {
    if (!decisions.contains(conflict.link_id)) {
      auto work = store.LoadLink(name, conflict.link_id);
      decisions[conflict.link_id] = work ? std::move(work->decisions) : std::vector<Decision>{};
    }
    json["conflicts"].push_back(
        {{"link", conflict.link_id},
         {"referral_id", conflict.referral_id.text},
         {"crm_id", conflict.crm_id.text},
         {"field", conflict.field},
         {"base", conflict.base},
         {"partner_center_value", conflict.partner_center_value},
         {"crm_value", conflict.crm_value},
         {"since", FormatSeconds(conflict.since)},
         {"decided", DecidedAsJson(decisions[conflict.link_id], conflict.field)}});
  }
  return Dump(json);
}

std::string QuarantineAsJson(Store& store, const ConnectionName& name) {
  Json json = {{"connection", name.text}, {"quarantined", Json::array()}};
  if (!IsKnown(store, name)) return Dump(json);
  for (const Link& link : store.QuarantinedLinks(name)) {
    json["quarantined"].push_back(
        {{"link", link.id},
         {"referral_id", link.referral_id.text},
         {"crm_id", link.crm_id.text},
         {"record_kind", ToString(link.kind)},
         {"reason", link.reason},
         {"attempts", link.attempts},
         {"next_look_at",
          link.not_before ? Json(FormatSeconds(*link.not_before)) : Json(nullptr)}});
  }
  return Dump(json);
}

}  // namespace cosell::app
