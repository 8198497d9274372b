#include "store/intents.h"

#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "store/query.h"
#include "store/words.h"

namespace cosell::store {
namespace {

using nlohmann::json;

constexpr std::chrono::hours kUpdatesKept{24};

constexpr std::string_view kInsert = R"(
  INSERT INTO intent(id, connection_id, link_id, operation, side, target_id, etag, body, changes,
                     reason, cause, created_at, lookup_from_ticks)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))";

constexpr std::string_view kRemove = "DELETE FROM intent WHERE id = ?2 AND connection_id = ?1";

constexpr std::string_view kRead = R"(
  SELECT id, link_id, operation, side, target_id, etag, body, changes, reason, cause, created_at,
         lookup_from_ticks
  FROM intent WHERE connection_id = ?1 ORDER BY created_at, rowid)";

constexpr std::string_view kNoteUpdate =
    "INSERT INTO opened_update(connection_id, created_at, intent_id, link_id) "
    "VALUES (?1, ?2, ?3, ?4)";

constexpr std::string_view kCountUpdates =
    "SELECT count(DISTINCT link_id) FROM opened_update "
    "WHERE connection_id = ?1 AND created_at >= ?2";

constexpr std::string_view kForgetUpdates =
    "DELETE FROM opened_update WHERE connection_id = ?1 AND created_at < ?2";

constexpr std::array kOperations = {
    IntentOperation::create_referral, IntentOperation::create_connected_referral,
    IntentOperation::update_referral, IntentOperation::create_crm,
    IntentOperation::create_lead,     IntentOperation::qualify_lead,
    IntentOperation::update_crm,      IntentOperation::close_crm};

IntentOperation OperationFromText(const std::string& text) {
  for (const IntentOperation operation : kOperations) {
    if (ToString(operation) == text) return operation;
  }
  throw std::runtime_error("The database holds an intent with the unknown operation '" + text +
                           "'; it was written by another version of cosell-sync");
}

std::string ChangesToText(const std::vector<FieldChange>& changes) {
  json list = json::array();
  for (const FieldChange& change : changes) {
    list.push_back({{"field", change.field},
                    {"before", change.before},
                    {"after", change.after},
                    {"rule", change.rule},
                    {"reason", change.reason}});
  }
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<FieldChange> ChangesFromText(const std::string& text) {
  std::vector<FieldChange> changes;
  for (const json& change : json::parse(text)) {
    changes.push_back({change.at("field"), change.at("before"), change.at("after"),
                       change.at("rule"), change.at("reason")});
  }
  return changes;
}

Intent ReadRow(const Query& row) {
  Intent intent;
  intent.id = row.Text(0);
  intent.link_id = row.Int(1);
  intent.operation = OperationFromText(row.Text(2));
  intent.side = SideFromText(row.Text(3));
  intent.target_id = row.Text(4);
  intent.etag = row.Text(5);
  intent.body = row.Text(6);
  intent.changes = ChangesFromText(row.Text(7));
  intent.reason = row.Text(8);
  intent.cause = row.Text(9);
  intent.created_at = row.Time(10);
  intent.lookup_from = FromTicks(row.Int(11));
  return intent;
}

}  // namespace

void InsertIntent(Session& session, ConnectionRow connection, const Intent& intent) {
  Change(session, kInsert, intent.id, connection, intent.link_id, ToString(intent.operation),
         ToString(intent.side), intent.target_id, intent.etag, intent.body,
         ChangesToText(intent.changes), intent.reason, intent.cause, ToUnixMs(intent.created_at),
         TicksOf(intent.lookup_from));
  if (intent.rewrites) {
    Change(session, kNoteUpdate, connection, ToUnixMs(intent.created_at), intent.id,
           intent.link_id);
  }
}

void RemoveIntent(Session& session, ConnectionRow connection, const std::string& intent_id) {
  Change(session, kRemove, connection, intent_id);
}

std::vector<Intent> ReadIntents(Session& session, ConnectionRow connection) {
  std::vector<Intent> intents;
  Query query(session, kRead, connection);
  while (query.Next()) intents.push_back(ReadRow(query));
  return intents;
}

std::int64_t CountUpdates(Session& session, ConnectionRow connection, Instant since) {
  Query query(session, kCountUpdates, connection, ToUnixMs(since));
  return query.Next() ? query.Int(0) : 0;
}

void ForgetOldUpdates(Session& session, ConnectionRow connection, Instant now) {
  Change(session, kForgetUpdates, connection, ToUnixMs(now - kUpdatesKept));
}

}  // namespace cosell::store
