#pragma once

#include <string>

#include "base/result.h"
#include "mapping/mapping.h"
#include "ports/link_browser.h"
#include "ports/store.h"

// What the dashboard shows of links, as JSON. Values of mapped fields are part of it. People
// (fields of type members) are shown by name to whom `people` allows it, else only their number.
// Any thread; throws as the ports do.
namespace cosell::app {

// {"links":[{"connection","link","referral_id","crm_id","record_kind","state","reason","name",
// "last_synced_at"}],"next_after"}: `next_after` is null on the last page.
std::string LinksAsJson(LinkBrowser& browser, const LinkQuery& query);

// {"connection","link","referral_id","crm_id","record_kind","state","reason","name",
// "last_synced_at","next_look_at","fields":[{"field","type","direction","partner_center",
// "base_partner_center","base_crm","crm","changed_in_partner_center","changed_in_crm","state"}]}.
// A field's state: "agree", "apart" (left different on purpose), "conflict",
// "partner_center_changed", "crm_changed", "both_changed", "differs", "one_side", "unread" (stands
// in other records of the CRM). not_found when there is no such link.
Result<std::string> LinkAsJson(Store& store, const Mapping& mapping, const ConnectionName& name,
                               const std::string& id, bool people);

// {"audit":[{"id","at","side","record_kind","record_id","operation","field","before","after",
// "reason","rule","cause","outcome","duration_ms"}],"history":[{"at","field","side","value",
// "cause","superseded_by"}]}, newest first, the newest few hundred of each.
Result<std::string> TimelineAsJson(Store& store, LinkBrowser& browser, const Mapping& mapping,
                                   const ConnectionName& name, const std::string& id, bool people);

}  // namespace cosell::app
