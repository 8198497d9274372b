#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tools/sandbox/world/json.h"

namespace cosell::sandbox {

// One referral as stored, with the version before it for stale reads.
struct StoredReferral {
  Json body;           // every member, with eTag, without links and @odata.context
  Json previous;       // null when there was none
  Instant changed_at;  // for stale reads, whatever the stamps say
  Instant updated;     // updatedDateTime, parsed
  Instant created;
  const std::string& id() const { return body["id"].get_ref<const std::string&>(); }
  std::string engagement() const { return TextAt(body, "engagementId"); }
  std::string organization() const { return TextAt(body, "organizationId"); }
  bool closed() const { return TextAt(body, "status") == "Closed"; }
};

// All parties' referrals. Knows versions and order, no rules. Single-threaded.
class ReferralStore {
 public:
  enum class Order { id, created, updated };

  explicit ReferralStore(Random& random) : random_(random) {}

  // Nullptr when unknown; valid until Clear.
  StoredReferral* Find(const std::string& id);
  const StoredReferral* Find(const std::string& id) const;
  // Adds `body` (with id, engagementId and timestamps) under a fresh eTag; at `changed_at` it
  // becomes visible to stale reads.
  StoredReferral& Insert(Json body, Instant changed_at);
  // Replaces the content at `now`: new eTag, updatedDateTime = `stamp`.
  void Update(StoredReferral& referral, Json body, Instant now, Instant stamp);
  // All parties' referrals of one engagement, by id.
  std::vector<StoredReferral*> Engagement(const std::string& engagement_id);
  // Everything in ascending order.
  std::vector<const StoredReferral*> Sorted(Order order) const;
  void Clear();

  // What a reader sees who is `stale_s` behind: this version, the one before, or nothing yet.
  static const Json* Visible(const StoredReferral& referral, Instant now, int stale_s);

 private:
  std::string NewETag(Instant updated);

  Random& random_;
  std::map<std::string, StoredReferral> referrals_;
  std::multimap<std::string, std::string> engagements_;
  std::set<std::pair<Instant, std::string>> by_updated_;
};

}  // namespace cosell::sandbox
