#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace cosell {

// A stretch of time the service did not see, while it is being worked off. A value.
struct Gap {
  std::string cause = "downtime";  // or the origin of the generation that began it
  std::optional<Instant> from_at;  // when both sides had last been read; nothing: unknown
  Instant found_at;
  std::optional<Instant> read_at;  // when both sides had been read again
};

// How both sides were read again.
struct GapReading {
  Instant read_at;
  bool whole = false;  // every record; else what the sides list as changed
};

// What was found changed after a gap, and what became of it. Every concerned link is in exactly one
// of written, unchanged, conflicting, set_aside, waiting, left_alone and ended, so that the counts
// add up to `links`; every record found is one of a link's or is counted in without_link.
struct GapCounts {
  std::int64_t referrals_new = 0;
  std::int64_t referrals_changed = 0;  // in a mapped field
  std::int64_t crm_records_new = 0;
  std::int64_t crm_records_changed = 0;
  std::int64_t crm_records_gone = 0;
  std::int64_t events_missing = 0;  // of these records, those no event had told of
  std::int64_t links = 0;
  std::int64_t written = 0;
  std::int64_t unchanged = 0;
  std::int64_t conflicting = 0;
  std::int64_t set_aside = 0;
  std::int64_t waiting = 0;
  std::int64_t left_alone = 0;
  std::int64_t ended = 0;
  std::int64_t without_link = 0;
  std::int64_t writes_partner_center = 0;  // audit entries done or adopted
  std::int64_t writes_crm = 0;

  std::int64_t found() const {
    return referrals_new + referrals_changed + crm_records_new + crm_records_changed +
           crm_records_gone;
  }
  bool operator==(const GapCounts&) const = default;
};

// The account of a gap that was worked off. A value.
struct GapCertificate {
  std::int64_t id = 0;
  Gap gap;
  bool whole = false;
  Instant closed_at;
  std::int64_t audit_from = 0;  // the writes are the audit entries after this one ...
  std::int64_t audit_until = 0;
  std::int64_t doubted = 0;  // links whose bases could not be trusted
  GapCounts counts;
};

// The pairs of a connection after a rebuild, counted. Each link is in one of the first six. A
// value.
struct PairCensus {
  std::int64_t equal = 0;        // pairs in step without a write
  std::int64_t written = 0;      // pairs that differed and were made equal
  std::int64_t conflicting = 0;  // pairs with a field that waits for a person
  std::int64_t unsettled = 0;    // pairs that wait, were set aside, or have ended
  std::int64_t only_partner_center = 0;
  std::int64_t only_crm = 0;
  // Of the last two: those that name a record, or are named by one, that is paired with another.
  std::int64_t ambiguous = 0;
  // How differing fields were decided: rule -> audit entries.
  std::map<std::string, std::int64_t> decided{};

  std::int64_t pairs() const { return equal + written + conflicting + unsettled; }
};

}  // namespace cosell
