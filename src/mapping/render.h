#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mapping/mapping.h"
#include "mapping/sharing.h"
#include "model/record.h"

// Record -> what is sent. Pure; the counterpart of read_record.h.
namespace cosell {

struct FieldWrite {
  FieldIndex field = 0;
  Value value;
};

// The JSON Patch (add and replace only, contract partner-center.md section 3.6) that sets these
// fields. `referral_raw` keeps what is known of solutions that stay; `crm_raw` gives the spelling
// of new ones, `sharing` the people. A status becomes status, substatus and, where the move wants
// one, statusReason.
std::string RenderPatch(const Mapping& mapping, const std::vector<FieldWrite>& writes,
                        std::string_view referral_raw, std::string_view crm_raw,
                        const std::string& status_reason, const Sharing& sharing);

// The flat CRM columns that set these fields; texts are cut to the column's length. The status
// field is not rendered here (see StatusWrite), nor is "#id". Solution ids keep the spelling they
// have in `referral_raw` or `crm_raw`. `mark` is put before a marked text.
Columns RenderColumns(const Mapping& mapping, const std::vector<FieldWrite>& writes,
                      std::string_view referral_raw, std::string_view crm_raw,
                      std::string_view mark);

// The body of a new referral for a CRM record (contract partner-center.md sections 3.5 and 8.6).
// Contact data goes in as it is given: the caller has checked consent.
std::string RenderReferral(const Mapping& mapping, const Record& crm, const Sharing& sharing,
                           std::string_view crm_raw);

// The body of the second, connected referral that asks Microsoft for help, in the engagement of the
// first.
std::string RenderConnectedReferral(const Mapping& mapping, const Record& crm,
                                    const Sharing& sharing, std::string_view crm_raw,
                                    const std::string& engagement_id);

// Why the CRM record was lost, for statusReason.
std::string LossReason(const Mapping& mapping, std::string_view crm_raw);

}  // namespace cosell
