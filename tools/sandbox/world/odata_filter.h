#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "tools/sandbox/world/json.h"
#include "tools/sandbox/world/switches.h"

namespace cosell::sandbox {

// A compiled $filter over referrals (contract partner-center.md 3.3 and 7): eq ne gt ge lt le, and
// or not, parentheses, nested paths with `/`, `team/any(t:t/email eq 'x')`, the shorthand `email`
// for a team contact's address, quoted and unquoted dates. Immutable.
class Filter {
 public:
  virtual ~Filter() = default;
  virtual bool Matches(const Json& referral) const = 0;
};

// refused (with what is wrong) for anything outside the grammar, unknown properties included.
Result<std::shared_ptr<const Filter>> ParseFilter(std::string_view text, const Switches& switches);

}  // namespace cosell::sandbox
