#include "store/gaps.h"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "model/generation.h"
#include "store/query.h"

namespace cosell::store {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kInsert = R"(
  INSERT INTO gap(connection_id, cause, from_at, found_at, audit_from)
  SELECT ?1, ?2, ?3, ?4, coalesce((SELECT max(id) FROM audit), 0)
  WHERE NOT EXISTS (SELECT 1 FROM gap WHERE connection_id = ?1 AND closed_at IS NULL))";

constexpr std::string_view kAnyClosed =
    "SELECT EXISTS (SELECT 1 FROM gap WHERE closed_at IS NOT NULL)";

constexpr std::string_view kOpen = R"(
  SELECT id, cause, from_at, found_at, read_at, audit_from, whole, doubted FROM gap
  WHERE connection_id = ?1 AND closed_at IS NULL)";

// A first whole reading is not taken back by later ones of changes.
constexpr std::string_view kRead = R"(
  UPDATE gap SET read_at = ?2, whole = max(whole, ?3)
  WHERE connection_id = ?1 AND closed_at IS NULL)";

// Where one record is as the older copy knew it, nobody has written to it since, and its values
// are still what the other side is to be compared with.
constexpr std::string_view kDoubt = R"(
  UPDATE link SET base_in_doubt = 1
  WHERE connection_id = ?1 AND base_partner_center <> '' AND id IN (
    SELECT s.link_id FROM link_stamp AS s
    JOIN link AS l ON l.id = s.link_id
    JOIN referral AS r ON r.connection_id = l.connection_id AND r.record_id = l.referral_id
    JOIN crm_record AS c ON c.connection_id = l.connection_id AND c.record_id = l.crm_id
    WHERE l.connection_id = ?1 AND r.changed_at_ticks IS NOT s.referral_ticks AND
          c.changed_at_ticks IS NOT s.crm_ticks))";

constexpr std::string_view kForgetStamps =
    "DELETE FROM link_stamp WHERE link_id IN (SELECT id FROM link WHERE connection_id = ?1)";

constexpr std::string_view kAddDoubted =
    "UPDATE gap SET doubted = doubted + ?2 WHERE connection_id = ?1 AND closed_at IS NULL";

constexpr std::string_view kNote = R"(
  INSERT INTO gap_change(gap_id, side, record_id, what, announced) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT (gap_id, side, record_id) DO UPDATE SET
    what = CASE WHEN excluded.what = 'gone' THEN 'gone' ELSE what END)";

constexpr std::string_view kAnnounced =
    "SELECT DISTINCT side || ' ' || record_id FROM inbox WHERE connection_id = ?1";

constexpr std::string_view kFound = R"(
  SELECT side, what, count(*), sum(announced = 0) FROM gap_change WHERE gap_id = ?1
  GROUP BY side, what)";

// The links of the records found, and those of them that something was written to.
const std::string kConcerned = R"(
  WITH concerned AS (
    SELECT l.id AS id FROM gap_change AS g
    JOIN link AS l ON l.connection_id = ?1 AND l.referral_id = g.record_id
    WHERE g.gap_id = ?2 AND g.side = 'partner_center'
    UNION
    SELECT l.id FROM gap_change AS g
    JOIN link AS l ON l.connection_id = ?1 AND l.crm_id = g.record_id
    WHERE g.gap_id = ?2 AND g.side = 'crm'
  ))";
const std::string kWrites = R"(
  write AS (
    SELECT a.side, a.rule, a.record_id, a.referral_id FROM audit AS a
    WHERE a.id > ?3 AND a.connection = (SELECT name FROM connection WHERE id = ?1) AND
          a.outcome IN ('done', 'adopted') AND
          a.operation NOT IN ('unlink', 'relink', 'follow', 'generation', 'break')
  ),
  written AS (
    SELECT l.id AS id FROM write AS w
    JOIN link AS l ON l.connection_id = ?1 AND l.referral_id = w.referral_id
    UNION
    SELECT l.id FROM write AS w JOIN link AS l ON l.connection_id = ?1 AND l.crm_id = w.record_id
  ))";

const std::string kStates = kConcerned + "," + kWrites + R"(
  SELECT l.state, l.id IN (SELECT id FROM written), count(*)
  FROM link AS l WHERE l.id IN (SELECT id FROM concerned) GROUP BY 1, 2)";

constexpr std::string_view kWithoutLink = R"(
  SELECT
    (SELECT count(*) FROM gap_change AS g
     WHERE g.gap_id = ?2 AND g.side = 'partner_center' AND NOT EXISTS (
       SELECT 1 FROM link AS l WHERE l.connection_id = ?1 AND l.referral_id = g.record_id)) +
    (SELECT count(*) FROM gap_change AS g
     WHERE g.gap_id = ?2 AND g.side = 'crm' AND NOT EXISTS (
       SELECT 1 FROM link AS l WHERE l.connection_id = ?1 AND l.crm_id = g.record_id)))";

const std::string kWritesBySide =
    "WITH " + kWrites + " SELECT side, count(*) FROM write GROUP BY side";

const std::string kDecided = "WITH " + kWrites + " SELECT rule, count(*) FROM write GROUP BY rule";

const std::string kCensus = "WITH " + kWrites + R"(
  SELECT l.state, l.referral_id IS NOT NULL AND l.crm_id IS NOT NULL, l.referral_id IS NOT NULL,
         l.id IN (SELECT id FROM written), count(*)
  FROM link AS l WHERE l.connection_id = ?1 GROUP BY 1, 2, 3, 4)";

// One side alone, and what it names, or what names it, is paired with another record.
constexpr std::string_view kAmbiguous = R"(
  SELECT
    (SELECT count(*) FROM link AS l
     JOIN crm_record AS c ON c.connection_id = ?1 AND c.record_id = l.crm_id
     WHERE l.connection_id = ?1 AND l.referral_id IS NULL AND c.deleted = 0 AND (
       EXISTS (SELECT 1 FROM link AS o WHERE o.connection_id = ?1 AND
               o.referral_id = c.counterpart_id AND o.crm_id IS NOT NULL) OR
       EXISTS (SELECT 1 FROM referral AS r JOIN link AS o ON o.connection_id = ?1 AND
               o.referral_id = r.record_id AND o.crm_id IS NOT NULL
               WHERE r.connection_id = ?1 AND r.counterpart_id = c.record_id AND
                     r.counterpart_id <> ''))) +
    (SELECT count(*) FROM link AS l
     JOIN referral AS r ON r.connection_id = ?1 AND r.record_id = l.referral_id
     WHERE l.connection_id = ?1 AND l.crm_id IS NULL AND (
       EXISTS (SELECT 1 FROM link AS o WHERE o.connection_id = ?1 AND
               o.crm_id = r.counterpart_id AND o.referral_id IS NOT NULL) OR
       EXISTS (SELECT 1 FROM crm_record AS c JOIN link AS o ON o.connection_id = ?1 AND
               o.crm_id = c.record_id AND o.referral_id IS NOT NULL
               WHERE c.connection_id = ?1 AND c.counterpart_id = r.record_id AND
                     c.counterpart_id <> ''))))";

constexpr std::string_view kClose = R"(
  UPDATE gap SET closed_at = ?2, counts = ?3,
    audit_until = coalesce((SELECT max(id) FROM audit), 0)
  WHERE id = ?1)";

constexpr std::string_view kForgetChanges = "DELETE FROM gap_change WHERE gap_id = ?1";

constexpr std::string_view kCertificates = R"(
  SELECT id, cause, from_at, found_at, read_at, whole, closed_at, audit_from, audit_until, doubted,
         counts
  FROM gap WHERE connection_id = ?1 AND closed_at IS NOT NULL ORDER BY id DESC LIMIT ?2)";

// The names of the counts in the stored object and in the view gap_certificates.
constexpr std::pair<const char*, std::int64_t GapCounts::*> kCounts[] = {
    {"referrals_new", &GapCounts::referrals_new},
    {"referrals_changed", &GapCounts::referrals_changed},
    {"crm_records_new", &GapCounts::crm_records_new},
    {"crm_records_changed", &GapCounts::crm_records_changed},
    {"crm_records_gone", &GapCounts::crm_records_gone},
    {"events_missing", &GapCounts::events_missing},
    {"links", &GapCounts::links},
    {"written", &GapCounts::written},
    {"unchanged", &GapCounts::unchanged},
    {"conflicting", &GapCounts::conflicting},
    {"set_aside", &GapCounts::set_aside},
    {"waiting", &GapCounts::waiting},
    {"left_alone", &GapCounts::left_alone},
    {"ended", &GapCounts::ended},
    {"without_link", &GapCounts::without_link},
    {"writes_partner_center", &GapCounts::writes_partner_center},
    {"writes_crm", &GapCounts::writes_crm}};

struct OpenGapRow {
  std::int64_t id = 0;
  Gap gap;
  std::int64_t audit_from = 0;
};

std::optional<OpenGapRow> ReadOpen(Session& session, ConnectionRow connection) {
  Query query(session, kOpen, connection);
  if (!query.Next()) return std::nullopt;
  return OpenGapRow{query.Int(0),
                    {query.Text(1), query.OptionalTime(2), query.Time(3), query.OptionalTime(4)},
                    query.Int(5)};
}

// "<side> <record>" of what waits in the inbox.
std::set<std::string> ReadAnnounced(Session& session, ConnectionRow connection) {
  std::set<std::string> records;
  Query query(session, kAnnounced, connection);
  while (query.Next()) records.insert(query.Text(0));
  return records;
}

bool BeganWithOlderCopy(const std::string& cause) {
  for (const GenerationOrigin origin : {GenerationOrigin::restored, GenerationOrigin::older_copy,
                                        GenerationOrigin::moved, GenerationOrigin::salvaged}) {
    if (cause == ToString(origin)) return true;
  }
  return false;
}

void CountFound(Session& session, std::int64_t gap, GapCounts* counts) {
  Query query(session, kFound, gap);
  while (query.Next()) {
    const bool crm = query.Text(0) == ToString(Side::crm);
    const std::string what = query.Text(1);
    if (what == "gone") {
      counts->crm_records_gone += query.Int(2);
    } else if (what == "new") {
      (crm ? counts->crm_records_new : counts->referrals_new) += query.Int(2);
    } else {
      (crm ? counts->crm_records_changed : counts->referrals_changed) += query.Int(2);
    }
    counts->events_missing += query.Int(3);
  }
}

std::int64_t& PlaceOf(const std::string& state, bool written, GapCounts* counts) {
  if (state == "in_sync" || state == "closed") return written ? counts->written : counts->unchanged;
  if (state == "conflict") return counts->conflicting;
  if (state == "quarantined") return counts->set_aside;
  if (state == "left_alone") return counts->left_alone;
  if (state == "unlinked") return counts->ended;
  return counts->waiting;
}

void CountLinksOf(Session& session, ConnectionRow connection, const OpenGapRow& open,
                  GapCounts* counts) {
  {
    Query query(session, kStates, connection, open.id, open.audit_from);
    while (query.Next()) {
      PlaceOf(query.Text(0), query.Bool(1), counts) += query.Int(2);
      counts->links += query.Int(2);
    }
  }
  {
    Query query(session, kWithoutLink, connection, open.id);
    if (query.Next()) counts->without_link = query.Int(0);
  }
  Query query(session, kWritesBySide, connection, 0, open.audit_from);
  while (query.Next()) {
    (query.Text(0) == ToString(Side::crm) ? counts->writes_crm : counts->writes_partner_center) =
        query.Int(1);
  }
}

std::string CountsAsText(const GapCounts& counts) {
  Json json;
  for (const auto& [name, member] : kCounts) json[name] = counts.*member;
  return json.dump();
}

GapCounts CountsFromText(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  GapCounts counts;
  for (const auto& [name, member] : kCounts) {
    if (json.is_object()) counts.*member = json.value(name, std::int64_t{0});
  }
  return counts;
}

void AddToCensus(const std::string& state, bool pair, bool has_referral, bool written,
                 std::int64_t links, PairCensus* census) {
  if (!pair) {
    (has_referral ? census->only_partner_center : census->only_crm) += links;
  } else if (state == "conflict") {
    census->conflicting += links;
  } else if (state == "in_sync" || state == "closed") {
    (written ? census->written : census->equal) += links;
  } else {
    census->unsettled += links;
  }
}

}  // namespace

void InsertGap(Session& session, ConnectionRow connection, const Gap& gap) {
  Change(session, kInsert, connection, gap.cause, OptionalMs(gap.from_at), ToUnixMs(gap.found_at));
}

void AccountForLoss(Session& session, ConnectionRow connection, const Generation& generation) {
  if (generation.number > 1 || generation.origin == ToString(GenerationOrigin::created)) return;
  {
    Query query(session, kAnyClosed);
    if (query.Next() && query.Bool(0)) return;
  }
  Gap gap;
  gap.cause = generation.origin;
  gap.found_at = generation.began_at;
  InsertGap(session, connection, gap);
}

std::optional<Gap> ReadOpenGap(Session& session, ConnectionRow connection) {
  auto open = ReadOpen(session, connection);
  return open ? std::optional(std::move(open->gap)) : std::nullopt;
}

void SaveGapReading(Session& session, ConnectionRow connection, const GapReading& reading) {
  const auto open = ReadOpen(session, connection);
  if (!open) return;
  Change(session, kRead, connection, ToUnixMs(reading.read_at), reading.whole);
  if (!BeganWithOlderCopy(open->gap.cause) || open->gap.read_at) return;
  const int doubted = Change(session, kDoubt, connection);
  Change(session, kForgetStamps, connection);
  Change(session, kAddDoubted, connection, doubted);
}

GapCertificate FinishGap(Session& session, ConnectionRow connection, Instant now) {
  const auto open = ReadOpen(session, connection);
  if (!open || !open->gap.read_at) throw std::logic_error("there is no gap that has been read");
  GapCounts counts;
  CountFound(session, open->id, &counts);
  CountLinksOf(session, connection, *open, &counts);
  Change(session, kClose, open->id, ToUnixMs(now), CountsAsText(counts));
  Change(session, kForgetChanges, open->id);
  return ReadCertificates(session, connection, 1).at(0);
}

std::vector<GapCertificate> ReadCertificates(Session& session, ConnectionRow connection,
                                             std::size_t limit) {
  std::vector<GapCertificate> all;
  Query query(session, kCertificates, connection, limit);
  while (query.Next()) {
    GapCertificate certificate;
    certificate.id = query.Int(0);
    certificate.gap = {query.Text(1), query.OptionalTime(2), query.Time(3), query.OptionalTime(4)};
    certificate.whole = query.Bool(5);
    certificate.closed_at = query.Time(6);
    certificate.audit_from = query.Int(7);
    certificate.audit_until = query.Int(8);
    certificate.doubted = query.Int(9);
    certificate.counts = CountsFromText(query.Text(10));
    all.push_back(std::move(certificate));
  }
  return all;
}

PairCensus CountAllLinks(Session& session, ConnectionRow connection, std::int64_t audit_from) {
  PairCensus census;
  {
    Query query(session, kCensus, connection, 0, audit_from);
    while (query.Next()) {
      AddToCensus(query.Text(0), query.Bool(1), query.Bool(2), query.Bool(3), query.Int(4),
                  &census);
    }
  }
  {
    Query query(session, kAmbiguous, connection);
    if (query.Next()) census.ambiguous = query.Int(0);
  }
  Query query(session, kDecided, connection, 0, audit_from);
  while (query.Next()) census.decided[query.Text(0)] = query.Int(1);
  return census;
}

void NoteFound(Session& session, ConnectionRow connection, std::span<const Snapshot> snapshots,
               std::span<const SnapshotOutcome> outcomes) {
  const auto open = ReadOpen(session, connection);
  if (!open) return;
  const auto announced = ReadAnnounced(session, connection);
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (!outcomes[i].changed || outcomes[i].ignored) continue;
    const std::string_view what = snapshots[i].deleted ? "gone"
                                  : outcomes[i].first  ? "new"
                                                       : "changed";
    const std::string record = std::string(ToString(snapshots[i].side)) + " " + snapshots[i].id;
    Change(session, kNote, open->id, ToString(snapshots[i].side), snapshots[i].id, what,
           announced.contains(record));
  }
}

}  // namespace cosell::store
