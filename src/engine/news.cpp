#include "engine/news.h"

#include "mapping/deal_state.h"

namespace cosell {
namespace {

// Deal registrations of deals won sooner are refused (contract cosell-field-mapping.md section
// 7.2).
constexpr std::chrono::hours kWonEarly{72};

std::string MicrosoftsAnswer(const std::string& state) {
  if (state == kStateActive) return "Microsoft accepted: its sellers work on this deal too";
  if (state == kStateDeclined) return "Microsoft declined to help with this deal";
  if (state == "expired") return "Microsoft did not answer in time";
  if (state == kStateNew) return "";
  return "Microsoft closed its side of this deal as " + state;
}

std::string ExpiryKey(Instant expires_at) {
  return "expires:" + FormatInstant(expires_at).substr(0, 10);
}

bool IsUnanswered(const LinkView& view) {
  return view.partner_center && view.crm && view.referral.state == Value(kStateNew) &&
         view.referral.expires_at.has_value();
}

}  // namespace

void AddNews(const EngineContext& context, const std::optional<Snapshot>& microsofts,
             LinkView* view) {
  const Instant now = context.clock.Now();
  if (microsofts) {
    const auto facts = FactsFromReferral(microsofts->raw);
    const std::string state = facts ? facts->state.value_or("") : "";
    // What Microsoft brought itself, it need not accept.
    const bool news = !state.empty() && !(view->referral.from_microsoft && state == kStateActive);
    const std::string answer = news ? MicrosoftsAnswer(state) : "";
    if (!answer.empty()) view->news.push_back({"microsoft:" + state, answer});
  }
  if (IsUnanswered(*view) && *view->referral.expires_at - kExpiryNotice <= now) {
    const Instant expires_at = *view->referral.expires_at;
    view->news.push_back({ExpiryKey(expires_at), "this offer expires on " +
                                                     FormatInstant(expires_at).substr(0, 10) +
                                                     " unless it is accepted or declined before"});
  }
  if (view->referral.created_at && now - *view->referral.created_at < kWonEarly) {
    view->won_early = "won within 72 hours of its creation, so registering the deal may be refused";
  }
}

std::optional<Instant> NextNews(const LinkView& view) {
  if (!IsUnanswered(view)) return std::nullopt;
  const Instant expires_at = *view.referral.expires_at;
  if (view.base.told.contains(ExpiryKey(expires_at))) return std::nullopt;
  return expires_at - kExpiryNotice;
}

}  // namespace cosell
