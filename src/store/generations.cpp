#include "store/generations.h"

#include <stdexcept>

#include "base/guid.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/query.h"

namespace cosell::store {
namespace {

constexpr std::string_view kRead = R"(
  SELECT number, id, origin, reason, began_at, marks, marked_at
  FROM generation ORDER BY number DESC LIMIT 1)";

constexpr std::string_view kHas = "SELECT EXISTS (SELECT 1 FROM generation WHERE id = ?1)";

constexpr std::string_view kInsert = R"(
  INSERT INTO generation(number, id, began_at, origin, reason, marks, marked_at)
  VALUES (coalesce((SELECT max(number) FROM generation), 0) + 1, ?1, ?2, ?3, ?4, 1, ?2))";

constexpr std::string_view kMark = R"(
  UPDATE generation SET marks = marks + 1, marked_at = ?1
  WHERE number = (SELECT max(number) FROM generation))";

constexpr std::string_view kNewId = "SELECT lower(hex(randomblob(16)))";

// An open gap goes on under the new cause, and has to be read again.
constexpr std::string_view kRedirectGaps =
    "UPDATE gap SET cause = ?1, read_at = NULL WHERE closed_at IS NULL";

constexpr std::string_view kOpenGaps = R"(
  INSERT INTO gap(connection_id, cause, from_at, found_at, audit_from)
  SELECT c.id, ?1,
    (SELECT CAST(value AS INTEGER) FROM cursor WHERE connection_id = c.id AND name = 'read_until'),
    ?2, coalesce((SELECT max(id) FROM audit), 0)
  FROM connection AS c
  WHERE NOT EXISTS (SELECT 1 FROM gap WHERE connection_id = c.id AND closed_at IS NULL))";

// Stamps that were salvaged are there already.
constexpr std::string_view kKeepStamps = R"(
  INSERT OR IGNORE INTO link_stamp(link_id, referral_ticks, crm_ticks)
  SELECT l.id,
    (SELECT changed_at_ticks FROM referral
     WHERE connection_id = l.connection_id AND record_id = l.referral_id),
    (SELECT changed_at_ticks FROM crm_record
     WHERE connection_id = l.connection_id AND record_id = l.crm_id)
  FROM link AS l WHERE l.referral_id IS NOT NULL AND l.crm_id IS NOT NULL)";

std::string NewId(Session& session, Random* random) {
  if (random != nullptr) return ReplaceAll(NewGuid(*random), "-", "");
  Query query(session, kNewId);
  query.Next();
  return query.Text(0);
}

// It belongs to no connection and wrote to neither side.
AuditEntry EntryOf(GenerationOrigin origin, const std::string& id, const std::string& reason,
                   Instant now) {
  AuditEntry entry;
  entry.at = now;
  entry.record_kind = "database";
  entry.record_id = id;
  entry.operation = "generation";
  entry.reason = reason;
  entry.rule = ToString(origin);
  entry.cause = "start";
  return entry;
}

}  // namespace

std::optional<Generation> ReadGeneration(Session& session) {
  Query query(session, kRead);
  if (!query.Next()) return std::nullopt;
  return Generation{query.Int(0),  query.Text(1), query.Text(2), query.Text(3),
                    query.Time(4), query.Int(5),  query.Time(6)};
}

bool HasGeneration(Session& session, const std::string& id) {
  Query query(session, kHas, id);
  return query.Next() && query.Bool(0);
}

Generation InsertGeneration(Session& session, GenerationOrigin origin, const std::string& reason,
                            Instant now, Random* random) {
  const std::string id = NewId(session, random);
  Change(session, kInsert, id, ToUnixMs(now), ToString(origin), reason);
  if (origin != GenerationOrigin::created) {
    Change(session, kRedirectGaps, ToString(origin));
    Change(session, kOpenGaps, ToString(origin), ToUnixMs(now));
    AppendAudit(session, ConnectionName{}, EntryOf(origin, id, reason, now), random);
  }
  if (IsFromOlderCopy(origin)) Change(session, kKeepStamps);
  return ReadGeneration(session).value();
}

Generation Mark(Session& session, Instant now) {
  if (Change(session, kMark, ToUnixMs(now)) == 0)
    throw std::logic_error("the database '" + session.path() + "' has no generation to mark");
  return ReadGeneration(session).value();
}

}  // namespace cosell::store
