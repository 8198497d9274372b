#include "engine/linker.h"

namespace cosell {

void Linker::Place(const Snapshot& snapshot, const SnapshotOutcome& outcome) {
  if (outcome.ignored) return;
  if (snapshot.side == Side::partner_center && snapshot.organization_id == "msft") {
    NoteConnected(snapshot);
  } else if (outcome.link_id == 0) {
    snapshot.side == Side::partner_center ? PlaceReferral(snapshot) : PlaceCrm(snapshot);
  }
}

void Linker::PlaceReferral(const Snapshot& referral) {
  const ConnectionName& name = context_.name();
  std::optional<Link> link;
  if (!referral.counterpart_id.empty()) {
    link = context_.store.FindLinkByCrm(name, CrmId{referral.counterpart_id});
  }
  if (!link) {
    for (const Snapshot& record : context_.store.FindByCounterpart(name, Side::crm, referral.id)) {
      if (!link) link = context_.store.FindLinkByCrm(name, CrmId{record.id});
    }
  }
  if (link && link->referral_id.empty()) return AttachReferral(*link, referral);
  Link fresh;
  fresh.referral_id = ReferralId{referral.id};
  fresh.engagement_id = EngagementId{referral.engagement_id};
  for (const Snapshot& sibling : context_.store.FindByEngagement(name, fresh.engagement_id)) {
    if (sibling.organization_id == "msft") fresh.connected_referral_id = ReferralId{sibling.id};
  }
  context_.store.InsertLink(name, fresh);
}

void Linker::PlaceCrm(const Snapshot& record) {
  const ConnectionName& name = context_.name();
  std::optional<Link> link;
  if (!record.counterpart_id.empty()) {
    link = context_.store.FindLinkByReferral(name, ReferralId{record.counterpart_id});
  }
  if (!link) {
    for (const Snapshot& referral :
         context_.store.FindByCounterpart(name, Side::partner_center, record.id)) {
      if (!link) link = context_.store.FindLinkByReferral(name, ReferralId{referral.id});
    }
  }
  if (link && link->crm_id.empty()) return AttachCrm(*link, record);
  Link fresh;
  fresh.crm_id = CrmId{record.id};
  fresh.kind = record.kind;
  context_.store.InsertLink(name, fresh);
}

void Linker::NoteConnected(const Snapshot& referral) {
  if (referral.engagement_id.empty()) return;
  for (const Snapshot& sibling :
       context_.store.FindByEngagement(context_.name(), EngagementId{referral.engagement_id})) {
    if (sibling.organization_id == "msft") continue;
    auto link = context_.store.FindLinkByReferral(context_.name(), ReferralId{sibling.id});
    if (!link || link->connected_referral_id.text == referral.id) continue;
    link->connected_referral_id = ReferralId{referral.id};
    Update(*link);
  }
}

void Linker::AttachReferral(Link link, const Snapshot& referral) {
  link.referral_id = ReferralId{referral.id};
  link.engagement_id = EngagementId{referral.engagement_id};
  Update(std::move(link));
}

void Linker::AttachCrm(Link link, const Snapshot& record) {
  link.crm_id = CrmId{record.id};
  link.kind = record.kind;
  Update(std::move(link));
}

// Whatever was decided for one side alone no longer stands.
void Linker::Update(Link link) {
  link.state = LinkState::pending;
  link.reason.clear();
  link.not_before.reset();
  link.seen_referral_hash.clear();
  link.seen_crm_hash.clear();
  Changes changes;
  changes.links.push_back(std::move(link));
  context_.store.Commit(context_.name(), changes);
}

}  // namespace cosell
