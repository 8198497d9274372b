#include "store/link_reader.h"

#include "base/record_id.h"
#include "base/text.h"
#include "store/migrator.h"
#include "store/query.h"

namespace cosell {
namespace store {
namespace {

// Before the sides agree on a name, what either of them says: a referral, an opportunity, or a lead
// of Dynamics 365, an opportunity of Salesforce.
constexpr std::string_view kName = R"(
  coalesce(
    CASE WHEN json_valid(l.base_partner_center)
      THEN json_extract(l.base_partner_center, '$.name') END,
    (SELECT json_extract(r.raw, '$.name') FROM referral AS r
     WHERE r.connection_id = l.connection_id AND r.record_id = l.referral_id),
    (SELECT coalesce(json_extract(r.raw, '$.name'), json_extract(r.raw, '$.subject'),
                     json_extract(r.raw, '$.Name')) FROM crm_record AS r
     WHERE r.connection_id = l.connection_id AND r.record_id = l.crm_id), ''))";

// ?1 connection ('' for all), ?2 state ('' for all), ?3 after this id, ?4 limit.
const std::string kSelect = R"(
  SELECT c.name, l.id, coalesce(l.referral_id, ''), coalesce(l.crm_id, ''), l.record_kind, l.state,
    l.reason, )" + std::string(kName) +
                            R"(, l.last_synced_at
  FROM link AS l JOIN connection AS c ON c.id = l.connection_id
  WHERE (?1 = '' OR c.name = ?1) AND (?2 = '' OR l.state = ?2) AND l.id > ?3)";
const std::string kAll = kSelect + " ORDER BY l.id LIMIT ?4";
// ?5 as an id is spelt, ?6 the first text after those that begin with it.
const std::string kById = kSelect + R"( AND l.id IN (
    SELECT i.id FROM connection AS k JOIN link AS i INDEXED BY link_referral
      ON i.connection_id = k.id AND i.referral_id >= ?5 AND i.referral_id < ?6
    WHERE i.referral_id IS NOT NULL
    UNION ALL
    SELECT i.id FROM connection AS k JOIN link AS i INDEXED BY link_crm
      ON i.connection_id = k.id AND i.crm_id >= ?5 AND i.crm_id < ?6
    WHERE i.crm_id IS NOT NULL)
  ORDER BY l.id LIMIT ?4)";
// ?5 in lower case.
const std::string kByName = kSelect + " AND (CAST(l.id AS TEXT) = ?5 OR instr(lower(" +
                            std::string(kName) + "), ?5) > 0) ORDER BY l.id LIMIT ?4";

constexpr std::string_view kAudit = R"(
  SELECT id, at, side, record_kind, record_id, operation, field, before, after, reason, rule, cause,
    outcome, duration_ms
  FROM audit_log WHERE connection = ?1 AND id IN (
    SELECT id FROM audit_log WHERE referral_id = ?2
    UNION SELECT id FROM audit_log WHERE record_id IN (?2, ?3))
  ORDER BY id DESC LIMIT ?4)";

// A shorter text is looked for in names alone.
constexpr std::size_t kIdCharactersMin = 8;

LinkLine ReadLine(const Query& row) {
  return {row.Text(0), row.Int(1),  row.Text(2), row.Text(3),        row.Text(4),
          row.Text(5), row.Text(6), row.Text(7), row.OptionalTime(8)};
}

std::optional<std::string> OptionalText(const Query& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Text(column));
}

AuditedWrite ReadEntry(const Query& row) {
  AuditedWrite line;
  line.id = row.Int(0);
  line.at = row.Text(1);
  line.side = row.Text(2);
  line.record_kind = row.Text(3);
  line.record_id = row.Text(4);
  line.operation = row.Text(5);
  line.field = row.Text(6);
  line.before = OptionalText(row, 7);
  line.after = OptionalText(row, 8);
  line.reason = row.Text(9);
  line.rule = row.Text(10);
  line.cause = row.Text(11);
  line.outcome = row.Text(12);
  line.duration_ms = row.Int(13);
  return line;
}

// No id has a character above '~'.
std::string AfterPrefix(const std::string& prefix) { return prefix + "\x7F"; }

// One more than asked for is read, which tells whether there is more.
LinkPage PageOf(Query& rows, std::size_t limit) {
  LinkPage page;
  while (rows.Next()) {
    page.more = page.links.size() == limit;
    if (page.more) break;
    page.links.push_back(ReadLine(rows));
  }
  return page;
}

class LinkReader final : public LinkBrowser {
 public:
  explicit LinkReader(const std::string& path) : session_(path, Access::read) {
    RequireReadable(session_, Migrations());
  }

  LinkPage Links(const LinkQuery& asked) override {
    return session_.Read([&] {
      const std::string text = ToLower(Trim(asked.text));
      const std::string& connection = asked.connection.text;
      const std::size_t limit = asked.limit + 1;
      if (text.empty()) {
        Query rows(session_, kAll, connection, asked.state, asked.after_id, limit);
        return PageOf(rows, asked.limit);
      }
      if (text.size() >= kIdCharactersMin) {
        LinkPage page = ById(asked, CanonicalRecordId(Trim(asked.text)));
        if (!page.links.empty()) return page;
      }
      Query rows(session_, kByName, connection, asked.state, asked.after_id, limit, text);
      return PageOf(rows, asked.limit);
    });
  }

  std::vector<AuditedWrite> Audit(const ConnectionName& connection, const std::string& referral_id,
                                  const std::string& crm_id, std::size_t limit) override {
    return session_.Read([&] {
      std::vector<AuditedWrite> lines;
      Query rows(session_, kAudit, connection.text, NullIfEmpty(referral_id), NullIfEmpty(crm_id),
                 limit);
      while (rows.Next()) lines.push_back(ReadEntry(rows));
      return lines;
    });
  }

 private:
  LinkPage ById(const LinkQuery& asked, const std::string& id) {
    Query rows(session_, kById, asked.connection.text, asked.state, asked.after_id, asked.limit + 1,
               id, AfterPrefix(id));
    return PageOf(rows, asked.limit);
  }

  Session session_;
};

}  // namespace
}  // namespace store

std::unique_ptr<LinkBrowser> OpenLinkBrowser(const std::string& path) {
  return std::make_unique<store::LinkReader>(path);
}

}  // namespace cosell
