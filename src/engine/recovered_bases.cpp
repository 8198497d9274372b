#include "engine/recovered_bases.h"

#include "engine/kinds.h"
#include "plan/base.h"

namespace cosell {
namespace {

constexpr std::size_t kPage = 500;

void Add(const Mapping& mapping, const RecoveredBases& bases, const std::string& record_id,
         Base* base) {
  const auto found = bases.by_record.find(record_id);
  if (record_id.empty() || found == bases.by_record.end()) return;
  for (const auto& [name, text] : found->second.fields) {
    const auto field = mapping.Find(name);
    if (!field) continue;
    const Value value = text.empty() ? Value() : Value(text);
    base->partner_center[*field] = value;
    base->crm[*field] = value;
  }
  base->told.insert(found->second.told.begin(), found->second.told.end());
}

Base Exact(const Mapping& mapping, const RecoveredBases& bases, const Link& link) {
  const auto found = bases.by_record.find(link.referral_id.text);
  if (found == bases.by_record.end() || found->second.crm_id != link.crm_id.text)
    return DecodeBase(mapping, "", "");
  return DecodeBase(mapping, found->second.partner_center, found->second.crm);
}

// What was written under the CRM record's id alone is older than what the pair was given.
bool Recover(EngineContext& context, const RecoveredBases& bases, Link* link) {
  const bool lead_without_leads = link->kind == RecordKind::lead && !context.mapping.lead;
  if (lead_without_leads) return false;
  const Mapping& mapping = context.mapping.For(link->kind);
  Base base = Exact(mapping, bases, *link);
  if (base.empty()) {
    Add(mapping, bases, link->crm_id.text, &base);
    Add(mapping, bases, link->referral_id.text, &base);
  }
  if (base.empty()) return false;
  link->base_partner_center = EncodePartnerCenterBase(mapping, base);
  link->base_crm = EncodeCrmBase(mapping, base);
  return true;
}

}  // namespace

std::int64_t TakeRecoveredBases(EngineContext& context, const RecoveredBases& bases) {
  std::int64_t recovered = 0;
  std::int64_t after = 0;
  while (true) {
    const auto links = context.store.LinksAfter(context.name(), after, kPage);
    if (links.empty()) return recovered;
    Changes changes;
    for (const LinkWork& work : links) {
      after = work.link.id;
      Link link = work.link;
      const bool pair = !link.referral_id.empty() && !link.crm_id.empty();
      const bool known = !link.base_partner_center.empty() || link.last_synced_at;
      if (!pair || known || !Recover(context, bases, &link)) continue;
      changes.links.push_back(std::move(link));
    }
    recovered += static_cast<std::int64_t>(changes.links.size());
    if (!changes.empty()) context.store.Commit(context.name(), changes);
  }
}

}  // namespace cosell
