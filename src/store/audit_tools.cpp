#include <algorithm>

#include <nlohmann/json.hpp>

#include "store/query.h"
#include "store/store_tools.h"

// What StoreInspector does with the audit.
namespace cosell {
namespace {

using store::Query;
using store::Session;
using Json = nlohmann::ordered_json;

constexpr std::string_view kExtent = R"(
  SELECT count(*), max(id) FROM audit)";
constexpr std::string_view kEntryAt = "SELECT id, hash, at FROM audit WHERE id = ?1";
constexpr std::string_view kCheckpoint = R"(
  SELECT through_id, hash, through_at FROM audit_checkpoint ORDER BY through_id DESC LIMIT 1)";
// The entries of a chain are not always in order of their times: clocks are set.
constexpr std::string_view kExport = R"(
  SELECT a.id, a.at, a.connection, a.side, a.record_kind, a.record_id, a.referral_id, a.operation,
         a.field, v.before, v.after, a.reason, a.rule, a.cause, a.run_id, a.correlation_id,
         a.outcome, a.duration_ms, a.hash, a.request_id, a.before_hash, a.after_hash, v.value_salt
  FROM audit AS a LEFT JOIN audit_value AS v ON v.audit_id = a.id
  WHERE a.at >= ?1 AND a.at < ?2 ORDER BY a.id)";
constexpr std::string_view kPairs = R"(
  SELECT c.name, l.id, l.referral_id, l.crm_id, l.record_kind, l.state, l.base_partner_center,
         coalesce(l.base_crm, l.base_partner_center), l.engagement_id, l.connected_referral_id,
         l.last_synced_at
  FROM link AS l JOIN connection AS c ON c.id = l.connection_id ORDER BY l.id)";

constexpr std::int64_t kForEver = 253'402'300'800'000;  // the year 10000

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json TextOrNull(const Query& row, int column) {
  return row.IsNull(column) || row.Text(column).empty() ? Json(nullptr) : Json(row.Text(column));
}

// Erased values and values there never were look alike here; the hashes tell them apart.
Json ValueOrNull(const Query& row, int column) {
  return row.IsNull(column) ? Json(nullptr) : Json(row.Text(column));
}

// The columns of audit_log under their names, and what proves the values.
Json EntryAsJson(const Query& row) {
  return {{"kind", "entry"},
          {"id", row.Int(0)},
          {"at", FormatInstant(row.Time(1))},
          {"connection", row.Text(2)},
          {"side", row.Text(3)},
          {"record_kind", row.Text(4)},
          {"record_id", TextOrNull(row, 5)},
          {"referral_id", TextOrNull(row, 6)},
          {"operation", row.Text(7)},
          {"field", TextOrNull(row, 8)},
          {"before", ValueOrNull(row, 9)},
          {"after", ValueOrNull(row, 10)},
          {"reason", TextOrNull(row, 11)},
          {"rule", TextOrNull(row, 12)},
          {"cause", TextOrNull(row, 13)},
          {"run_id", TextOrNull(row, 14)},
          {"correlation_id", TextOrNull(row, 15)},
          {"outcome", row.Text(16)},
          {"duration_ms", row.Int(17)},
          {"hash", row.Text(18)},
          {"request_id", TextOrNull(row, 19)},
          {"before_hash", ValueOrNull(row, 20)},
          {"after_hash", ValueOrNull(row, 21)},
          {"value_salt", ValueOrNull(row, 22)}};
}

Json BaseAsJson(const std::string& base) {
  Json json = Json::parse(base, nullptr, false);
  return json.is_object() ? json : Json(nullptr);
}

Json PairAsJson(const Query& row) {
  const auto synced = row.OptionalTime(10);
  return {{"kind", "pair"},
          {"connection", row.Text(0)},
          {"link", row.Int(1)},
          {"referral_id", TextOrNull(row, 2)},
          {"crm_id", TextOrNull(row, 3)},
          {"record_kind", row.Text(4)},
          {"state", row.Text(5)},
          {"base_partner_center", BaseAsJson(row.Text(6))},
          {"base_crm", BaseAsJson(row.Text(7))},
          {"engagement_id", TextOrNull(row, 8)},
          {"connected_referral_id", TextOrNull(row, 9)},
          {"last_synced_at", synced ? Json(FormatInstant(*synced)) : Json(nullptr)}};
}

Json AnchorAsJson(const std::optional<AuditAnchor>& anchor) {
  if (!anchor) return nullptr;
  return {{"id", anchor->id}, {"hash", anchor->hash}, {"at", FormatInstant(anchor->at)}};
}

std::optional<AuditAnchor> ReadEntry(Session& session, std::int64_t id) {
  Query query(session, kEntryAt, id);
  if (!query.Next()) return std::nullopt;
  return AuditAnchor{query.Int(0), query.Text(1), query.Time(2)};
}

std::optional<AuditAnchor> ReadCheckpoint(Session& session) {
  Query query(session, kCheckpoint);
  if (!query.Next()) return std::nullopt;
  return AuditAnchor{query.Int(0), query.Text(1), query.Time(2)};
}

AuditExtent ReadExtent(Session& session) {
  AuditExtent extent;
  Query query(session, kExtent);
  query.Next();
  extent.entries = query.Int(0);
  if (!query.IsNull(1)) extent.head = ReadEntry(session, query.Int(1));
  extent.checkpoint = ReadCheckpoint(session);
  return extent;
}

Json Header(const AuditExtent& extent, const AuditPeriod& period) {
  const auto time = [](const std::optional<Instant>& at) {
    return at ? Json(FormatInstant(*at)) : Json(nullptr);
  };
  return {{"kind", "export"},
          {"format", 1},
          {"from", time(period.from)},
          {"to", time(period.to)},
          {"checkpoint", AnchorAsJson(extent.checkpoint)},
          {"head", AnchorAsJson(extent.head)}};
}

// The first anchor that the chain does not go through, as a problem of the earliest entry that may
// be another one.
std::optional<AuditProblem> CompareAnchors(Session& session, std::vector<AuditAnchor> anchors) {
  std::sort(anchors.begin(), anchors.end(),
            [](const AuditAnchor& a, const AuditAnchor& b) { return a.id < b.id; });
  const AuditExtent extent = ReadExtent(session);
  const std::int64_t start = extent.checkpoint ? extent.checkpoint->id : 0;
  const std::int64_t end = extent.head ? extent.head->id : start;
  std::int64_t good = start;
  for (const AuditAnchor& anchor : anchors) {
    if (anchor.id < start) continue;
    const std::string of = "the anchor of " + FormatSeconds(anchor.at);
    if (anchor.id > end) {
      return AuditProblem{end + 1, "entries at the end are missing: " + std::to_string(end + 1) +
                                       " to at least " + std::to_string(anchor.id) + ", which " +
                                       of + " names"};
    }
    const auto there = anchor.id == start ? extent.checkpoint : ReadEntry(session, anchor.id);
    if (!there) continue;  // the chain itself says so
    if (there->hash != anchor.hash) {
      return AuditProblem{std::max(good + 1, start + 1),
                          "the chain was written anew from here or later: entry " +
                              std::to_string(anchor.id) + " is not the one that " + of + " names"};
    }
    good = anchor.id;
  }
  return std::nullopt;
}

}  // namespace

std::optional<AuditProblem> StoreInspector::VerifyAudit(std::vector<AuditAnchor> anchors) {
  auto problem = VerifyAudit();
  auto other = session_->Read([&] { return CompareAnchors(*session_, std::move(anchors)); });
  if (!problem || (other && other->entry_id < problem->entry_id)) return other;
  return problem;
}

AuditExtent StoreInspector::Extent() {
  return session_->Read([&] { return ReadExtent(*session_); });
}

void StoreInspector::ExportAudit(const AuditPeriod& period,
                                 const std::function<void(const std::string&)>& line) {
  session_->Read([&] {
    line(Dump(Header(ReadExtent(*session_), period)));
    Query entries(*session_, kExport, period.from ? ToUnixMs(*period.from) : 0,
                  period.to ? ToUnixMs(*period.to) : kForEver);
    while (entries.Next()) line(Dump(EntryAsJson(entries)));
    if (period.to) return;
    Query pairs(*session_, kPairs);
    while (pairs.Next()) line(Dump(PairAsJson(pairs)));
  });
}

}  // namespace cosell
