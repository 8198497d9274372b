#include "store/report_queries.h"

#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

// Every query has ?1 the connection's name ('' for all); those of happenings also ?2 and ?3, the
// period. Audit entries are found by the text of their time, which is what the audit's index has.
const std::string kEntries = R"(
  FROM audit AS a WHERE (?1 = '' OR a.connection = ?1) AND
    strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') >= ?2 AND
    strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') < ?3)";

const std::string kWrites =
    "SELECT a.connection, a.side, a.record_kind, a.operation, a.outcome, count(*)" + kEntries +
    " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

// A change made before the connection first ran did not wait for us.
constexpr std::string_view kDurations = R"(
  SELECT a.connection, a.side, a.field,
    CASE WHEN w.changed_at >= (SELECT min(r.started_at) FROM run AS r JOIN connection AS c
                               ON c.id = r.connection_id WHERE c.name = a.connection)
      THEN max(0, a.at - w.changed_at) END,
    max(0, a.at - w.noticed_at), a.duration_ms
  FROM audit AS a JOIN write_time AS w ON w.audit_id = a.id
  WHERE (?1 = '' OR a.connection = ?1) AND
    strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') >= ?2 AND
    strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch') < ?3
  ORDER BY a.id)";

const std::string kFailures = R"(
  SELECT g.connection, g.side, g.outcome, g.reason, g.count, g.first_at, b.at, b.record_id
  FROM (SELECT a.connection, a.side, a.outcome, a.reason, count(*) AS count, min(a.at) AS first_at,
          max(a.id) AS last_id)" +
                              kEntries +
                              R"( AND (a.outcome IN ('refused', 'failed', 'not_done') OR
          (a.outcome = 'unknown' AND NOT EXISTS (
            SELECT 1 FROM audit AS l
            WHERE nullif(l.correlation_id, '') = nullif(a.correlation_id, '') AND l.id > a.id AND
              l.outcome <> 'unknown')))
        GROUP BY 1, 2, 3, 4) AS g
  JOIN audit AS b ON b.id = g.last_id
  ORDER BY g.connection, g.side, g.count DESC, g.outcome, g.reason)";

const std::string kChanges = "SELECT a.connection, a.side, a.field, a.rule, count(*)" + kEntries +
                             R"( AND a.outcome IN ('done', 'adopted') AND a.field <> ''
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4)";

constexpr std::string_view kOpenConflicts = R"(
  SELECT c.name, l.id, coalesce(l.referral_id, ''), coalesce(l.crm_id, ''), o.field, o.since,
    coalesce((SELECT d.take FROM decision AS d WHERE d.link_id = l.id AND d.field = o.field), '')
  FROM conflict AS o JOIN link AS l ON l.id = o.link_id JOIN connection AS c ON c.id = l.connection_id
  WHERE ?1 = '' OR c.name = ?1 ORDER BY c.name, o.since, l.id, o.field)";

// A value that lost stands with the name of a rule; one that was replaced with cause and value.
constexpr std::string_view kDecided = R"(
  SELECT c.name, f.field, f.superseded_by, f.side, count(*)
  FROM field_change AS f JOIN link AS l ON l.id = f.link_id JOIN connection AS c
    ON c.id = l.connection_id
  WHERE (?1 = '' OR c.name = ?1) AND f.at >= ?2 AND f.at < ?3 AND f.superseded_by <> '' AND
    instr(f.superseded_by, ': ') = 0
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4)";

constexpr std::string_view kOffers = R"(
  SELECT c.name, l.id, coalesce(l.referral_id, ''), coalesce(l.crm_id, ''), r.raw
  FROM link AS l JOIN connection AS c ON c.id = l.connection_id
  JOIN referral AS r ON r.connection_id = l.connection_id AND r.record_id = l.referral_id
  WHERE (?1 = '' OR c.name = ?1) AND l.state NOT IN ('closed', 'left_alone', 'unlinked') AND
    r.deleted = 0 AND (l.base_partner_center = '' OR NOT json_valid(l.base_partner_center) OR
      coalesce(json_extract(l.base_partner_center, '$.status'), 'new') = 'new')
  ORDER BY l.id)";

constexpr std::string_view kDeals = R"(
  SELECT c.name, coalesce(json_extract(l.base_partner_center, '$.status'), ''),
    coalesce(json_extract(l.base_partner_center, '$.currency'), ''),
    coalesce(json_extract(l.base_partner_center, '$.deal_value'), '')
  FROM link AS l JOIN connection AS c ON c.id = l.connection_id
  WHERE (?1 = '' OR c.name = ?1) AND l.referral_id IS NOT NULL AND l.crm_id IS NOT NULL AND
    l.state NOT IN ('left_alone', 'unlinked') AND json_valid(l.base_partner_center))";

constexpr std::string_view kHeld = R"(
  SELECT c.name, l.id, coalesce(l.referral_id, ''), coalesce(l.crm_id, ''), l.record_kind, l.state,
    l.reason, l.attempts, l.not_before
  FROM link AS l JOIN connection AS c ON c.id = l.connection_id
  WHERE (?1 = '' OR c.name = ?1) AND l.state IN ('waiting', 'quarantined')
  ORDER BY c.name, l.state, l.id)";

constexpr std::string_view kRuns = R"(
  SELECT c.name, r.kind, r.outcome, count(*), sum(r.read), sum(r.planned), sum(r.written),
    sum(r.failed), sum(r.conflicts)
  FROM run AS r JOIN connection AS c ON c.id = r.connection_id
  WHERE (?1 = '' OR c.name = ?1) AND r.started_at >= ?2 AND r.started_at < ?3
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3)";

constexpr std::string_view kHead = "SELECT id, at, hash FROM audit ORDER BY id DESC LIMIT 1";

// The period as texts of the audit's index; times of the database are whole milliseconds.
struct Period {
  explicit Period(const ReportScope& scope)
      : from_ms(ToUnixMs(scope.from)),
        to_ms(ToUnixMs(scope.to)),
        from(Text(from_ms)),
        to(Text(to_ms)) {}

  // The columns hold three decimals always, FormatInstant writes none that are zero.
  static std::string Text(std::int64_t ms) {
    const std::string second = FormatSeconds(FromUnixMs(ms));
    const std::int64_t part = ((ms % 1000) + 1000) % 1000;
    std::string digits = std::to_string(part);
    digits.insert(0, 3 - digits.size(), '0');
    return second.substr(0, second.size() - 1) + "." + digits + "Z";
  }

  std::int64_t from_ms;
  std::int64_t to_ms;
  std::string from;
  std::string to;
};

void ReadAudited(Session& session, const std::string& name, const Period& in, ReportFacts* facts) {
  for (Query q(session, kWrites, name, in.from, in.to); q.Next();) {
    facts->writes.push_back(
        {q.Text(0), SideFromText(q.Text(1)), q.Text(2), q.Text(3), q.Text(4), q.Int(5)});
  }
  for (Query q(session, kDurations, name, in.from, in.to); q.Next();) {
    facts->durations.push_back({q.Text(0), SideFromText(q.Text(1)), q.Text(2), q.OptionalInt(3),
                                q.OptionalInt(4), q.Int(5)});
  }
  for (Query q(session, kFailures, name, in.from, in.to); q.Next();) {
    facts->failures.push_back({q.Text(0), SideFromText(q.Text(1)), q.Text(2), q.Text(3), q.Int(4),
                               q.Time(5), q.Time(6), q.Text(7)});
  }
  for (Query q(session, kChanges, name, in.from, in.to); q.Next();) {
    facts->changes.push_back({q.Text(0), SideFromText(q.Text(1)), q.Text(2), q.Text(3), q.Int(4)});
  }
}

void ReadOtherHappenings(Session& session, const std::string& name, const Period& in,
                         ReportFacts* facts) {
  for (Query q(session, kDecided, name, in.from_ms, in.to_ms); q.Next();) {
    facts->decided.push_back({q.Text(0), q.Text(1), q.Text(2), SideFromText(q.Text(3)), q.Int(4)});
  }
  for (Query q(session, kRuns, name, in.from_ms, in.to_ms); q.Next();) {
    facts->runs.push_back({q.Text(0), q.Text(1), q.Text(2), q.Int(3), q.Int(4), q.Int(5), q.Int(6),
                           q.Int(7), q.Int(8)});
  }
}

void ReadStates(Session& session, const std::string& name, ReportFacts* facts) {
  for (Query q(session, kOpenConflicts, name); q.Next();) {
    facts->open_conflicts.push_back(
        {q.Text(0), q.Int(1), q.Text(2), q.Text(3), q.Text(4), q.Time(5), q.Text(6)});
  }
  for (Query q(session, kOffers, name); q.Next();) {
    facts->offers.push_back({q.Text(0), q.Int(1), q.Text(2), q.Text(3), q.Text(4)});
  }
  for (Query q(session, kDeals, name); q.Next();) {
    facts->deals.push_back({q.Text(0), q.Text(1), q.Text(2), q.Text(3)});
  }
  for (Query q(session, kHeld, name); q.Next();) {
    facts->held.push_back({q.Text(0), q.Int(1), q.Text(2), q.Text(3), q.Text(4), q.Text(5),
                           q.Text(6), q.Int(7), q.OptionalTime(8)});
  }
  Query head(session, kHead);
  if (head.Next()) facts->head = {head.Int(0), head.Time(1), head.Text(2)};
}

}  // namespace

void ReadReport(Session& session, const ReportScope& scope, ReportFacts* facts) {
  const Period period(scope);
  ReadAudited(session, scope.connection.text, period, facts);
  ReadOtherHappenings(session, scope.connection.text, period, facts);
  ReadStates(session, scope.connection.text, facts);
}

}  // namespace cosell::store
