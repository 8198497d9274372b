#include "tools/sandbox/salesforce/access/access_state.h"

#include "base/text.h"

namespace cosell::sandbox {

void ForcedErrors::Set(std::string_view who, OAuthRefusal refusal, int times) {
  if (refusal.error.empty()) {
    by_name_.erase(ToLower(who));
  } else {
    by_name_[ToLower(who)] = {std::move(refusal), times};
  }
}

std::optional<OAuthRefusal> ForcedErrors::Take(std::string_view who) {
  const auto found = by_name_.find(ToLower(who));
  if (found == by_name_.end()) return std::nullopt;
  OAuthRefusal refusal = found->second.refusal;
  if (found->second.times > 0 && --found->second.times == 0) by_name_.erase(found);
  return refusal;
}

AccessState::AccessState(Clock& clock_to_use, Random& random,
                         SalesforceAccessOptions options_to_use)
    : clock(clock_to_use),
      options(std::move(options_to_use)),
      sessions(clock, random, options.organization_id) {}

}  // namespace cosell::sandbox
