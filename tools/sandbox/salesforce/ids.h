#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

// Record ids (contract section 4): 15 case-sensitive characters, 18 with their checksum.
namespace cosell::sandbox::salesforce {

// The 18-character form of an id of 15 or 18 characters. Nothing for other text, or when the
// checksum of an 18-character id does not fit.
std::optional<std::string> FullId(std::string_view id);

// New ids, ascending per prefix, with gaps.
class IdFactory {
 public:
  explicit IdFactory(Random& random) : random_(random) {}
  std::string Next(const std::string& prefix);

 private:
  Random& random_;
  std::map<std::string, std::uint64_t> last_;
};

}  // namespace cosell::sandbox::salesforce
