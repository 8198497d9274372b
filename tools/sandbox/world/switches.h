#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cosell::sandbox {

// Everything the contract only infers, or that differs between sources, as a switch. The defaults
// are what the newest documents say; where they are silent, the emulator's decision (EMU) or the
// less convenient choice. A value, shared by the services of one world; may change at any time.
struct Switches {
  // Entra (section 2)
  bool mfa_required = false;     // sign-in without MFA is refused (50076)
  bool refresh_rotation = true;  // a refresh answers a new refresh token; the old keeps working
  int access_token_lifetime_s = 3600;
  // Referrals API (section 3)
  bool mfa_enforced = false;       // a token without MFA is refused (from 1 April 2026)
  int refused_token_status = 403;  // app-only or non-MFA token: 401 or 403
  bool client_request_id_required = false;
  std::string next_link = "http_short";  // "http_short" (as sampled), "absolute", "relative"
  int page_size_max = 100;
  int page_token_lifetime_s = 600;
  int page_token_expired_status = 400;  // or 410
  bool page_by_offset = false;          // a page token counts records: one that moves hides another
  std::string count = "page";         // @odata.count of the "page" (sample 8.5) or of all ("total")
  bool skip_honoured = false;         // storage of this kind ignores $skip
  bool filter_comparisons = true;     // ge gt le lt ne or not; documented are only eq and and
  std::string filter_dates = "both";  // "both", "unquoted", "quoted"
  bool list_marketplace_leads = false;        // Independent/Direct are not listed
  int create_status = 201;                    // or 200
  bool server_fields_refused = true;          // a POST with id, eTag, links...: 400; else ignored
  bool seller_consent_required = true;        // rule 8b
  bool marketplace_intent_required = false;   // rule 9
  bool services_attributes_required = false;  // rule 10
  bool help_code_required = true;             // on the connected referral
  bool reason_required = false;               // rule 16
  bool name_writable = true;                  // PATCH /name
  bool put_supported = true;                  // else 405
  bool etag_header = true;                    // answers with one referral carry ETag
  int expiry_s = 1'209'600;                   // 14 days to answer a New referral
  int stale_get_s = 0;                        // GET answers the previous version this long
  int stale_list_s = 0;                       // and so do lists
  int clock_offset_s = 0;  // of the server's clock: its stamps and Date headers minus the world's
  double throttle_rate_per_s = 200;  // token bucket per user; 0: none
  double throttle_burst = 400;
  std::string msx_id_on = "both";  // where Microsoft's id appears: "sibling", "own", "both"
  std::string microsoft_decision = "accept";  // "accept", "decline", "expire", "none"
  int microsoft_after_s = 5;
  bool help_on_own_referral = false;  // a connected POST also fills our own inviteContext
  bool ids_as_object = false;         // customerProfile.ids as {}
  bool null_arrays = false;           // empty arrays as null
  bool misspelt_links = false;
  bool unknown_members = true;  // extra members nobody documented
  // Webhooks (section 4)
  bool registration_pascal_case = false;
  bool validation_bare_string = false;
  std::string resource_uri = "documented";  // "documented", "api_host"
  bool body_camel_case = false;
  bool signature_bare = false;      // header without the word Signature
  bool certificate_pem = true;      // else DER
  bool certificate_bundle = false;  // PEM with the intermediate appended
  int event_delay_ms = 0;
  int event_retry_first_ms = 1'000;  // doubled with each of the ten attempts
  int event_lost_percent = 0;
  int event_duplicate_percent = 0;
  int event_reorder_ms = 0;  // each event is held back up to this long
};

std::string ToJson(const Switches& switches);
// Changes the members named in the JSON object. invalid_input for an unknown name, a wrong type or
// a word outside the list; then nothing is changed.
Status Apply(Switches& switches, std::string_view json);

}  // namespace cosell::sandbox
