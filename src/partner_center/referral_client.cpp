#include <string_view>
#include <utility>

#include "base/guid.h"
#include "base/planted.h"
#include "base/text.h"
#include "partner_center/next_link.h"
#include "partner_center/partner_center_client.h"
#include "partner_center/referral_json.h"
#include "partner_center/rest.h"

namespace cosell {
namespace {

constexpr std::string_view kReferralsPath = "/v1.0/engagements/referrals";
// An engagement has one referral per party: a handful. More pages than this is a server going in
// circles.
constexpr int kEngagementPagesMax = 20;
constexpr std::string_view kRoles =
    "The account needs the role Referrals admin, for all locations of the company.";

class ReferralClient final : public PartnerCenter {
 public:
  ReferralClient(net::ApiClient& api, const std::string& referrals_url)
      : api_(api), url_(std::string(TrimSlash(referrals_url)).append(kReferralsPath)) {}

  Result<ReferralPage> List(std::optional<Instant> since, const std::string& next) override {
    std::string query = next;
    if (next.empty()) {
      if (since)
        query = "$filter=" + UrlEncode("updatedDateTime ge " + FormatInstant(*since)) + "&";
      query += "$orderby=" + UrlEncode("updatedDateTime asc");
    }
    auto page = ReadPage(query, !next.empty(), "listing referrals");
    if (!page) return page.error();
    // Everything changed shape: reported, because an empty full list would look as though every
    // referral had vanished. A shorter list may well hold nothing but one bad record.
    if (!since && next.empty() && page->referrals.empty() && page->unusable > 0) {
      return Error{.kind = ErrorKind::invalid_response,
                   .message = "None of the " + std::to_string(page->unusable) +
                              " referrals on Partner Center's first page has a valid id and "
                              "updatedDateTime."};
    }
    return ReferralPage{std::move(page->referrals), std::move(page->next_link)};
  }

  Result<RemoteReferral> Get(const ReferralId& id) override {
    const Question question{"reading referral " + id.text, false, std::string(kRoles)};
    const auto answer = api_.Send(MakeCall("GET", UrlOf(id), net::Repeat::safe));
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    auto read = FromAnswer(*answer);
    if (!read || !IsComplete(*read)) {
      return Unreadable(*answer, question, "it lacks a valid id, updatedDateTime or eTag");
    }
    return std::move(read->referral);
  }

  Result<std::vector<RemoteReferral>> ListEngagement(const EngagementId& id) override {
    const auto guid = NormalizeGuid(id.text);
    if (!guid) {
      return Error{.kind = ErrorKind::invalid_input,
                   .message = "An engagement can only be listed by its GUID."};
    }
    std::vector<RemoteReferral> all;
    std::string query = "$filter=" + UrlEncode("engagementId eq '" + *guid + "'");
    for (int pages = 0; pages < kEngagementPagesMax; ++pages) {
      auto page = ReadPage(query, pages > 0, "listing engagement " + *guid);
      if (!page) return page.error();
      // The caller decides from this list whether a referral has yet to be created, so it is
      // complete or it is nothing.
      if (page->unusable > 0) return IncompleteEngagement(*guid, "a referral that cannot be read");
      for (auto& referral : page->referrals) all.push_back(std::move(referral));
      if (page->next_link.empty()) return all;
      query = page->next_link;
    }
    return IncompleteEngagement(*guid, "more pages than an engagement can fill");
  }

  Result<RemoteReferral> Create(const std::string& body,
                                const CorrelationId& correlation) override {
    const Question question{"creating a referral", true, std::string(kRoles)};
    const auto repeat =
        Planted(PlantedBug::create_repeated) ? net::Repeat::safe : net::Repeat::never;
    auto call = MakeCall("POST", url_, repeat, correlation);
    call.request.body = body;
    const auto answer = api_.Send(call);
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    auto created = FromAnswer(*answer);
    if (!created) return DoneButUnread(*answer, question, "the answer names no referral.");
    if (IsComplete(*created)) return Written(std::move(created->referral), *answer);
    return Written(ReadBack(created->referral.id, *answer, question), *answer);
  }

  Result<RemoteReferral> Patch(const ReferralId& id, const std::string& etag,
                               const std::string& patch,
                               const CorrelationId& correlation) override {
    const Question question{"changing referral " + id.text, true, std::string(kRoles)};
    if (etag.empty()) {
      return Error{.kind = ErrorKind::invalid_input,
                   .message = "Referral " + id.text +
                              " can only be changed with the eTag it was read with."};
    }
    auto call = MakeCall("PATCH", UrlOf(id), net::Repeat::never, correlation);
    const bool any = Planted(PlantedBug::referral_version_unchecked);
    call.request.headers.emplace_back("If-Match", any ? "*" : etag);
    call.request.headers.emplace_back("Prefer", "return=representation");
    call.request.body = patch;
    const auto answer = api_.Send(call);
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return ErrorFromAnswer(*answer, question);
    auto patched = FromAnswer(*answer);
    if (patched && IsComplete(*patched) && patched->referral.id == id) {
      return Written(std::move(patched->referral), *answer);
    }
    return Written(ReadBackAfterPatch(id, etag, *answer, question), *answer);
  }

 private:
  static std::string_view TrimSlash(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return url;
  }

  static bool IsComplete(const ParsedReferral& parsed) {
    return parsed.dated && !parsed.referral.etag.empty();
  }

  static std::optional<ParsedReferral> FromAnswer(const net::ApiAnswer& answer) {
    auto parsed = ParseReferral(answer.response.body);
    if (!parsed) return std::nullopt;
    if (parsed->referral.etag.empty()) {
      parsed->referral.etag = net::FindHeader(answer.response.headers, "ETag").value_or("");
    }
    parsed->referral.clock_offset = answer.clock_offset;
    return parsed;
  }

  // Whatever it was read with, it is the result of this write.
  static Result<RemoteReferral> Written(Result<RemoteReferral> referral,
                                        const net::ApiAnswer& answer) {
    if (referral) referral->request_id = net::RequestIdOf(answer.response.headers);
    return referral;
  }

  static Error IncompleteEngagement(const std::string& id, std::string_view why) {
    return {.kind = ErrorKind::invalid_response,
            .message = "Partner Center's list of engagement " + id + " holds " + std::string(why) +
                       "; nothing is decided from it."};
  }

  std::string UrlOf(const ReferralId& id) const { return url_ + "/" + UrlEncode(id.text); }

  // `next_link` of the page is already the query string to go on with.
  Result<ParsedPage> ReadPage(const std::string& query, bool is_continuation,
                              const std::string& what) {
    const Question question{what, false, std::string(kRoles)};
    const auto answer = api_.Send(MakeCall("GET", url_ + "?" + query, net::Repeat::safe));
    if (!answer) return answer.error();
    if (!IsSuccess(*answer)) return PageError(*answer, is_continuation, question);
    auto page = ParsePage(answer->response.body);
    if (!page) return Unreadable(*answer, question, page.error().message);
    for (auto& referral : page->referrals) referral.clock_offset = answer->clock_offset;
    if (page->next_link.empty()) return page;
    auto next = NextQuery(page->next_link, url_);
    if (!next) return next.error();
    if (*next == query) return Unreadable(*answer, question, "its next page is the same page.");
    page->next_link = std::move(*next);
    return page;
  }

  static Error PageError(const net::ApiAnswer& answer, bool is_continuation,
                         const Question& question) {
    Error error = ErrorFromAnswer(answer, question);
    const int status = answer.response.status;
    if (is_continuation && (status == 400 || status == 410)) {
      error.kind = ErrorKind::cursor_expired;
    }
    return error;
  }

  // The write is done; only its result is missing. A failed read is therefore never passed on as
  // the write's failure: unknown_outcome makes the caller look the referral up before anything
  // else.
  Result<RemoteReferral> ReadBack(const ReferralId& id, const net::ApiAnswer& written,
                                  const Question& question) {
    auto read = Get(id);
    if (!read) return DoneButUnread(written, question, read.error().message);
    return read;
  }

  // Any write changes the eTag (section 3.7), and a read right after it may still see the old
  // version (section 4.3): the old eTag means we have not seen what we wrote.
  Result<RemoteReferral> ReadBackAfterPatch(const ReferralId& id, const std::string& sent_etag,
                                            const net::ApiAnswer& written,
                                            const Question& question) {
    auto read = ReadBack(id, written, question);
    if (read && read->etag == sent_etag) {
      return DoneButUnread(written, question, "the version before the change is still served.");
    }
    return read;
  }

  net::ApiClient& api_;
  const std::string url_;
};

}  // namespace

std::unique_ptr<PartnerCenter> MakePartnerCenterClient(net::ApiClient& api,
                                                       const std::string& referrals_url) {
  return std::make_unique<ReferralClient>(api, referrals_url);
}

}  // namespace cosell
