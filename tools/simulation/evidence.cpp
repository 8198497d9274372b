#include "tools/simulation/evidence.h"

#include <algorithm>
#include <functional>
#include <span>

#include "store/store_tools.h"

namespace cosell::simulation {
namespace {

// One row of a view, by column.
class Row {
 public:
  Row(std::span<const std::string> columns, std::span<const ViewValue> values)
      : columns_(columns), values_(values) {}

  std::string Text(std::string_view column) const {
    const auto at = std::find(columns_.begin(), columns_.end(), column) - columns_.begin();
    const auto* text = std::get_if<std::string>(&values_[static_cast<std::size_t>(at)]);
    return text == nullptr ? "" : *text;
  }
  std::int64_t Number(std::string_view column) const {
    const auto at = std::find(columns_.begin(), columns_.end(), column) - columns_.begin();
    const auto* number = std::get_if<std::int64_t>(&values_[static_cast<std::size_t>(at)]);
    return number == nullptr ? 0 : *number;
  }

 private:
  std::span<const std::string> columns_;
  std::span<const ViewValue> values_;
};

void Each(StoreInspector& database, OperatorView view,
          const std::function<void(const Row&)>& take) {
  database.ReadView(view, [&](std::span<const std::string> columns,
                              std::span<const ViewValue> values) { take(Row(columns, values)); });
}

AuditRow ReadAudit(const Row& row) {
  return {row.Number("id"),      row.Text("side"),      row.Text("record_kind"),
          row.Text("record_id"), row.Text("operation"), row.Text("field"),
          row.Text("before"),    row.Text("after"),     row.Text("reason"),
          row.Text("rule"),      row.Text("outcome"),   row.Text("correlation_id")};
}

void ReadConflicts(StoreInspector& database, Evidence* evidence) {
  Each(database, OperatorView::open_conflicts, [&](const Row& row) {
    const OpenConflict conflict{row.Text("referral_id"), row.Text("crm_id"), row.Text("field")};
    for (const char* value : {"partner_center_value", "crm_value"}) {
      evidence->kept.push_back(
          {conflict.referral_id, conflict.crm_id, conflict.field, row.Text(value)});
    }
    evidence->conflicts.push_back(conflict);
  });
}

}  // namespace

Evidence ReadEvidence(const std::string& path) {
  StoreInspector database(path);
  Evidence evidence;
  Each(database, OperatorView::audit_log,
       [&](const Row& row) { evidence.audit.push_back(ReadAudit(row)); });
  Each(database, OperatorView::field_history, [&](const Row& row) {
    if (row.Text("superseded_by").empty()) return;
    evidence.kept.push_back(
        {row.Text("referral_id"), row.Text("crm_id"), row.Text("field"), row.Text("value")});
  });
  ReadConflicts(database, &evidence);
  Each(database, OperatorView::links, [&](const Row& row) {
    evidence.links.push_back(
        {row.Text("referral_id"), row.Text("crm_id"), row.Text("state"), row.Text("reason")});
  });
  if (const auto problem = database.VerifyAudit()) evidence.broken_chain = problem->what;
  return evidence;
}

std::string Reasons(const Evidence& evidence) {
  std::string text;
  for (const AuditRow& row : evidence.audit) {
    text += "  audit " + std::to_string(row.id) + ": " + row.side + " " + row.record_kind + " " +
            row.record_id + " " + row.operation + " [" + row.field + "] " + row.before + " -> " +
            row.after + " (" + row.outcome + "): " + row.reason + "\n";
  }
  for (const LinkRow& link : evidence.links) {
    text += "  link " + link.referral_id + " / " + link.crm_id + ": " + link.state + " " +
            link.reason + "\n";
  }
  for (const OpenConflict& conflict : evidence.conflicts) {
    text += "  conflict " + conflict.referral_id + " / " + conflict.crm_id + ": " + conflict.field +
            "\n";
  }
  return text;
}

}  // namespace cosell::simulation
