#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/decision.h"
#include "model/side.h"
#include "model/snapshot.h"

namespace cosell {

// Where a link stands. Stored and shown by name.
enum class LinkState {
  pending,      // known, not yet worked on
  in_sync,      // both sides agree under the mapping
  waiting,      // not shared yet: something is missing or on hold; `reason` says what
  conflict,     // at least one field waits for a person (policy "ask")
  quarantined,  // set aside after failures, retried at `not_before`
  closed,       // the referral is closed and both sides agree: final
  left_alone,   // not ours to sync: a lead, a deal closed before it was linked, a foreign CRM id
  unlinked,     // ended by policy: deleted in the CRM, or reopened there after the close
};

std::string_view ToString(LinkState state);
// Requires a name produced by ToString; throws std::invalid_argument otherwise.
LinkState LinkStateFromText(std::string_view text);

// A referral paired with a CRM record, and what the two were when they last agreed. One side's id
// may still be empty. A value; only the engine changes links, and only one worker has one at a
// time.
struct Link {
  std::int64_t id = 0;  // given by the store
  ReferralId referral_id;
  CrmId crm_id;
  RecordKind kind = RecordKind::opportunity;
  LinkState state = LinkState::pending;
  std::string reason;  // for a person; no contact data
  // The base, per side: a JSON object of field name -> canonical value. Empty until the two first
  // agreed.
  std::string base_partner_center;
  std::string base_crm;
  EngagementId engagement_id;
  ReferralId connected_referral_id;  // Microsoft's referral of the same engagement, once known
  std::string notice;  // the last refusal written to the CRM's Audit, so that it is written once
  int attempts = 0;    // failures in a row
  std::optional<Instant> not_before;      // looked at again then, changed or not
  std::optional<Instant> last_synced_at;  // when the sides were last found or made equal
  // Content hashes of the snapshots this link was last worked on with. It is dirty while they
  // differ from the snapshots'.
  std::string seen_referral_hash;
  std::string seen_crm_hash;
  // The loop breaker counts what was written after this: set when a person has looked at the link.
  std::optional<Instant> counted_from;
  // The bases come from an older copy of the database and both records have changed since: equality
  // with a base does not prove that a side is unchanged. Ends when the two are in step again.
  bool base_in_doubt = false;
};

// A link with the newest snapshots of its two sides and what a person decided about it: what one
// step of work needs.
struct LinkWork {
  Link link;
  std::optional<Snapshot> referral{};
  std::optional<Snapshot> crm{};
  std::vector<Decision> decisions{};
};

}  // namespace cosell
