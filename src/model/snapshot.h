#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "model/side.h"

namespace cosell {

// A remote record as last read. A value. `raw` is kept verbatim, unknown members included.
struct Snapshot {
  Side side = Side::partner_center;
  RecordKind kind =
      RecordKind::opportunity;  // of a CRM record; a referral's own kind follows from its link
  std::string id;               // referral id or CRM id
  std::string etag;             // exactly as sent in If-Match; compared for equality only
  // The remote's own stamp (updatedDateTime, modifiedon, SystemModstamp): orders versions of this
  // one record on this one machine. Never compared with another machine's clock.
  Instant changed_at;
  Instant read_at;  // our clock
  // Our clock minus the remote's at the time of reading (from the HTTP Date header), when known.
  std::optional<std::chrono::milliseconds> clock_offset;
  std::string
      raw;  // referral: the JSON as received; CRM: the adapter's flat attributes (ports/crm.h)
  std::string
      hash;  // ContentHash of the mapped record and the facts the plan looks at; set by the engine
  bool deleted = false;
  // Copied out of `raw` so that pairs can be found by query:
  std::string
      counterpart_id;  // externalReferenceId of a referral; Referral Identifier of a CRM record
  std::string engagement_id;    // referrals only
  std::string organization_id;  // referrals only; "msft" for Microsoft's own
  // The mapped fields (field_text.h), without those the side did not show; set by the engine. For
  // the history of the record.
  std::string fields{};
  // What brought this version: "event", "poll", "sweep", "read", "answer", "lookup". Kept with the
  // history alone, as is its detail: the event's name and time, or our write's correlation id.
  std::string source{};
  std::string source_detail{};
};

}  // namespace cosell
