#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cosell {

// The query string of an `@odata.nextLink`, to be attached to our own list URL. Pure.
//
// A link is never followed as it stands (contract partner-center.md section 3.3: samples say http
// and leave out a path segment), so no token can reach a scheme, host or path of the server's
// choosing. Relative links are accepted; an absolute one must name the host of `base_url`, or
// api.partner.microsoft.com when a gateway stands in between. The page token is opaque: escapes in
// it stay as they are, and only characters no URL may hold are escaped.
//
// invalid_response for another host, another scheme than http and https, or a link without a query
// (it would ask for the first page again).
Result<std::string> NextQuery(std::string_view next_link, std::string_view base_url);

}  // namespace cosell
