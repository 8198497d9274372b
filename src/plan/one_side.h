#pragma once

#include <string>

#include "plan/plan.h"

// Links of which only one side is there: shared, created, left alone, or ended. Pure.
namespace cosell {

// Requires view.partner_center.
Plan PlanReferralOnly(const LinkView& view, const Mapping& mapping);
// Requires view.crm.
Plan PlanCrmOnly(const LinkView& view, const Mapping& mapping);

// A line in the CRM's Audit that stands there once; nothing to write if it already does.
void AddNotice(const LinkView& view, std::string notice, Plan* plan);
// A plan without steps.
Plan Ended(LinkState state, std::string reason);
// A change as the audit has it.
FieldChange ChangeOf(const FieldRule& rule, const Value& before, const Value& after,
                     std::string why_rule, std::string reason);

}  // namespace cosell
