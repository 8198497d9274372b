#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/partner_center.h"

// Referrals out of JSON (contract partner-center.md sections 3.3, 3.7, 3.9). Pure; safe from any
// thread. Members are looked up by their exact name first, then ignoring case. Ids come out in
// lower case; an entity tag keeps its quotes and is left out when it could not stand in a header.
namespace cosell {

// One referral, as far as it could be read.
struct ParsedReferral {
  RemoteReferral referral;  // `id` is always valid, `raw` the whole text
  bool dated = false;       // updatedDateTime was there and valid
};

// Nothing unless `json` is one object with a GUID as its `id`.
std::optional<ParsedReferral> ParseReferral(std::string_view json);

struct ParsedPage {
  std::vector<RemoteReferral> referrals;  // in the page's order; `raw` is the page's own bytes
  std::size_t unusable = 0;  // items left out: malformed, or without a valid id or date
  std::string next_link;     // as received; empty on the last page
};

// One page of a list. An unusable item is left out and counted, so that it delays no other.
// invalid_response when the text is not one complete JSON object with an array `value`.
Result<ParsedPage> ParsePage(std::string_view json);

}  // namespace cosell
