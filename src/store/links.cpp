#include "store/links.h"

#include <stdexcept>

#include "store/decisions.h"
#include "store/history.h"
#include "store/query.h"
#include "store/snapshots.h"
#include "store/words.h"

namespace cosell::store {
namespace {

const std::string kDirty(kLinkIsDirty);

// Parameters: ?1 connection_id, ?2 referral_id, ?3 crm_id, ?4 record_kind, ?5 state, ?6 reason,
// ?7 base_partner_center, ?8 base_crm, ?9 engagement_id, ?10 connected_referral_id, ?11 notice,
// ?12 attempts, ?13 not_before, ?14 last_synced_at, ?15 seen_referral_hash, ?16 seen_crm_hash,
// ?17 counted_from, ?18 base_in_doubt.
constexpr std::string_view kInsert = R"(
  INSERT INTO link(connection_id, referral_id, crm_id, record_kind, state, reason,
    base_partner_center, base_crm, engagement_id, connected_referral_id, notice, attempts,
    not_before, last_synced_at, seen_referral_hash, seen_crm_hash, counted_from, base_in_doubt,
    referral_hash, crm_hash)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
    coalesce((SELECT hash FROM referral WHERE connection_id = ?1 AND record_id = ?2), ''),
    coalesce((SELECT hash FROM crm_record WHERE connection_id = ?1 AND record_id = ?3), '')))";

// As above, with ?19 id. The ids of the two sides are left to kRepair: they hardly ever change, and
// naming them here would have their indexes rewritten every time.
constexpr std::string_view kUpdate = R"(
  UPDATE link SET record_kind = ?4, state = ?5, reason = ?6, base_partner_center = ?7,
    base_crm = ?8, engagement_id = ?9, connected_referral_id = ?10, notice = ?11, attempts = ?12,
    not_before = ?13, last_synced_at = ?14, seen_referral_hash = ?15, seen_crm_hash = ?16,
    counted_from = ?17, base_in_doubt = ?18
  WHERE id = ?19 AND connection_id = ?1)";

constexpr std::string_view kRepair = R"(
  UPDATE link SET referral_id = ?3, crm_id = ?4,
    referral_hash =
      coalesce((SELECT hash FROM referral WHERE connection_id = ?1 AND record_id = ?3), ''),
    crm_hash =
      coalesce((SELECT hash FROM crm_record WHERE connection_id = ?1 AND record_id = ?4), '')
  WHERE id = ?2 AND connection_id = ?1 AND (referral_id IS NOT ?3 OR crm_id IS NOT ?4))";

// Sets or clears dirty_since where it does not fit the hashes. A link that stays dirty keeps its
// time.
const std::string kSettle = R"(
  UPDATE link SET dirty_since = CASE WHEN dirty_since IS NULL THEN ?2 END
  WHERE id = ?1 AND (dirty_since IS NULL) = ()" +
                            kDirty + ")";
const std::string kSettleAll = R"(
  UPDATE link SET dirty_since = CASE WHEN dirty_since IS NULL THEN ?2 END
  WHERE connection_id = ?1 AND (dirty_since IS NULL) = ()" +
                               kDirty + ")";

constexpr std::string_view kForgetSeen =
    "UPDATE link SET seen_referral_hash = '', seen_crm_hash = '' WHERE connection_id = ?1";

constexpr std::string_view kSetReferralHash = "UPDATE link SET referral_hash = ?2 WHERE id = ?1";
constexpr std::string_view kSetCrmHash = "UPDATE link SET crm_hash = ?2 WHERE id = ?1";

constexpr std::string_view kFindByReferral =
    "SELECT id FROM link WHERE connection_id = ?1 AND referral_id = ?2";
constexpr std::string_view kFindByCrm =
    "SELECT id FROM link WHERE connection_id = ?1 AND crm_id = ?2";

constexpr std::string_view kRead = R"(
  SELECT id, referral_id, crm_id, record_kind, state, reason, base_partner_center,
         coalesce(base_crm, base_partner_center), engagement_id, connected_referral_id, notice,
         attempts, not_before, last_synced_at, seen_referral_hash, seen_crm_hash, counted_from,
         base_in_doubt
  FROM link WHERE id = ?2 AND connection_id = ?1)";

constexpr std::string_view kAfter =
    "SELECT id FROM link WHERE connection_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

constexpr std::string_view kQuarantined =
    "SELECT id FROM link WHERE connection_id = ?1 AND state = 'quarantined' ORDER BY id";

constexpr std::string_view kNextDue = R"(
  SELECT min(at) FROM (
    SELECT min(not_before) AS at FROM link
    WHERE connection_id = ?1 AND not_before > ?2 AND state <> 'unlinked'
    UNION ALL
    SELECT min(not_before) FROM inbox WHERE connection_id = ?1 AND not_before > ?2))";

// All, without the ones that are not ours to sync, without those of the rest that lack a side: each
// count reads one index and no link. SQLite would not choose the last one without statistics.
constexpr std::string_view kCountPairs = R"(
  SELECT (SELECT count(*) FROM link WHERE connection_id = ?1) -
         (SELECT count(*) FROM link
          WHERE connection_id = ?1 AND state IN ('unlinked', 'left_alone')) -
         (SELECT count(*) FROM link INDEXED BY link_one_sided
          WHERE connection_id = ?1 AND state NOT IN ('unlinked', 'left_alone') AND
                (referral_id IS NULL OR crm_id IS NULL)))";

Link ReadRow(const Query& row) {
  Link link;
  link.id = row.Int(0);
  link.referral_id.text = row.Text(1);
  link.crm_id.text = row.Text(2);
  link.kind = RecordKindFromText(row.Text(3));
  link.state = LinkStateFromText(row.Text(4));
  link.reason = row.Text(5);
  link.base_partner_center = row.Text(6);
  link.base_crm = row.Text(7);
  link.engagement_id.text = row.Text(8);
  link.connected_referral_id.text = row.Text(9);
  link.notice = row.Text(10);
  link.attempts = static_cast<int>(row.Int(11));
  link.not_before = row.OptionalTime(12);
  link.last_synced_at = row.OptionalTime(13);
  link.seen_referral_hash = row.Text(14);
  link.seen_crm_hash = row.Text(15);
  link.counted_from = row.OptionalTime(16);
  link.base_in_doubt = row.Bool(17);
  return link;
}

// The bases of most links are equal as text; the second one is then not stored.
std::optional<std::string> StoredCrmBase(const Link& link) {
  return link.base_crm == link.base_partner_center ? std::nullopt : std::optional(link.base_crm);
}

template <typename... More>
int Bound(Session& session, std::string_view sql, ConnectionRow connection, const Link& link,
          const More&... more) {
  return Change(session, sql, connection, NullIfEmpty(link.referral_id.text),
                NullIfEmpty(link.crm_id.text), ToString(link.kind), ToString(link.state),
                link.reason, link.base_partner_center, StoredCrmBase(link), link.engagement_id.text,
                link.connected_referral_id.text, link.notice, link.attempts,
                OptionalMs(link.not_before), OptionalMs(link.last_synced_at),
                link.seen_referral_hash, link.seen_crm_hash, OptionalMs(link.counted_from),
                link.base_in_doubt, more...);
}

template <typename... Arguments>
std::vector<LinkWork> ReadWork(Session& session, ConnectionRow connection, std::string_view sql,
                               const Arguments&... arguments) {
  std::vector<LinkWork> all;
  Query query(session, sql, connection, arguments...);
  while (query.Next()) {
    if (auto work = ReadLinkWork(session, connection, query.Int(0))) {
      all.push_back(std::move(*work));
    }
  }
  return all;
}

}  // namespace

const std::string kDueLinksSql =
    "SELECT id, dirty_since AS since FROM link WHERE connection_id = ?1 AND " +
    std::string(kLinkIsDirty) + R"(
    AND (not_before IS NULL OR not_before <= ?2 OR state NOT IN ('pending', 'quarantined'))
  UNION ALL
  SELECT id, not_before FROM link
  WHERE connection_id = ?1 AND not_before <= ?2 AND state <> 'unlinked' AND NOT ()" +
    std::string(kLinkIsDirty) + R"()
  ORDER BY since, id LIMIT ?3)";

std::int64_t InsertLinkRow(Session& session, ConnectionRow connection, const Link& link,
                           Instant now) {
  Bound(session, kInsert, connection, link);
  const std::int64_t id = session.last_insert_id();
  AppendLinkVersion(session, id, std::nullopt, link, now);
  Change(session, kSettle, id, ToUnixMs(now));
  return id;
}

void UpdateLinkRow(Session& session, ConnectionRow connection, const Link& link, Instant now) {
  const auto before = ReadLink(session, connection, link.id);
  if (!before) throw std::logic_error("link " + std::to_string(link.id) + " does not exist");
  AppendLinkVersion(session, link.id, before, link, now);
  Bound(session, kUpdate, connection, link, link.id);
  Change(session, kRepair, connection, link.id, NullIfEmpty(link.referral_id.text),
         NullIfEmpty(link.crm_id.text));
  Change(session, kSettle, link.id, ToUnixMs(now));
}

void SetSnapshotHash(Session& session, std::int64_t link_id, Side side, const std::string& hash,
                     Instant now) {
  Change(session, side == Side::partner_center ? kSetReferralHash : kSetCrmHash, link_id, hash);
  Change(session, kSettle, link_id, ToUnixMs(now));
}

void ForgetSeen(Session& session, ConnectionRow connection, Instant now) {
  Change(session, kForgetSeen, connection);
  Change(session, kSettleAll, connection, ToUnixMs(now));
}

std::int64_t FindLinkId(Session& session, ConnectionRow connection, Side side,
                        const std::string& record_id) {
  Query query(session, side == Side::partner_center ? kFindByReferral : kFindByCrm, connection,
              record_id);
  return query.Next() ? query.Int(0) : 0;
}

std::optional<Link> ReadLink(Session& session, ConnectionRow connection, std::int64_t link_id) {
  Query query(session, kRead, connection, link_id);
  return query.Next() ? std::optional(ReadRow(query)) : std::nullopt;
}

std::optional<LinkWork> ReadLinkWork(Session& session, ConnectionRow connection,
                                     std::int64_t link_id) {
  auto link = ReadLink(session, connection, link_id);
  if (!link) return std::nullopt;
  LinkWork work{std::move(*link)};
  work.referral =
      ReadSnapshot(session, connection, Side::partner_center, work.link.referral_id.text);
  work.crm = ReadSnapshot(session, connection, Side::crm, work.link.crm_id.text);
  work.decisions = ReadDecisionsOf(session, link_id);
  return work;
}

std::vector<LinkWork> ReadDueLinks(Session& session, ConnectionRow connection, Instant now,
                                   std::size_t limit) {
  return ReadWork(session, connection, kDueLinksSql, ToUnixMs(now), limit);
}

std::vector<LinkWork> ReadLinksAfter(Session& session, ConnectionRow connection,
                                     std::int64_t after_id, std::size_t limit) {
  return ReadWork(session, connection, kAfter, after_id, limit);
}

std::vector<Link> ReadQuarantined(Session& session, ConnectionRow connection) {
  std::vector<Link> links;
  Query query(session, kQuarantined, connection);
  while (query.Next()) {
    if (auto link = ReadLink(session, connection, query.Int(0))) links.push_back(std::move(*link));
  }
  return links;
}

std::optional<Instant> ReadNextDue(Session& session, ConnectionRow connection, Instant now) {
  Query query(session, kNextDue, connection, ToUnixMs(now));
  return query.Next() ? query.OptionalTime(0) : std::nullopt;
}

std::int64_t CountPairRows(Session& session, ConnectionRow connection) {
  Query query(session, kCountPairs, connection);
  return query.Next() ? query.Int(0) : 0;
}

}  // namespace cosell::store
