#include "store/history.h"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/field_text.h"
#include "store/conflicts.h"
#include "store/decisions.h"
#include "store/links.h"
#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

constexpr std::string_view kAppend = R"(
  INSERT INTO record_change(connection_id, side, record_id, changed_at, seen_at, source, detail,
                            deleted, changes)
  VALUES (?1, ?2, ?3,
    max(?4, coalesce((SELECT changed_at FROM record_change
                      WHERE connection_id = ?1 AND side = ?2 AND record_id = ?3
                      ORDER BY id DESC LIMIT 1), ?4)),
    ?5, ?6, ?7, ?8, ?9))";

constexpr std::string_view kAppendLink = R"(
  INSERT INTO link_change(link_id, at, referral_id, crm_id, record_kind, state, reason,
                          base_partner_center, base_crm)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))";

constexpr std::string_view kVersions = R"(
  SELECT id, changed_at, seen_at, source, detail, deleted, changes FROM record_change
  WHERE connection_id = ?1 AND side = ?2 AND record_id = ?3 ORDER BY id)";

constexpr std::string_view kStates = R"(
  SELECT at, referral_id, crm_id, record_kind, state, reason, base_partner_center, base_crm
  FROM link_change WHERE link_id = ?1 ORDER BY id)";

constexpr std::string_view kReferralFields =
    "SELECT fields FROM referral WHERE connection_id = ?1 AND record_id = ?2";
constexpr std::string_view kCrmFields =
    "SELECT fields FROM crm_record WHERE connection_id = ?1 AND record_id = ?2";

// ?2 is a record of the pair, on either side; the writes of the pair name it or the referral.
constexpr std::string_view kWrites = R"(
  SELECT a.id, a.at, a.side, a.record_kind, a.record_id, a.operation, a.field, v.before, v.after,
         v.audit_id IS NULL AND (a.before_hash IS NOT NULL OR a.after_hash IS NOT NULL), a.reason,
         a.rule, a.cause, a.run_id, a.correlation_id, coalesce(a.request_id, ''), a.outcome,
         a.duration_ms
  FROM audit AS a LEFT JOIN audit_value AS v ON v.audit_id = a.id
  WHERE (nullif(a.record_id, '') = ?2 OR nullif(a.referral_id, '') = ?2) AND a.connection = ?1
  ORDER BY a.id)";

constexpr std::string_view kName = "SELECT name FROM connection WHERE id = ?1";

// A remote's stamp is told on our clock, and never later than it was seen.
Instant ChangedAt(const Snapshot& snapshot, Instant now) {
  if (snapshot.deleted) return now;
  const Instant seen = std::min(snapshot.read_at, now);
  if (!snapshot.clock_offset) return seen;
  const auto offset = std::chrono::duration_cast<Ticks>(*snapshot.clock_offset);
  return std::min(snapshot.changed_at + offset, seen);
}

std::vector<RecordVersion> ReadVersions(Session& session, ConnectionRow connection, Side side,
                                        const std::string& record_id) {
  std::vector<RecordVersion> versions;
  Query query(session, kVersions, connection, ToString(side), record_id);
  while (query.Next()) {
    versions.push_back({query.Int(0), side, record_id, query.Time(1), query.Time(2), query.Text(3),
                        query.Text(4), query.Bool(5), query.Text(6)});
  }
  return versions;
}

std::vector<LinkVersion> ReadStates(Session& session, std::int64_t link_id) {
  std::vector<LinkVersion> states;
  Query query(session, kStates, link_id);
  while (query.Next()) {
    states.push_back({query.Time(0), query.Text(1), query.Text(2),
                      RecordKindFromText(query.Text(3)), LinkStateFromText(query.Text(4)),
                      query.Text(5), query.Text(6), query.Text(7)});
  }
  return states;
}

// As AppendAudit wrote them: one field plain, several as an object.
std::vector<std::optional<std::string>> ValuesOf(const std::vector<std::string>& fields,
                                                 const Query& row, int column) {
  if (row.IsNull(column)) return {};
  const std::string text = row.Text(column);
  if (fields.size() == 1) return {text};
  const auto object = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::optional<std::string>> values(fields.size());
  for (std::size_t i = 0; i < fields.size() && object.is_object(); ++i) {
    const auto value = object.find(fields[i]);
    if (value != object.end() && value->is_string()) values[i] = value->get<std::string>();
  }
  return values;
}

RecordedWrite ReadWrite(const Query& row) {
  RecordedWrite write;
  write.id = row.Int(0);
  write.at = row.Time(1);
  write.side = SideFromText(row.Text(2));
  write.record_kind = row.Text(3);
  write.record_id = row.Text(4);
  write.operation = row.Text(5);
  if (!row.Text(6).empty()) write.fields = Split(row.Text(6), ',');
  write.before = ValuesOf(write.fields, row, 7);
  write.after = ValuesOf(write.fields, row, 8);
  write.erased = row.Bool(9);
  write.reason = row.Text(10);
  write.rule = row.Text(11);
  write.cause = row.Text(12);
  write.run_id = row.Text(13);
  write.correlation_id = row.Text(14);
  write.request_id = row.Text(15);
  write.outcome = row.Text(16);
  write.duration_ms = row.Int(17);
  return write;
}

std::vector<RecordedWrite> ReadWrites(Session& session, ConnectionRow connection,
                                      const std::set<std::string>& records) {
  Query name(session, kName, connection);
  if (!name.Next()) return {};
  std::map<std::int64_t, RecordedWrite> writes;
  for (const std::string& record : records) {
    Query query(session, kWrites, name.Text(0), record);
    while (query.Next()) writes.emplace(query.Int(0), ReadWrite(query));
  }
  std::vector<RecordedWrite> in_order;
  for (auto& [id, write] : writes) in_order.push_back(std::move(write));
  return in_order;
}

std::string ReadFields(Session& session, std::string_view sql, ConnectionRow connection,
                       const std::string& record_id) {
  Query query(session, sql, connection, record_id);
  return query.Next() ? query.Text(0) : "";
}

}  // namespace

void AppendVersion(Session& session, ConnectionRow connection, const Snapshot& snapshot,
                   const std::string& changes, Instant now) {
  Change(session, kAppend, connection, ToString(snapshot.side), snapshot.id,
         ToUnixMs(ChangedAt(snapshot, now)), ToUnixMs(now),
         snapshot.source.empty() ? std::string("read") : snapshot.source, snapshot.source_detail,
         snapshot.deleted, changes.empty() ? std::string("{}") : changes);
}

void AppendLinkVersion(Session& session, std::int64_t link_id, const std::optional<Link>& before,
                       const Link& after, Instant now) {
  const Link none;
  const Link& old = before ? *before : none;
  const std::string base_partner_center =
      ChangesBetween(old.base_partner_center, after.base_partner_center, /*keep_absent=*/false);
  const std::string base_crm = ChangesBetween(old.base_crm, after.base_crm, /*keep_absent=*/false);
  const bool same = before && old.referral_id == after.referral_id && old.crm_id == after.crm_id &&
                    old.kind == after.kind && old.state == after.state &&
                    old.reason == after.reason && base_partner_center.empty() && base_crm.empty();
  if (same) return;
  Change(session, kAppendLink, link_id, ToUnixMs(now), after.referral_id.text, after.crm_id.text,
         ToString(after.kind), ToString(after.state), after.reason, base_partner_center, base_crm);
}

std::optional<LinkHistory> ReadHistory(Session& session, ConnectionRow connection,
                                       std::int64_t link_id) {
  auto link = ReadLink(session, connection, link_id);
  if (!link) return std::nullopt;
  LinkHistory history;
  history.states = ReadStates(session, link_id);
  std::set<std::pair<Side, std::string>> records;
  std::set<std::string> ids;
  const auto add = [&](Side side, const std::string& id) {
    if (!id.empty() && records.emplace(side, id).second) ids.insert(id);
  };
  for (const LinkVersion& state : history.states) {
    add(Side::partner_center, state.referral_id);
    add(Side::crm, state.crm_id);
  }
  add(Side::partner_center, link->referral_id.text);
  add(Side::crm, link->crm_id.text);
  for (const auto& [side, id] : records) {
    auto versions = ReadVersions(session, connection, side, id);
    history.versions.insert(history.versions.end(), versions.begin(), versions.end());
  }
  std::sort(history.versions.begin(), history.versions.end(),
            [](const RecordVersion& a, const RecordVersion& b) { return a.id < b.id; });
  history.writes = ReadWrites(session, connection, ids);
  history.fields_partner_center =
      ReadFields(session, kReferralFields, connection, link->referral_id.text);
  history.fields_crm = ReadFields(session, kCrmFields, connection, link->crm_id.text);
  history.values = ReadHistoryOf(session, link_id);
  history.conflicts = ReadConflictsOf(session, link_id);
  history.decisions = ReadDecisionsOf(session, link_id);
  history.link = std::move(*link);
  return history;
}

}  // namespace cosell::store
