#include "tools/sandbox/world/switches.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace cosell::sandbox {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

// Calls visit(name, member, allowed words) for every switch; the words are empty for other types.
template <typename S, typename Visit>
void ForEach(S& s, Visit&& visit) {
  const Words any;
  visit("mfa_required", s.mfa_required, any);
  visit("refresh_rotation", s.refresh_rotation, any);
  visit("access_token_lifetime_s", s.access_token_lifetime_s, any);
  visit("mfa_enforced", s.mfa_enforced, any);
  visit("refused_token_status", s.refused_token_status, any);
  visit("client_request_id_required", s.client_request_id_required, any);
  visit("next_link", s.next_link, Words{"http_short", "absolute", "relative"});
  visit("page_size_max", s.page_size_max, any);
  visit("page_token_lifetime_s", s.page_token_lifetime_s, any);
  visit("page_token_expired_status", s.page_token_expired_status, any);
  visit("page_by_offset", s.page_by_offset, any);
  visit("count", s.count, Words{"page", "total"});
  visit("skip_honoured", s.skip_honoured, any);
  visit("filter_comparisons", s.filter_comparisons, any);
  visit("filter_dates", s.filter_dates, Words{"both", "unquoted", "quoted"});
  visit("list_marketplace_leads", s.list_marketplace_leads, any);
  visit("create_status", s.create_status, any);
  visit("server_fields_refused", s.server_fields_refused, any);
  visit("seller_consent_required", s.seller_consent_required, any);
  visit("marketplace_intent_required", s.marketplace_intent_required, any);
  visit("services_attributes_required", s.services_attributes_required, any);
  visit("help_code_required", s.help_code_required, any);
  visit("reason_required", s.reason_required, any);
  visit("name_writable", s.name_writable, any);
  visit("put_supported", s.put_supported, any);
  visit("etag_header", s.etag_header, any);
  visit("expiry_s", s.expiry_s, any);
  visit("stale_get_s", s.stale_get_s, any);
  visit("stale_list_s", s.stale_list_s, any);
  visit("clock_offset_s", s.clock_offset_s, any);
  visit("throttle_rate_per_s", s.throttle_rate_per_s, any);
  visit("throttle_burst", s.throttle_burst, any);
  visit("msx_id_on", s.msx_id_on, Words{"sibling", "own", "both"});
  visit("microsoft_decision", s.microsoft_decision, Words{"accept", "decline", "expire", "none"});
  visit("microsoft_after_s", s.microsoft_after_s, any);
  visit("help_on_own_referral", s.help_on_own_referral, any);
  visit("ids_as_object", s.ids_as_object, any);
  visit("null_arrays", s.null_arrays, any);
  visit("misspelt_links", s.misspelt_links, any);
  visit("unknown_members", s.unknown_members, any);
  visit("registration_pascal_case", s.registration_pascal_case, any);
  visit("validation_bare_string", s.validation_bare_string, any);
  visit("resource_uri", s.resource_uri, Words{"documented", "api_host"});
  visit("body_camel_case", s.body_camel_case, any);
  visit("signature_bare", s.signature_bare, any);
  visit("certificate_pem", s.certificate_pem, any);
  visit("certificate_bundle", s.certificate_bundle, any);
  visit("event_delay_ms", s.event_delay_ms, any);
  visit("event_retry_first_ms", s.event_retry_first_ms, any);
  visit("event_lost_percent", s.event_lost_percent, any);
  visit("event_duplicate_percent", s.event_duplicate_percent, any);
  visit("event_reorder_ms", s.event_reorder_ms, any);
}

bool Fits(const Json& value, const bool&, const Words&) { return value.is_boolean(); }
bool Fits(const Json& value, const int&, const Words&) {
  return value.is_number_integer() && value >= 0 && value <= 1'000'000'000;
}
bool Fits(const Json& value, const double&, const Words&) {
  return value.is_number() && value >= 0;
}
bool Fits(const Json& value, const std::string&, const Words& words) {
  return value.is_string() &&
         std::find(words.begin(), words.end(), value.get<std::string>()) != words.end();
}

// Sets the switch called `name`; false when there is none of that name or the value does not fit.
bool Set(Switches& switches, const std::string& name, const Json& value) {
  bool done = false;
  ForEach(switches, [&](std::string_view known, auto& member, const Words& words) {
    if (known != name || !Fits(value, member, words)) return;
    member = value.get<std::remove_reference_t<decltype(member)>>();
    done = true;
  });
  return done;
}

}  // namespace

std::string ToJson(const Switches& switches) {
  Json out = Json::object();
  ForEach(switches,
          [&](const char* name, const auto& member, const Words&) { out[name] = member; });
  return out.dump(2);
}

Status Apply(Switches& switches, std::string_view json) {
  const Json members = Json::parse(json, nullptr, false);
  if (!members.is_object())
    return Error{ErrorKind::invalid_input, "switches are given as a JSON object"};
  Switches changed = switches;
  for (const auto& [name, value] : members.items())
    if (!Set(changed, name, value))
      return Error{ErrorKind::invalid_input, "unknown switch or value out of range: " + name};
  switches = changed;
  return Done{};
}

}  // namespace cosell::sandbox
