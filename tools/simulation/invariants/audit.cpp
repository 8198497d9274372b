#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "tools/simulation/crm_side.h"
#include "tools/simulation/invariants/scene.h"

// I5. One audit entry per remote write that took effect, and no entry for one that did not; what
// was unknown was resolved; the chain verifies.
namespace cosell::simulation {
namespace {

// A decision that writes nothing remote ("unlink") is audited, too.
bool TellsOfAnEffect(const AuditRow& row) {
  const bool writes =
      row.operation == "create" || row.operation == "update" || row.operation == "close";
  return writes && (row.outcome == "done" || row.outcome == "adopted");
}

std::string CorrelationOf(const sandbox::LoggedRequest& request) {
  return std::string(net::FindHeader(request.headers, "MS-CorrelationId").value_or(""));
}

bool IsOf(const Deal& deal, const AuditRow& row) {
  const std::string& id = row.side == "crm" ? deal.crm_id : deal.referral_id;
  return !id.empty() && id == row.record_id;
}

// A person wrote the very value into the very record that a write of ours without an answer was to
// write there; nobody can tell the two apart afterwards.
bool SomebodyElseDidTheSame(const Scene& scene, const AuditRow& row) {
  if (row.outcome != "adopted") return false;
  const auto& edits = scene.ledger.edits();
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) {
    return ToString(edit.side) == row.side && ToString(edit.field) == row.field &&
           IsOf(scene.ledger.deals().at(edit.deal), row) &&
           Same(edit.field, edit.value, FromTable(edit.field, row.after));
  });
}

// A write that got no answer was looked up, but somebody had changed the record meanwhile: whether
// it took effect cannot be told any more, and the audit says so. Only where somebody did.
bool CannotBeTold(const Scene& scene, const AuditRow& row) {
  if (row.outcome != "unknown" || row.rule != "in_doubt") return false;
  if (row.side == "crm") return IsChangedByPeople(scene.world, scene.product, row.record_id);
  const auto& deals = scene.ledger.deals();
  return std::any_of(deals.begin(), deals.end(), [&](const auto& deal) {
    return deal.second.touched_in_partner_center && IsOf(deal.second, row);
  });
}

std::set<std::string> Untold(const Scene& scene) {
  std::set<std::string> correlations;
  for (const AuditRow& row : scene.evidence.audit) {
    if (CannotBeTold(scene, row)) correlations.insert(row.correlation_id);
  }
  return correlations;
}

bool IsNews(const Scene& scene, const AuditRow& row) {
  return row.id > scene.knowledge.audit_after &&
         !scene.knowledge.inherited.contains(row.correlation_id);
}

void Compare(const std::map<std::string, int>& happened, const std::map<std::string, int>& audited,
             const std::string& side, Violations* violations) {
  std::map<std::string, std::pair<int, int>> both;
  for (const auto& [what, count] : happened) both[what].first = count;
  for (const auto& [what, count] : audited) both[what].second = count;
  for (const auto& [what, counts] : both) {
    if (counts.first == counts.second) continue;
    violations->push_back({"I5 audit", side + " committed " + std::to_string(counts.first) +
                                           " writes of " + what + ", the audit has " +
                                           std::to_string(counts.second)});
  }
}

void CheckReferrals(const Scene& scene, Violations* violations) {
  const std::set<std::string> untold = Untold(scene);
  std::map<std::string, int> happened;
  for (const auto& request : scene.world.log().entries()) {
    if (request.sequence <= scene.knowledge.log_after || !IsCommittedReferralWrite(request))
      continue;
    const std::string correlation = CorrelationOf(request);
    const bool is_news = !scene.knowledge.inherited.contains(correlation);
    if (is_news && !untold.contains(correlation)) ++happened["correlation " + correlation];
  }
  std::map<std::string, int> audited;
  for (const AuditRow& row : scene.evidence.audit) {
    if (row.side != "partner_center" || !TellsOfAnEffect(row) || !IsNews(scene, row)) continue;
    const std::string what = "correlation " + row.correlation_id;
    if (happened.contains(what) || !SomebodyElseDidTheSame(scene, row)) ++audited[what];
  }
  Compare(happened, audited, "Partner Center", violations);
}

// Also what was refused or never answered has its entry.
void CheckAttempts(const Scene& scene, Violations* violations) {
  std::set<std::string> told;
  for (const AuditRow& row : scene.evidence.audit) told.insert(row.correlation_id);
  for (const auto& request : scene.world.log().entries()) {
    if (request.sequence <= scene.knowledge.log_after || request.service != "referrals" ||
        request.method == "GET" || told.contains(CorrelationOf(request)))
      continue;
    violations->push_back({"I5 audit", "the audit does not tell of " + request.method + " " +
                                           request.target + ", answered " +
                                           std::to_string(request.service_status)});
  }
}

bool IsOfInterest(const std::string& table) {
  return table == "opportunity" || table == "account" || table == "contact";
}

void CheckCrm(const Scene& scene, Violations* violations) {
  std::map<std::string, int> happened;
  const auto done = CrmWritesDone(scene.world, scene.product);
  for (std::size_t i = scene.knowledge.crm_writes_before; i < done.size(); ++i) {
    if (IsOfInterest(done[i].kind)) ++happened[done[i].kind + " " + done[i].id];
  }
  std::map<std::string, int> audited;
  std::vector<std::string> doubtful;
  for (const AuditRow& row : scene.evidence.audit) {
    if (row.side != "crm" || !TellsOfAnEffect(row) || !IsNews(scene, row)) continue;
    const std::string what = row.record_kind + " " + row.record_id;
    ++audited[what];
    if (SomebodyElseDidTheSame(scene, row)) doubtful.push_back(what);
  }
  for (const std::string& what : doubtful) {
    if (audited[what] > happened[what]) --audited[what];
  }
  for (const AuditRow& row : scene.evidence.audit) {
    const std::string what = row.record_kind + " " + row.record_id;
    if (CannotBeTold(scene, row) && happened[what] > audited[what]) --happened[what];
  }
  // What a restored backup still held open may have happened before or after.
  if (scene.knowledge.inherited.empty()) Compare(happened, audited, "the CRM", violations);
}

// The newest word on each write whose outcome was once unknown.
void CheckUnknown(const Scene& scene, Violations* violations) {
  std::map<std::string, const AuditRow*> newest;
  for (const AuditRow& row : scene.evidence.audit) newest[row.correlation_id] = &row;
  for (const auto& [correlation, row] : newest) {
    if (row->outcome == "unknown" && !CannotBeTold(scene, *row))
      violations->push_back({"I5 audit", "what became of " + correlation + " was never found out"});
  }
}

}  // namespace

void CheckAudit(const Scene& scene, Violations* violations) {
  if (scene.evidence.broken_chain)
    violations->push_back({"I5 audit", "the chain is broken: " + *scene.evidence.broken_chain});
  CheckReferrals(scene, violations);
  CheckAttempts(scene, violations);
  CheckCrm(scene, violations);
  CheckUnknown(scene, violations);
}

}  // namespace cosell::simulation
