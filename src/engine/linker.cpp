#include "engine/linker.h"

namespace cosell {

void Linker::PlaceAll(const std::vector<Snapshot>& snapshots,
                      const std::vector<SnapshotOutcome>& outcomes) {
  for (std::size_t i = 0; i < snapshots.size(); ++i) Place(snapshots[i], outcomes[i]);
  Flush();
}

void Linker::Place(const Snapshot& snapshot, const SnapshotOutcome& outcome) {
  if (outcome.ignored) return;
  if (snapshot.side == Side::partner_center && snapshot.organization_id == "msft") {
    NoteConnected(snapshot);
  } else if (outcome.link_id == 0) {
    snapshot.side == Side::partner_center ? PlaceReferral(snapshot) : PlaceCrm(snapshot);
  }
}

void Linker::PlaceReferral(const Snapshot& referral) {
  // A page that shifted while it was read may hold a record twice.
  if (pending_ids_.contains(referral.id) && FindByReferral(referral.id)) return;
  const ConnectionName& name = context_.name();
  std::optional<Link> link;
  if (!referral.counterpart_id.empty()) {
    link = FindByCrm(referral.counterpart_id);
  }
  if (!link) {
    for (const Snapshot& record : context_.store.FindByCounterpart(name, Side::crm, referral.id)) {
      if (!link) link = FindByCrm(record.id);
    }
  }
  if (link && link->referral_id.empty()) return AttachReferral(*link, referral);
  Link fresh;
  fresh.referral_id = ReferralId{referral.id};
  fresh.engagement_id = EngagementId{referral.engagement_id};
  for (const Snapshot& sibling : context_.store.FindByEngagement(name, fresh.engagement_id)) {
    if (sibling.organization_id == "msft") fresh.connected_referral_id = ReferralId{sibling.id};
  }
  Add(std::move(fresh));
}

void Linker::PlaceCrm(const Snapshot& record) {
  if (pending_ids_.contains(record.id) && FindByCrm(record.id)) return;
  const ConnectionName& name = context_.name();
  std::optional<Link> link;
  if (!record.counterpart_id.empty()) {
    link = FindByReferral(record.counterpart_id);
  }
  if (!link) {
    for (const Snapshot& referral :
         context_.store.FindByCounterpart(name, Side::partner_center, record.id)) {
      if (!link) link = FindByReferral(referral.id);
    }
  }
  if (link && link->crm_id.empty()) return AttachCrm(*link, record);
  Link fresh;
  fresh.crm_id = CrmId{record.id};
  fresh.kind = record.kind;
  Add(std::move(fresh));
}

void Linker::NoteConnected(const Snapshot& referral) {
  if (referral.engagement_id.empty()) return;
  for (const Snapshot& sibling :
       context_.store.FindByEngagement(context_.name(), EngagementId{referral.engagement_id})) {
    if (sibling.organization_id == "msft") continue;
    auto link = FindByReferral(sibling.id);
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
  Add(std::move(link));
}

void Linker::Add(Link link) {
  for (const std::string& id : {link.referral_id.text, link.crm_id.text}) {
    if (!id.empty()) pending_ids_.insert(id);
  }
  pending_.links.push_back(std::move(link));
}

std::optional<Link> Linker::FindByReferral(const std::string& id) {
  if (pending_ids_.contains(id)) Flush();
  return context_.store.FindLinkByReferral(context_.name(), ReferralId{id});
}

std::optional<Link> Linker::FindByCrm(const std::string& id) {
  if (pending_ids_.contains(id)) Flush();
  return context_.store.FindLinkByCrm(context_.name(), CrmId{id});
}

void Linker::Flush() {
  if (!pending_.empty()) context_.store.Commit(context_.name(), pending_);
  pending_ = {};
  pending_ids_.clear();
}

}  // namespace cosell
