#pragma once

#include "engine/context.h"
#include "model/intent.h"
#include "model/link.h"

// Leads and opportunities: which of the two a link is about, and how the one becomes the other. A
// referral that is a lead has a CRM lead until it is accepted and an opportunity from then on
// (docs/decisions/0010-leads.md).
namespace cosell {

// What the next plan of a link is for.
struct Standing {
  RecordKind kind = RecordKind::opportunity;
  std::string not_ours;     // LinkView::not_ours
  std::string former_lead;  // LinkView::former_lead
};
// Requires that leads are synced if the link's CRM record is one.
Standing StandingOf(const EngineContext& context, const LinkWork& work);

// The kind of record an intent of this link writes to; what it makes, for a create.
RecordKind KindOf(const Intent& intent, const Link& link);

// The link's lead was qualified or converted into `opportunity`, or is to go on beside it: the pair
// goes on with that, and with what was agreed while it was a lead. `flagged`: the lead's Sync was
// Yes, which no CRM carries over.
void BecomeOpportunity(const Mapping& mapping, const CrmId& opportunity, bool flagged, Link* link);

}  // namespace cosell
