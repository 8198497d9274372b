#include "app/find_link.h"

#include "base/record_id.h"

namespace cosell::app {

std::optional<std::int64_t> FindLinkNumber(Store& store, const ConnectionName& name,
                                           const std::string& id) {
  constexpr std::size_t kDigitsMax = 17;
  const std::string wanted = CanonicalRecordId(id);
  if (const auto link = store.FindLinkByReferral(name, ReferralId{wanted})) return link->id;
  if (const auto link = store.FindLinkByCrm(name, CrmId{wanted})) return link->id;
  if (wanted.empty() || wanted.size() > kDigitsMax) return std::nullopt;
  if (wanted.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoll(wanted);
}

}  // namespace cosell::app
