#pragma once

#include <optional>
#include <string>

#include "mapping/mapping.h"
#include "model/record.h"
#include "plan/plan.h"

namespace cosell {

inline constexpr const char* kRuleDrift = "drift";

// What the three-way rule says about one field (design section 3), status excepted.
struct FieldDecision {
  enum class Kind {
    nothing,            // leave both; the base stays
    settle,             // the base moves to what the sides are
    to_partner_center,  // `partner_center_value` is to be written there
    to_crm,             // `crm_value` is to be written there
    to_both,            // a merged set differs from both
    conflict,           // a person decides
    wait,               // may travel later (the referral is not accepted yet)
    ask_help,           // the CRM asks for Microsoft's help for the first time
  };
  Kind kind = Kind::nothing;
  Value partner_center_value;
  Value crm_value;
  std::string rule;
  std::string reason;
  bool put_back = false;      // the change of the side that is written to is undone
  std::optional<Side> loser;  // whose value a conflict rule decided against
  // With `nothing`: the sides disagree although neither has changed, and are left so; `reason` is
  // for the report.
  bool drift = false;
};

// What limits the deciding of every field of a link.
struct FieldContext {
  bool gate_open = true;          // the CRM record's Sync is Yes
  bool referral_open = true;      // New or Active
  bool referral_accepted = true;  // Active: before that only ids and status travel to it
  bool crm_open = true;           // a closed CRM record is read-only
  bool connected_referral = false;
  bool contacts_frozen = false;  // help was asked for, or the customer's consent is missing
  std::optional<Instant> partner_center_changed_at;  // our clock
  std::optional<Instant> crm_changed_at;
  bool base_in_doubt = false;  // LinkView::base_in_doubt
  // Of the field at hand.
  bool settled_apart = false;              // the sides were left different on purpose
  bool written_to_partner_center = false;  // the CRM's present value was written there before
  bool written_to_crm = false;  // Partner Center's present value was written there before
};

// Pure; requires that values are canonical.
FieldDecision DecideField(const FieldRule& rule, const Value& partner_center, const Value& crm,
                          const std::optional<Value>& base_partner_center,
                          const std::optional<Value>& base_crm, const FieldContext& context,
                          const Policy& policy);

}  // namespace cosell
