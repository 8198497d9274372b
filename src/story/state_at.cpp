#include "story/state_at.h"

#include <utility>

namespace cosell {
namespace {

// By position: clocks may have been set back, the order of the rows cannot.
std::optional<LinkVersion> LinkAt(const LinkHistory& history, Instant at) {
  std::optional<LinkVersion> then;
  std::string base_partner_center;
  std::string base_crm;
  std::string base_partner_center_then;
  std::string base_crm_then;
  for (const LinkVersion& state : history.states) {
    base_partner_center = ApplyChanges(base_partner_center, state.base_partner_center);
    base_crm = ApplyChanges(base_crm, state.base_crm);
    if (state.at > at) continue;
    then = state;
    base_partner_center_then = base_partner_center;
    base_crm_then = base_crm;
  }
  if (!then) return then;
  then->base_partner_center = std::move(base_partner_center_then);
  then->base_crm = std::move(base_crm_then);
  return then;
}

SideAt RecordAt(const LinkHistory& history, Side side, const std::string& record_id, Instant at) {
  SideAt record;
  record.record_id = record_id;
  std::string fields;
  for (const RecordVersion& version : history.versions) {
    if (version.side != side || version.record_id != record_id || version.changed_at > at) continue;
    fields = ApplyChanges(fields, version.changes);
    record.known = true;
    record.deleted = version.deleted;
    record.changed_at = version.changed_at;
    record.seen_at = version.seen_at;
    record.source = version.source;
  }
  record.fields = FieldsFromText(fields);
  return record;
}

// Before the pair was met: the first record of each side it ever had.
std::string FirstRecord(const LinkHistory& history, Side side) {
  for (const LinkVersion& state : history.states) {
    const std::string& id = side == Side::crm ? state.crm_id : state.referral_id;
    if (!id.empty()) return id;
  }
  return "";
}

}  // namespace

PairAt StateAt(const LinkHistory& history, Instant at) {
  PairAt pair;
  pair.at = at;
  pair.link = LinkAt(history, at);
  const auto id_of = [&](Side side) {
    const std::string known = !pair.link          ? ""
                              : side == Side::crm ? pair.link->crm_id
                                                  : pair.link->referral_id;
    return known.empty() ? FirstRecord(history, side) : known;
  };
  pair.partner_center = RecordAt(history, Side::partner_center, id_of(Side::partner_center), at);
  pair.crm = RecordAt(history, Side::crm, id_of(Side::crm), at);
  if (pair.link) {
    pair.base_partner_center = FieldsFromText(pair.link->base_partner_center);
    pair.base_crm = FieldsFromText(pair.link->base_crm);
  }
  return pair;
}

}  // namespace cosell
