#include "store/decisions.h"

#include <stdexcept>

#include "store/query.h"

namespace cosell::store {
namespace {

constexpr std::string_view kSave = R"(
  INSERT INTO decision(link_id, field, take, partner_center_value, crm_value, lost_value,
                       decided_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
  ON CONFLICT (link_id, field) DO UPDATE SET
    take = excluded.take, partner_center_value = excluded.partner_center_value,
    crm_value = excluded.crm_value, lost_value = excluded.lost_value,
    decided_at = excluded.decided_at)";

constexpr std::string_view kRemove = "DELETE FROM decision WHERE link_id = ?1 AND field = ?2";

constexpr std::string_view kRead = R"(
  SELECT link_id, field, take, partner_center_value, crm_value, lost_value, decided_at
  FROM decision WHERE link_id = ?1 ORDER BY field)";

Take TakeFrom(const std::string& text) {
  if (const auto take = TakeFromText(text)) return *take;
  throw std::runtime_error("The database holds the unknown decision '" + text +
                           "'; it was written by another version of cosell-sync");
}

}  // namespace

void SaveDecision(Session& session, const DecisionChange& change) {
  const Decision& decision = change.decision;
  if (change.ended) {
    Change(session, kRemove, decision.link_id, decision.field);
    return;
  }
  Change(session, kSave, decision.link_id, decision.field, ToString(decision.take),
         decision.partner_center_value, decision.crm_value, decision.lost_value,
         ToUnixMs(decision.decided_at));
}

std::vector<Decision> ReadDecisionsOf(Session& session, std::int64_t link_id) {
  std::vector<Decision> decisions;
  Query query(session, kRead, link_id);
  while (query.Next()) {
    decisions.push_back({query.Int(0), query.Text(1), TakeFrom(query.Text(2)), query.Text(3),
                         query.Text(4), query.Text(5), query.Time(6)});
  }
  return decisions;
}

}  // namespace cosell::store
