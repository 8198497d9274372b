#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/context.h"

// What time and Microsoft bring about without an edit of ours to carry: what Microsoft answered on
// its own referral of the deal, an offer about to expire, a deal won too early. Engine thread.
namespace cosell {

// An offer unanswered this long before its deadline is news (contract partner-center.md section
// 3.10: it expires 14 days after it was made).
inline constexpr std::chrono::hours kExpiryNotice{72};

// Fills the view's `news` and `won_early`. `microsofts` is Microsoft's own referral of the
// engagement, if there is one.
void AddNews(const EngineContext& context, const std::optional<Snapshot>& microsofts,
             LinkView* view);

// When the link has to be looked at again because of an offer that will be about to expire; nothing
// when there is none, or it was told.
std::optional<Instant> NextNews(const LinkView& view);

}  // namespace cosell
