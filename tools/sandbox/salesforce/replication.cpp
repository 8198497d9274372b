#include "tools/sandbox/salesforce/replication.h"

#include <algorithm>

#include "tools/sandbox/salesforce/value.h"

namespace cosell::sandbox::salesforce {
namespace {

using std::chrono::hours;

constexpr hours kUpdatedReach{30 * 24};
constexpr hours kDeletedReach{15 * 24};

[[noreturn]] void ThrowDate(const std::string& message) {
  throw ServiceError(400, "INVALID_REPLICATION_DATE", message);
}

Instant ToMinute(Instant at) { return std::chrono::floor<std::chrono::minutes>(at); }

struct Window {
  Instant start;
  Instant end;
  Instant covered;
};

Instant DateOption(const Database& database, const Call& call, const char* name) {
  const auto text = call.Option(name);
  const auto at = text ? ParseDatetime(*text, database.switches().lenient_datetimes) : std::nullopt;
  if (!at) ThrowDate(std::string("The parameter ") + name + " is missing or no ISO 8601 datetime");
  return ToMinute(*at);
}

Window WindowOf(const Database& database, const Call& call, const Table& table, hours reach) {
  if (table.type().setup) {
    throw ServiceError(400, "INVALID_TYPE", table.type().name + " is not replicateable");
  }
  const Instant now = database.Now();
  Window window{DateOption(database, call, "start"), DateOption(database, call, "end"), {}};
  if (window.start >= window.end) ThrowDate("startDate before endDate expected");
  if (window.start < ToMinute(now - reach)) ThrowDate("startDate is too far in the past");
  window.covered = std::min(window.end, ToMinute(now));
  if (const auto open = database.OldestOpenStamp()) {
    window.covered = std::min(window.covered, ToMinute(*open));
  }
  return window;
}

bool IsInside(const Window& window, Instant at) { return at >= window.start && at < window.end; }

}  // namespace

Json GetUpdated(const Database& database, const Call& call, const Table& table) {
  const Window window = WindowOf(database, call, table, kUpdatedReach);
  Json ids = Json::array();
  for (const auto& [id, record] : table.records()) {
    const Row* row = table.Live(id);
    if (row == nullptr) continue;
    if (IsInside(window, ParseStamp(table.Text(*row, "SystemModstamp")))) ids.push_back(id);
  }
  return {{"ids", ids}, {"latestDateCovered", StampText(window.covered)}};
}

Json GetDeleted(const Database& database, const Call& call, const Table& table) {
  const Window window = WindowOf(database, call, table, kDeletedReach);
  const Instant oldest = database.Now() - kDeletedReach;
  const Instant available = std::max(database.switches().delete_log_from.value_or(oldest), oldest);
  Json deleted = Json::array();
  for (const auto& id : table.deleted()) {
    const Row* row = table.Visible(id);
    if (row == nullptr || row->deletion == 0 || row->deleted_at < available) continue;
    if (!IsInside(window, row->deleted_at)) continue;
    deleted.push_back({{"id", id}, {"deletedDate", StampText(row->deleted_at)}});
  }
  return {{"deletedRecords", deleted},
          {"earliestDateAvailable", StampText(available)},
          {"latestDateCovered", StampText(window.covered)}};
}

}  // namespace cosell::sandbox::salesforce
