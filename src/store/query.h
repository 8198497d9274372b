#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "store/session.h"

namespace cosell::store {

// How values are kept in columns.
inline std::optional<std::int64_t> OptionalMs(const std::optional<Instant>& at) {
  return at ? std::optional(ToUnixMs(*at)) : std::nullopt;
}
inline std::int64_t TicksOf(Instant at) { return at.time_since_epoch().count(); }
inline Instant FromTicks(std::int64_t ticks) { return Instant{Ticks{ticks}}; }
inline std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// One use of a prepared statement: binds its parameters (?1, ?2, ... in order) and gives the
// statement back when it goes out of scope. Used inside Session::Write or Session::Read. The same
// SQL text may not be in use twice at a time.
//
//   Query query(session, "SELECT id, name FROM connection WHERE mode = ?1", mode);
//   while (query.Next()) Use(query.Int(0), query.Text(1));
class Query {
 public:
  template <typename... Arguments>
  Query(Session& session, std::string_view sql, const Arguments&... arguments)
      : prepared_(Acquire(session, sql)) {
    int index = 0;
    try {
      (Bind(++index, arguments), ...);
    } catch (...) {
      Release();
      throw;
    }
  }
  ~Query() { Release(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Steps to the next row; false after the last.
  bool Next();
  // For statements without rows: the number of rows changed.
  int Run();

  // Columns of the current row, counted from 0. Text gives "" for NULL.
  bool IsNull(int column) const;
  std::int64_t Int(int column) const;
  std::string Text(int column) const;
  bool Bool(int column) const { return Int(column) != 0; }
  std::optional<std::int64_t> OptionalInt(int column) const;
  Instant Time(int column) const { return FromUnixMs(Int(column)); }
  std::optional<Instant> OptionalTime(int column) const;
  // Whatever the column holds, for rows whose columns are not known here.
  std::variant<std::monostate, std::int64_t, std::string> Value(int column) const;
  std::vector<std::string> ColumnNames() const;

 private:
  static PreparedStatement& Acquire(Session& session, std::string_view sql);
  void Release();
  void Bind(int index, std::int64_t value);
  void Bind(int index, int value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, bool value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, std::size_t value) { Bind(index, static_cast<std::int64_t>(value)); }
  void Bind(int index, const std::string& value);
  void Bind(int index, std::string_view value) { Bind(index, std::string(value)); }
  void Bind(int index, const std::optional<std::int64_t>& value);
  void Bind(int index, const std::optional<std::string>& value);

  PreparedStatement& prepared_;
};

// Runs a statement without rows; the number of rows changed.
template <typename... Arguments>
int Change(Session& session, std::string_view sql, const Arguments&... arguments) {
  return Query(session, sql, arguments...).Run();
}

}  // namespace cosell::store
