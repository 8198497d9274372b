#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mapping/read_record.h"
#include "mapping/render.h"
#include "mapping/sharing.h"
#include "model/decision.h"
#include "model/intent.h"
#include "model/link.h"
#include "plan/base.h"

// Decides the next steps of one link. Pure: the same view gives the same plan, whatever the clock,
// the network or the database do. What a dry run prints, the log says, the audit records and
// `explain` tells is the reason found here.
namespace cosell {

enum class ConflictPolicy { partner_center_wins, crm_wins, newest_wins, ask };
enum class OnReopen { reclose, unlink };

std::string_view ToString(ConflictPolicy policy);
std::optional<ConflictPolicy> ConflictPolicyFromText(std::string_view text);

struct Policy {
  ConflictPolicy conflict = ConflictPolicy::newest_wins;
  std::map<std::string, ConflictPolicy> by_field = {
      {"status", ConflictPolicy::partner_center_wins}};
  OnReopen on_reopen = OnReopen::reclose;
  // Partner Center has refused a patch of /name before: names are then kept as they are on both
  // sides.
  bool name_is_patchable = true;

  ConflictPolicy For(const std::string& field) const;
  // The mapping's own words for its fields, which give way to what is said here afterwards.
  void TakeFrom(const Mapping& mapping);
};

// A value we are known to have written to one side.
struct Written {
  Side side = Side::crm;
  FieldIndex field = 0;
  Value value;
};

// Something worth a line in the CRM's Audit although no field changes. The step that tells it has a
// change of that rule, with the key as its value, in the place of a field.
inline constexpr const char* kRuleNews = "news";
struct News {
  std::string key;  // the same news has the same key
  std::string text;
};

// Everything the decision may look at. A value.
struct LinkView {
  std::optional<Record> partner_center;
  ReferralFacts referral;  // meaningful with partner_center
  // What is planned for: what the CRM record is or, where there is none, what the referral becomes.
  // Both records are mapped by that part of the mapping.
  RecordKind kind = RecordKind::opportunity;
  std::string not_ours;  // why the referral is none of ours to bring to the CRM; empty when it is
  // Id of the lead the deal is until now, where a CRM that cannot qualify it is to get an
  // opportunity beside it.
  std::string former_lead;
  std::optional<Record> crm;
  CrmFacts crm_facts;  // meaningful with crm
  // Fields whose column the CRM did not show (hidden from our user while we run): not "nothing".
  // Their value in `crm` is the base's, where that is known.
  std::vector<FieldIndex> hidden_in_crm;
  std::optional<Sharing> sharing;  // when the CRM record was read with its related records
  Base base;
  // The base comes from an older copy of the database, and both records have changed since: that a
  // side equals its base does not prove that nobody changed it.
  bool base_in_doubt = false;
  // Fields that the mapping's conditions leave alone in this pair. Of a record without a pair they
  // are nothing.
  std::vector<FieldIndex> left_alone{};
  // When each side's record was last changed, on our own clock; absent when the offset of the
  // remote's clock is not known.
  std::optional<Instant> partner_center_changed_at;
  std::optional<Instant> crm_changed_at;
  bool crm_deleted = false;         // the link's CRM record is gone
  bool connected_referral = false;  // Microsoft's referral of the engagement is there
  std::string loss_reason;          // for statusReason, from the CRM
  std::string last_notice;          // the notice last written to the CRM's Audit
  // What the seller is told once, in the CRM's Audit: what Microsoft answered, that an offer is
  // about to expire.
  std::vector<News> news;
  // Why winning the deal now is premature; empty when it is not.
  std::string won_early;
  std::vector<Decision> decisions;  // a person's, not carried out yet
  // What was written to either side before, for a disagreement without a change; may be left out
  // until a plan would repair one.
  std::vector<Written> written;
  // Of a record without a pair: its counterpart is paired with another record already. Ids.
  std::string counterpart;
  std::string counterpart_holder;
};

// One remote write. A plan has at most one per side; what remains is planned again from what that
// one left behind.
struct Step {
  IntentOperation operation = IntentOperation::update_crm;
  std::vector<FieldWrite> writes;    // target values, canonical
  std::vector<FieldChange> changes;  // the same for the audit, with before, rule and reason
  std::string reason;
  std::string status_reason;  // update_referral: statusReason of a Declined or Lost
  // What the CRM's Audit column gets with it (CRM steps only). `audit_reason` empty: plain success.
  bool audit_success = true;
  bool from_crm = false;  // the line reads "CRM to Partner Center Referral", else the other way
  std::string audit_reason;
  bool set_sync = false;  // update_crm: the opportunity is flagged, as the lead was it came from
};

// A field whose base moves without a write: the sides agree, or the rule says to leave both as they
// are.
struct Settled {
  FieldIndex field = 0;
  Value partner_center;
  Value crm;
  bool apart = false;  // left different on purpose
};

struct PlannedConflict {
  FieldIndex field = 0;
  Value base;
  Value partner_center;
  Value crm;
  std::string reason;
};

// The value a conflict's rule decided against, kept so that it can be brought back.
struct Loser {
  FieldIndex field = 0;
  Side side = Side::crm;
  Value value;
  std::string rule;
};

// What becomes of a person's decision.
struct PlannedDecision {
  enum class Fate {
    acts,        // a step carries it out, now or when its turn comes
    done,        // nothing is left to write
    voided,      // a side has another value than the person saw
    impossible,  // the deal's state does not allow it; `reason` says why
  };
  std::string field;
  Fate fate = Fate::acts;
  std::string reason;
};

struct Plan {
  std::vector<Step> steps;
  std::vector<Settled> settled;
  std::vector<PlannedConflict> conflicts;
  std::vector<Loser> losers;
  std::vector<PlannedDecision> decisions;
  std::vector<std::string> told;   // keys of news that are old: this pair was not followed then
  std::vector<std::string> drift;  // one sentence a field that disagrees without a change
  LinkState state = LinkState::in_sync;  // once the steps are done
  std::string reason;                    // for a person; of a pair in step, what is still amiss
  std::string notice;  // what the seller should know; stands in the CRM's Audit once
};

// Requires view.partner_center or view.crm.
Plan MakePlan(const LinkView& view, const Mapping& mapping, const Policy& policy);

}  // namespace cosell
