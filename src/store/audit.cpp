#include "store/audit.h"

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"
#include "store/query.h"

namespace cosell::store {
namespace {

// The id comes after the highest ever given, not after the last entry there is: if somebody took
// entries off the end, the gap stays visible.
constexpr std::string_view kEnd = R"(
  SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),
         coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1),
                  (SELECT hash FROM audit_checkpoint ORDER BY through_id DESC LIMIT 1), ''))";

// The hash is computed here and checked in schema/verify_audit.sql: the arrays of both are the
// same. ?19 is the remote's id of the request, which is part of the text where there is one; ?20
// the previous entry's hash.
constexpr std::string_view kAppend = R"(
  INSERT INTO audit(id, at, connection, side, record_kind, record_id, referral_id, operation, field,
    before_hash, after_hash, reason, rule, cause, run_id, correlation_id, outcome, duration_ms,
    request_id, hash)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
    lower(hex(sha3(?20 || CASE WHEN ?19 IS NULL THEN
      json_array(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
    ELSE
      json_array(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19)
    END, 256)))))";

constexpr std::string_view kAppendValue =
    "INSERT INTO audit_value(audit_id, value_salt, before, after) VALUES (?1, ?2, ?3, ?4)";

constexpr std::string_view kRandomSalt = "SELECT lower(hex(randomblob(16)))";

constexpr std::string_view kHash = "SELECT lower(hex(sha3(?1 || ?2, 256)))";

constexpr std::string_view kWritten = R"(
  SELECT a.at, a.field, v.after FROM audit AS a JOIN audit_value AS v ON v.audit_id = a.id
  WHERE nullif(a.record_id, '') = ?3 AND a.side = ?2 AND a.connection = ?1 AND a.at >= ?4 AND
        a.outcome IN ('done', 'adopted')
  ORDER BY a.id)";

using Text = std::optional<std::string>;

Text SaltedHash(Session& session, const std::string& salt, const Text& value) {
  if (!value) return std::nullopt;
  Query query(session, kHash, salt, *value);
  query.Next();
  return query.Text(0);
}

std::string FieldNames(const std::vector<FieldChange>& changes) {
  std::vector<std::string> names;
  for (const FieldChange& change : changes) names.push_back(change.field);
  return Join(names, ",");
}

// One field: its value. Several: an object by field, null for those without a value.
Text ValueText(const std::vector<FieldChange>& changes, std::string FieldChange::*value) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  bool any = false;
  for (const FieldChange& change : changes) {
    const std::string& text = change.*value;
    object[change.field] = text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
    any = any || !text.empty();
  }
  if (!any) return std::nullopt;
  if (changes.size() == 1) return changes.front().*value;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

struct End {
  std::int64_t id = 0;
  std::string hash;
};

End ReadEnd(Session& session) {
  Query query(session, kEnd);
  query.Next();
  return {query.Int(0), query.Text(1)};
}

// The other way round of ValueText.
void ReadValues(Instant at, const std::string& fields, const std::string& after,
                std::vector<WrittenValue>* written) {
  const auto names = Split(fields, ',');
  if (names.size() == 1) {
    if (!names.front().empty()) written->push_back({names.front(), after, at});
    return;
  }
  const auto values = nlohmann::json::parse(after, nullptr, false);
  for (const std::string& name : names) {
    const auto value = values.find(name);
    const bool text = value != values.end() && value->is_string();
    written->push_back({name, text ? value->get<std::string>() : "", at});
  }
}

}  // namespace

std::string NewSalt(Session& session, Random* salts) {
  if (salts != nullptr) return ReplaceAll(NewGuid(*salts), "-", "");
  Query query(session, kRandomSalt);
  query.Next();
  return query.Text(0);
}

std::int64_t AppendAudit(Session& session, const ConnectionName& connection,
                         const AuditEntry& entry, Random* salts) {
  const End end = ReadEnd(session);
  const std::int64_t id = end.id + 1;
  const Text before = ValueText(entry.changes, &FieldChange::before);
  const Text after = ValueText(entry.changes, &FieldChange::after);
  const std::string salt = NewSalt(session, salts);
  Change(session, kAppend, id, ToUnixMs(entry.at), connection.text, ToString(entry.side),
         entry.record_kind, entry.record_id, entry.referral_id, entry.operation,
         FieldNames(entry.changes), SaltedHash(session, salt, before),
         SaltedHash(session, salt, after), entry.reason, entry.rule, entry.cause, entry.run_id,
         entry.correlation_id, ToString(entry.outcome), entry.duration_ms,
         NullIfEmpty(entry.request_id), end.hash);
  if (before || after) Change(session, kAppendValue, id, salt, before, after);
  return id;
}

std::vector<WrittenValue> ReadWritten(Session& session, const ConnectionName& connection, Side side,
                                      const std::string& record_id, Instant since) {
  std::vector<WrittenValue> written;
  Query query(session, kWritten, connection.text, ToString(side), record_id, ToUnixMs(since));
  while (query.Next()) ReadValues(query.Time(0), query.Text(1), query.Text(2), &written);
  return written;
}

}  // namespace cosell::store
