#include "system/database_view.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace cosell::system_test {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

}  // namespace

std::vector<std::vector<std::string>> DatabaseView::Rows(const std::string& query) const {
  std::vector<std::vector<std::string>> rows;
  if (!std::filesystem::exists(file_)) return rows;
  const SQLite::Database database(file_, SQLite::OPEN_READONLY, kBusyTimeoutMs);
  SQLite::Statement statement(database, query);
  while (statement.executeStep()) {
    auto& row = rows.emplace_back();
    for (int i = 0; i < statement.getColumnCount(); ++i)
      row.push_back(statement.getColumn(i).getString());
  }
  return rows;
}

std::string DatabaseView::Value(const std::string& query) const {
  const auto rows = Rows(query);
  return rows.empty() ? "" : rows.front().front();
}

int DatabaseView::Count(const std::string& query) const {
  const std::string value = Value(query);
  return value.empty() ? 0 : std::stoi(value);
}

std::string DatabaseView::LinkState(const std::string& id) const {
  return Value("SELECT state FROM links WHERE referral_id = '" + id + "' OR crm_id = '" + id + "'");
}

}  // namespace cosell::system_test
