#include "tools/sandbox/world/referral_store.h"

#include <algorithm>
#include <cstdio>

namespace cosell::sandbox {

StoredReferral* ReferralStore::Find(const std::string& id) {
  const auto found = referrals_.find(id);
  return found == referrals_.end() ? nullptr : &found->second;
}

const StoredReferral* ReferralStore::Find(const std::string& id) const {
  const auto found = referrals_.find(id);
  return found == referrals_.end() ? nullptr : &found->second;
}

StoredReferral& ReferralStore::Insert(Json body, Instant changed_at) {
  const std::string id = TextAt(body, "id");
  StoredReferral& referral = referrals_[id];
  referral.body = std::move(body);
  referral.changed_at = changed_at;
  referral.updated = InstantAt(referral.body, "updatedDateTime").value_or(changed_at);
  referral.created = InstantAt(referral.body, "createdDateTime").value_or(changed_at);
  referral.body["eTag"] = NewETag(referral.updated);
  engagements_.emplace(referral.engagement(), id);
  by_updated_.emplace(referral.updated, id);
  return referral;
}

void ReferralStore::Update(StoredReferral& referral, Json body, Instant now, Instant stamp) {
  by_updated_.erase({referral.updated, referral.id()});
  referral.previous = std::move(referral.body);
  referral.body = std::move(body);
  referral.changed_at = now;
  referral.updated = stamp;
  referral.body["updatedDateTime"] = FormatInstant(stamp);
  referral.body["eTag"] = NewETag(stamp);
  by_updated_.emplace(stamp, referral.id());
}

std::vector<StoredReferral*> ReferralStore::Engagement(const std::string& engagement_id) {
  std::vector<StoredReferral*> parties;
  const auto [first, last] = engagements_.equal_range(engagement_id);
  for (auto at = first; at != last; ++at) parties.push_back(Find(at->second));
  std::sort(parties.begin(), parties.end(),
            [](const StoredReferral* a, const StoredReferral* b) { return a->id() < b->id(); });
  return parties;
}

std::vector<const StoredReferral*> ReferralStore::Sorted(Order order) const {
  std::vector<const StoredReferral*> all;
  all.reserve(referrals_.size());
  if (order == Order::updated) {
    for (const auto& [at, id] : by_updated_) all.push_back(Find(id));
    return all;
  }
  for (const auto& [id, referral] : referrals_) all.push_back(&referral);
  if (order == Order::created)
    std::stable_sort(all.begin(), all.end(), [](const StoredReferral* a, const StoredReferral* b) {
      return a->created < b->created;
    });
  return all;
}

void ReferralStore::Clear() {
  referrals_.clear();
  engagements_.clear();
  by_updated_.clear();
}

const Json* ReferralStore::Visible(const StoredReferral& referral, Instant now, int stale_s) {
  if (stale_s == 0 || now - referral.changed_at >= std::chrono::seconds(stale_s))
    return &referral.body;
  return referral.previous.is_null() ? nullptr : &referral.previous;
}

// xxxxxxxx-0000-rrrr-0000-hhhhhhhh0000, h being the update in Unix seconds (contract 3.7).
std::string ReferralStore::NewETag(Instant updated) {
  char text[48];
  std::snprintf(text, sizeof text, "\"%08x-0000-0800-0000-%08x0000\"",
                static_cast<unsigned>(random_.Next() & 0xffffffffu),
                static_cast<unsigned>(ToUnixMs(updated) / 1000));
  return text;
}

}  // namespace cosell::sandbox
