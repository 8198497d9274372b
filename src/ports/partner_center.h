#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace cosell {

// A referral as read: the members the engine looks at, and the whole JSON. A value.
struct RemoteReferral {
  ReferralId id;
  EngagementId engagement_id;
  std::string organization_id;        // "msft" for Microsoft's own side
  std::string external_reference_id;  // our CRM id, or somebody else's; may be empty
  std::string etag;                   // with its quotes, as If-Match wants it
  Instant updated_at;                 // updatedDateTime
  std::string raw;                    // the referral's JSON as received
  std::optional<std::chrono::milliseconds>
      clock_offset;  // our clock minus the server's Date header
  // Of the write that gave this referral, the remote's own id of the request; may be empty.
  std::string request_id{};
};

struct ReferralPage {
  std::vector<RemoteReferral> referrals;
  std::string next;  // opaque; empty on the last page
};

// The Partner Center referrals API (contract partner-center.md section 3). One instance per
// connection; every method may be called from any thread and blocks until answered. Errors every
// method can give: unauthorized, forbidden, throttled, unreachable, unavailable, invalid_response.
// No method throws.
class PartnerCenter {
 public:
  virtual ~PartnerCenter() = default;

  // One page of all referrals whose updatedDateTime is at or after `since` (all when absent),
  // oldest change first, at most 100. `next` is empty for the first page, then the previous page's.
  // An expired page token is cursor_expired: start again.
  virtual Result<ReferralPage> List(std::optional<Instant> since, const std::string& next) = 0;

  // not_found when unknown.
  virtual Result<RemoteReferral> Get(const ReferralId& id) = 0;

  // All referrals of one engagement, every party's.
  virtual Result<std::vector<RemoteReferral>> ListEngagement(const EngagementId& id) = 0;

  // POST of a referral body. refused for a validation error (message from the remote);
  // unknown_outcome when no answer arrived. Never repeats the POST by itself.
  virtual Result<RemoteReferral> Create(const std::string& body,
                                        const CorrelationId& correlation) = 0;

  // JSON Patch (an array of add/replace) with If-Match. Returns the referral as it is afterwards.
  // stale_version on 412; refused on 400/409/422; not_found; unknown_outcome when no answer
  // arrived. Is not repeated after being sent.
  virtual Result<RemoteReferral> Patch(const ReferralId& id, const std::string& etag,
                                       const std::string& patch,
                                       const CorrelationId& correlation) = 0;
};

}  // namespace cosell
