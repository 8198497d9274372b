#include "store/store_tools.h"

#include <vector>

#include "store/files.h"
#include "store/migrator.h"
#include "store/query.h"
#include "store/sql_text.h"

namespace cosell {
namespace {

using store::Access;
using store::Query;
using store::Session;

// In the order of OperatorView.
constexpr std::string_view kViews[] = {
    "SELECT * FROM links",         "SELECT * FROM audit_log ORDER BY id",
    "SELECT * FROM field_history", "SELECT * FROM open_conflicts",
    "SELECT * FROM sync_status",   "SELECT * FROM sync_runs"};

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

void BackupStore(const std::string& path, const std::string& copy) {
  Session session(path, Access::read);
  store::RequireReadable(session, store::Migrations());
  // Otherwise it would refuse the copy as well; the file itself is still open for reading only.
  session.Execute("PRAGMA query_only = OFF");
  store::CopyDatabase(session, copy);
}

}  // namespace cosell
