#pragma once

#include <string>
#include <string_view>

// Internal to net. Pure functions.
namespace cosell::net {

// RFC 4648 section 4, padded: basic credentials.
std::string Base64(std::string_view bytes);
// RFC 4648 section 5, not padded: the parts of a JWT.
std::string Base64Url(std::string_view bytes);

}  // namespace cosell::net
