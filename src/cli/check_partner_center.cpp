#include <nlohmann/json.hpp>
#include <set>

#include "cli/check.h"
#include "net/token_claims.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kSide = "Partner Center";
// From here on Entra refuses what is signed by this clock.
constexpr seconds kClockWrong{300};
constexpr seconds kClockOff{30};

// False when there is no use in asking on.
bool CheckSignIn(app::Clients& clients, Findings& findings) {
  const auto token = clients.referrals_tokens().Token();
  if (!token) {
    findings.Add(kSide, token.error());
    return false;
  }
  const auto claims = net::ReadTokenClaims(*token);
  if (claims && claims->app_only) {
    findings.Problem(kSide,
                     "the sign-in is the app's alone, and the referrals API asks for a person's: "
                     "set partner_center.auth.grant to \"refresh_token\" and run `cosell-sync auth "
                     "login CONNECTION`");
    return false;
  }
  if (claims && claims->mfa == false) {
    findings.Problem(kSide,
                     "the sign-in was made without a second factor, which Partner Center refuses: "
                     "require multi-factor authentication for the account, then `cosell-sync auth "
                     "login CONNECTION`");
    return true;
  }
  if (!claims || !claims->mfa) {
    findings.Hint(kSide, "whether the sign-in was made with a second factor cannot be seen");
  }
  findings.Ok(kSide, "sign-in works");
  return true;
}

std::string CurrencyOf(const RemoteReferral& referral) {
  const Json json = Json::parse(referral.raw, nullptr, false);
  const Json details = json.is_object() ? json.value("details", Json()) : Json();
  const Json currency = details.is_object() ? details.value("currency", Json()) : Json();
  return currency.is_string() ? currency.get<std::string>() : std::string{};
}

}  // namespace

void CheckClock(const std::string& side, milliseconds offset, Findings& findings) {
  const auto distance = std::chrono::duration_cast<seconds>(std::chrono::abs(offset));
  const std::string text = "this machine is " + std::to_string(distance.count()) + " s " +
                           (offset.count() > 0 ? "ahead of " : "behind ") + side;
  if (distance >= kClockWrong) {
    findings.Problem("clock", text + ": set its clock (NTP)");
  } else if (distance >= kClockOff) {
    findings.Note("clock", text + ": better let NTP keep it");
  } else {
    findings.Ok("clock", "agrees with " + side);
  }
}

PartnerFacts CheckPartnerCenter(app::Clients& clients, Findings& findings) {
  PartnerFacts facts;
  if (!CheckSignIn(clients, findings)) return facts;
  const auto page = clients.partner_center().List(std::nullopt, "");
  if (!page) {
    findings.Add(kSide, page.error());
    return facts;
  }
  facts.answers = true;
  std::set<std::string> currencies;
  std::size_t linked = 0;
  for (const RemoteReferral& referral : page->referrals) {
    linked += referral.external_reference_id.empty() ? 0 : 1;
    if (std::string currency = CurrencyOf(referral); !currency.empty()) {
      currencies.insert(std::move(currency));
    }
  }
  facts.currencies.assign(currencies.begin(), currencies.end());
  if (page->referrals.empty()) {
    findings.Hint("referrals",
                  "none can be seen: if the portal shows co-sell deals, the account lacks the role "
                  "Referrals admin, or the deals belong to another tenant");
    return facts;
  }
  findings.Ok("referrals", std::to_string(page->referrals.size()) +
                               (page->next.empty() ? "" : " or more") + " can be seen, " +
                               std::to_string(linked) + " of them carry a CRM id");
  findings.Hint("role",
                "whether the account is Referrals admin of the whole company cannot be asked; a "
                "Referrals user sees the deals it is on the team of, and no others");
  if (page->referrals.front().clock_offset) {
    CheckClock(kSide, *page->referrals.front().clock_offset, findings);
  }
  return facts;
}

}  // namespace cosell::cli
