#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cosell::webhook {

// The bytes behind padded RFC 4648 base64; nothing for any other text (blanks and line breaks
// included) or for more than `bytes_max` bytes. Pure.
std::optional<std::string> DecodeBase64(std::string_view text, std::size_t bytes_max);

}  // namespace cosell::webhook
