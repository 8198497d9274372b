#include "store/store_tools.h"

#include <vector>

#include "store/connections.h"
#include "store/files.h"
#include "store/history.h"
#include "store/migrator.h"
#include "store/query.h"
#include "store/sql_text.h"

namespace cosell {
namespace {

using store::Access;
using store::Query;
using store::Session;

// In the order of OperatorView.
constexpr std::string_view kViews[] = {"SELECT * FROM links",
                                       "SELECT * FROM audit_log ORDER BY id",
                                       "SELECT * FROM field_history",
                                       "SELECT * FROM open_conflicts",
                                       "SELECT * FROM sync_status",
                                       "SELECT * FROM sync_runs",
                                       "SELECT * FROM record_history",
                                       "SELECT * FROM link_history",
                                       "SELECT * FROM audit_checkpoints",
                                       "SELECT * FROM gap_certificates ORDER BY id",
                                       "SELECT * FROM generations ORDER BY number"};

constexpr std::string_view kSummary =
    "SELECT (SELECT count(*) FROM link), (SELECT count(*) FROM audit)";
constexpr std::string_view kLastMark =
    "SELECT id, marked_at FROM generations ORDER BY number DESC LIMIT 1";
constexpr std::string_view kHasGenerations =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'generations'";

}  // namespace

StoreInspector::StoreInspector(const std::string& path)
    : session_(std::make_unique<Session>(path, Access::read)) {
  store::RequireReadable(*session_, store::Migrations());
}

StoreInspector::~StoreInspector() = default;

std::optional<AuditProblem> StoreInspector::VerifyAudit() {
  return session_->Read([&]() -> std::optional<AuditProblem> {
    Query query(*session_, store::kVerifyAuditSql);
    if (!query.Next()) return std::nullopt;
    return AuditProblem{query.Int(0), query.Text(1)};
  });
}

std::optional<LinkHistory> StoreInspector::History(const ConnectionName& connection,
                                                   std::int64_t link_id) {
  return session_->Read([&]() -> std::optional<LinkHistory> {
    const auto row = store::FindConnection(*session_, connection);
    return row ? store::ReadHistory(*session_, *row, link_id) : std::nullopt;
  });
}

void StoreInspector::ReadView(OperatorView view, const ViewRow& row) {
  session_->Read([&] {
    Query query(*session_, kViews[static_cast<std::size_t>(view)]);
    const std::vector<std::string> columns = query.ColumnNames();
    std::vector<ViewValue> values(columns.size());
    while (query.Next()) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = query.Value(static_cast<int>(i));
      row(columns, values);
    }
  });
}

std::optional<AuditProblem> VerifyAudit(const std::string& path) {
  return StoreInspector(path).VerifyAudit();
}

void ReadView(const std::string& path, OperatorView view, const ViewRow& row) {
  StoreInspector(path).ReadView(view, row);
}

StoreSummary SummarizeStore(const std::string& path) {
  Session session(path, Access::read);
  StoreSummary summary;
  summary.schema = store::ReadVersion(session).schema;
  if (summary.schema == 0) return summary;
  session.Read([&] {
    Query counts(session, kSummary);
    if (counts.Next()) {
      summary.links = counts.Int(0);
      summary.audit_entries = counts.Int(1);
    }
    Query known(session, kHasGenerations);
    if (!known.Next() || !known.Bool(0)) return;
    Query mark(session, kLastMark);
    if (!mark.Next()) return;
    summary.generation = mark.Text(0);
    summary.marked_at = mark.Text(1);
  });
  return summary;
}

void CopyStore(const std::string& path, const std::string& copy) {
  Session session(path, Access::read);
  store::RefuseNewer(path, store::ReadVersion(session), store::Migrations().back().version);
  // Otherwise it would refuse the copy as well; the file itself is still open for reading only.
  session.Execute("PRAGMA query_only = OFF");
  store::CopyDatabase(session, copy);
}

void BackupStore(const std::string& path, const std::string& copy) {
  {
    Session session(path, Access::read);
    store::RequireReadable(session, store::Migrations());
  }
  CopyStore(path, copy);
}

}  // namespace cosell
