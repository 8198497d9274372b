#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Internal to net. Pure functions.
namespace cosell::net {

enum class GunzipResult {
  done,
  too_large,  // more than `bytes_max` would come out; nothing beyond that was produced
  broken,     // not gzip, damaged, or it ends early
};

// Decodes a whole gzip body (one or several members) into `out`. Never holds more than `bytes_max`
// bytes of output, whatever the input claims.
GunzipResult Gunzip(std::string_view gzip, std::size_t bytes_max, std::string& out);

}  // namespace cosell::net
