#include "store/query.h"

#include <stdexcept>

#include <SQLiteCpp/Column.h>

namespace cosell::store {

PreparedStatement& Query::Acquire(Session& session, std::string_view sql) {
  PreparedStatement& prepared = session.Prepare(sql);
  if (prepared.in_use)
    throw std::logic_error("statement used twice at a time: " + std::string(sql));
  prepared.in_use = true;
  return prepared;
}

// Its error, if any, was already thrown by the step that failed.
void Query::Release() {
  static_cast<void>(prepared_.statement.tryReset());
  prepared_.in_use = false;
}

bool Query::Next() { return prepared_.statement.executeStep(); }

int Query::Run() { return prepared_.statement.exec(); }

bool Query::IsNull(int column) const { return prepared_.statement.getColumn(column).isNull(); }

std::int64_t Query::Int(int column) const {
  return prepared_.statement.getColumn(column).getInt64();
}

std::string Query::Text(int column) const {
  return prepared_.statement.getColumn(column).getString();
}

std::optional<std::int64_t> Query::OptionalInt(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int(column));
}

std::optional<Instant> Query::OptionalTime(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Time(column));
}

std::variant<std::monostate, std::int64_t, std::string> Query::Value(int column) const {
  if (IsNull(column)) return std::monostate();
  if (prepared_.statement.getColumn(column).isInteger()) return Int(column);
  return Text(column);
}

std::vector<std::string> Query::ColumnNames() const {
  std::vector<std::string> names;
  for (int i = 0; i < prepared_.statement.getColumnCount(); ++i) {
    names.emplace_back(prepared_.statement.getColumnName(i));
  }
  return names;
}

void Query::Bind(int index, std::int64_t value) { prepared_.statement.bind(index, value); }

void Query::Bind(int index, const std::string& value) { prepared_.statement.bind(index, value); }

void Query::Bind(int index, const std::optional<std::int64_t>& value) {
  value ? Bind(index, *value) : prepared_.statement.bind(index);
}

void Query::Bind(int index, const std::optional<std::string>& value) {
  value ? Bind(index, *value) : prepared_.statement.bind(index);
}

}  // namespace cosell::store
