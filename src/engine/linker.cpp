#include "engine/linker.h"

#include "base/planted.h"
#include "engine/aside.h"
#include "engine/kinds.h"

namespace cosell {

void Linker::PlaceAll(const std::vector<Snapshot>& snapshots,
                      const std::vector<SnapshotOutcome>& outcomes) {
  for (std::size_t i = 0; i < snapshots.size(); ++i) Place(snapshots[i], outcomes[i]);
  Flush();
}

void Linker::Place(const Snapshot& snapshot, const SnapshotOutcome& outcome) {
  if (outcome.ignored) return;
  const bool microsofts =
      snapshot.organization_id == "msft" && !Planted(PlantedBug::microsofts_part_taken_for_ours);
  if (snapshot.side == Side::partner_center && microsofts) {
    NoteConnected(snapshot, outcome.changed);
  } else if (outcome.link_id == 0) {
    snapshot.side == Side::partner_center ? PlaceReferral(snapshot) : PlaceCrm(snapshot);
  } else if (outcome.returned && snapshot.side == Side::crm) {
    Resume(snapshot, outcome.link_id);
  } else if (snapshot.side == Side::crm && snapshot.kind == RecordKind::lead) {
    FollowLead(snapshot, outcome.link_id);
  }
}

void Linker::PlaceReferral(const Snapshot& referral) {
  // A page that shifted while it was read may hold a record twice.
  const bool seen_before = pending_ids_.contains(referral.id) && FindByReferral(referral.id);
  if (seen_before && !Planted(PlantedBug::shifted_page_linked_twice)) return;
  const ConnectionName& name = context_.name();
  const auto link = FreeRecordOf(referral);
  if (link && !Planted(PlantedBug::identifiers_ignored)) return AttachReferral(*link, referral);
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
  if (Planted(PlantedBug::identifiers_ignored)) link.reset();
  if (link && link->crm_id.empty()) return AttachCrm(*link, record);
  if (link && HasBetterClaim(*link, record)) return TakePlaceOf(*link, record);
  Link fresh;
  fresh.crm_id = CrmId{record.id};
  fresh.kind = record.kind;
  Add(std::move(fresh));
}

// Undeleted in the CRM, or restored from a backup.
void Linker::Resume(const Snapshot& record, std::int64_t link_id) {
  const auto work = context_.store.LoadLink(context_.name(), link_id);
  if (!work || work->link.state != LinkState::unlinked) return;
  if (work->link.referral_id.empty()) return Update(work->link);  // not shared before it went
  const bool named = record.counterpart_id == work->link.referral_id.text ||
                     (work->referral && work->referral->counterpart_id == record.id);
  if (!named) return;
  const std::string reason =
      "the CRM record is there again and is paired with its referral as before";
  pending_.audit.push_back(PairEntry(context_, work->link, "relink", "relinked", reason));
  pending_.audit.back().cause = "read";
  context_.log.Info("a pair is resumed", {{"connection", context_.name().text},
                                          {"link", std::to_string(link_id)},
                                          {"reason", reason}});
  Update(work->link);
}

// A lead that was qualified or converted: its pair goes on with the opportunity it became.
void Linker::FollowLead(const Snapshot& lead, std::int64_t link_id) {
  const auto facts = FactsFromCrm(context_.mapping.For(RecordKind::lead), lead.raw);
  if (!facts || facts->became.empty()) return;
  const auto opportunity = context_.store.FindSnapshot(context_.name(), Side::crm, facts->became);
  const auto work = context_.store.LoadLink(context_.name(), link_id);
  if (!opportunity || opportunity->deleted || !work || work->link.referral_id.empty() ||
      work->link.crm_id.text != lead.id)
    return;
  if (auto begun = FindByCrm(opportunity->id)) {
    // Somebody has shared the opportunity as a deal of its own.
    if (!begun->referral_id.empty()) return;
    GiveUp(std::move(*begun), link_id);
  }
  Link link = work->link;
  BecomeOpportunity(context_.mapping, CrmId{opportunity->id}, facts->sync, &link);
  const std::string reason = "the lead became opportunity " + opportunity->id;
  pending_.audit.push_back(PairEntry(context_, link, "follow", "became", reason));
  pending_.audit.back().cause = "read";
  context_.log.Info("a pair goes on with an opportunity", {{"connection", context_.name().text},
                                                           {"link", std::to_string(link_id)},
                                                           {"reason", reason}});
  Update(std::move(link));
}

void Linker::GiveUp(Link link, std::int64_t in_favour_of) {
  link.crm_id = CrmId{};
  link.state = LinkState::unlinked;
  link.reason = "joined with link " + std::to_string(in_favour_of);
  Add(std::move(link));
}

// How well a CRM record and a referral fit: an identifier is written by us alone, the referral's
// own word can be anybody's.
int Linker::Claim(const Snapshot& record, const Snapshot& referral) {
  if (record.deleted) return 0;
  return (record.counterpart_id == referral.id ? 2 : 0) +
         (referral.counterpart_id == record.id ? 1 : 0);
}

// The link of the record that fits best among those that have no referral yet.
std::optional<Link> Linker::FreeRecordOf(const Snapshot& referral) {
  const ConnectionName& name = context_.name();
  auto records = context_.store.FindByCounterpart(name, Side::crm, referral.id);
  if (auto named = context_.store.FindSnapshot(name, Side::crm, referral.counterpart_id))
    records.push_back(std::move(*named));
  std::optional<Link> best;
  int claim = 0;
  for (const Snapshot& record : records) {
    auto link = FindByCrm(record.id);
    if (!link || !link->referral_id.empty() || Claim(record, referral) <= claim) continue;
    claim = Claim(record, referral);
    best = std::move(link);
  }
  return best;
}

// A copied record carries its original's identifier, and lists come in any order. Once something
// was agreed, the pair stays as it is.
bool Linker::HasBetterClaim(const Link& link, const Snapshot& record) const {
  if (!link.base_partner_center.empty() || link.last_synced_at) return false;
  const ConnectionName& name = context_.name();
  const auto referral =
      context_.store.FindSnapshot(name, Side::partner_center, link.referral_id.text);
  const auto held = context_.store.FindSnapshot(name, Side::crm, link.crm_id.text);
  return referral && held && Claim(record, *referral) > Claim(*held, *referral);
}

void Linker::TakePlaceOf(Link link, const Snapshot& record) {
  Link displaced;
  displaced.crm_id = link.crm_id;
  displaced.kind = link.kind;
  AttachCrm(std::move(link), record);
  Add(std::move(displaced));
}

// What Microsoft answers there is news for the pair.
void Linker::NoteConnected(const Snapshot& referral, bool changed) {
  if (referral.engagement_id.empty()) return;
  for (const Snapshot& sibling :
       context_.store.FindByEngagement(context_.name(), EngagementId{referral.engagement_id})) {
    if (sibling.organization_id == "msft") continue;
    auto link = FindByReferral(sibling.id);
    if (!link || (link->connected_referral_id.text == referral.id && !changed)) continue;
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
