#include "crm/salesforce/changes.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "crm/salesforce/cross_check.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

constexpr std::string_view kOrder = "SystemModstamp, Id";
// Deletions are told for 15 days (section 11.1).
constexpr std::chrono::days kCursorAgeMax{14};
// An idle cursor is renewed this often, so that a restart does not begin too far back.
constexpr std::chrono::hours kCursorRenewal{1};
// Below this many rows a query that runs too long has another cause than its size.
constexpr std::size_t kLimitMin = 25;

std::string ReadOf(const View& view) { return "read of " + view.synced.noun() + " changes"; }

Error Expired(std::string message) {
  Error error;
  error.kind = ErrorKind::cursor_expired;
  error.message = std::move(message);
  return error;
}

std::optional<Instant> Later(const std::optional<Instant>& a, const std::optional<Instant>& b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

bool Includes(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  const std::set<std::string> known(all.begin(), all.end());
  return std::all_of(some.begin(), some.end(),
                     [&](const std::string& each) { return known.contains(each); });
}

}  // namespace

struct ChangeReader::Scan {
  Cursor before;  // as it came
  Cursor cursor;  // as it will be handed out
  Delivered delivered;
  CrmChanges changes;
  std::optional<Instant> server_time;  // of this answer
};

ChangeReader::ChangeReader(Rest& rest, Ground& ground, Records& records, DeliveredMemory& memory,
                           Clock& clock, Random& random, Log& log, const ChangeOptions& options)
    : rest_(rest),
      ground_(ground),
      records_(records),
      memory_(memory),
      clock_(clock),
      random_(random),
      log_(log),
      options_(options) {}

Result<CrmChanges> ChangeReader::Next(const std::string& text) {
  return WithHealing(ground_, records_.kind(), [&](const View& view) { return Read(text, view); });
}

Result<CrmChanges> ChangeReader::Read(const std::string& text, const View& view) {
  auto resumed = Resume(text, view);
  if (!resumed) return resumed.error();
  Scan scan;
  scan.before = *resumed;
  scan.cursor = *std::move(resumed);
  scan.delivered = memory_.Find(scan.before.nonce);
  Cursor& cursor = scan.cursor;
  cursor.columns = view.own.columns();
  cursor.since = Later(cursor.since, scan.delivered.since);
  cursor.covered = Later(cursor.covered, scan.delivered.covered);
  cursor.checked = Later(cursor.checked, scan.delivered.checked);

  const auto answer = AskBySize(view, cursor);
  if (!answer) return answer.error();
  auto page = view.own.ReadPage(answer->response.body);
  if (!page) return page.error();
  if (const Status added = AddChildRows(rest_, view, *page, false); !added) return added.error();
  scan.changes.full = cursor.full;
  Take(view, *answer, *page, scan);
  if (!cursor.paging) {
    const bool full = cursor.full;
    const auto since = cursor.since;
    EndScan(scan);
    if (!full && since) {
      if (const Status read = FollowSolutions(view, *since, scan); !read) return read.error();
    }
    if (!full) {
      if (const Status checked = CrossCheck(view, scan); !checked) return checked.error();
    }
  }
  return HandOut(text, std::move(scan));
}

Result<Cursor> ChangeReader::Resume(const std::string& text, const View& view) {
  if (text.empty()) {
    Cursor start;
    start.full = true;
    start.columns = view.own.columns();
    start.organization = view.organization->organization_id;
    return start;
  }
  auto cursor = ParseCursor(text);
  if (!cursor) return Expired("The stored position in the CRM's changes is not readable");
  if (cursor->organization != view.organization->organization_id) {
    return Expired("The stored position in the CRM's changes belongs to another organisation");
  }
  if (!Includes(cursor->columns, view.own.columns())) {
    return Expired("More fields are read than when the position in the CRM's changes was taken");
  }
  const auto seen = Later(cursor->taken, memory_.Find(cursor->nonce).seen_at);
  if (seen && clock_.Now() - *seen > kCursorAgeMax) {
    return Expired("The last look at the CRM's changes is too long ago: deletions may be missing");
  }
  return *std::move(cursor);
}

// A query that runs too long is asked again for half as many rows.
Result<net::ApiAnswer> ChangeReader::AskBySize(const View& view, Cursor& cursor) {
  while (true) {
    auto answer = Ask(view, cursor);
    if (answer || !IsTooSlow(answer.error())) return answer;
    const std::size_t limit = (cursor.limit == 0 ? options_.page_size : cursor.limit) / 2;
    if (limit < kLimitMin) return answer;
    log_.Warning("a query for changes ran too long; smaller pages are read",
                 {{"rows", std::to_string(limit)}});
    cursor.limit = limit;
    cursor.link.clear();
  }
}

// A locator lives two days, or less; the position of the last row takes its place.
Result<net::ApiAnswer> ChangeReader::Ask(const View& view, Cursor& cursor) {
  if (!cursor.link.empty()) {
    auto answer = rest_.Follow(cursor.link, ReadOf(view), false);
    if (answer || answer.error().code != kInvalidLocator) return answer;
    cursor.link.clear();
  }
  QueryCall call;
  call.soql = QueryOf(view, cursor);
  call.deleted_too = !cursor.full;
  call.page_size = options_.page_size;
  return AskQuery(rest_, call, ReadOf(view));
}

std::string ChangeReader::QueryOf(const View& view, const Cursor& cursor) const {
  SelectStatement statement;
  statement.fields = view.own.select();
  statement.from = view.synced.object.name;
  statement.order_by = kOrder;
  statement.limit = cursor.limit;
  if (cursor.position) {
    statement.where = Behind(cursor.position->stamp, cursor.position->id);
  } else if (cursor.since && !cursor.full) {
    statement.where = AtLeast("SystemModstamp", *cursor.since - options_.overlap);
  }
  return Print(statement);
}

void ChangeReader::Take(const View& view, const net::ApiAnswer& answer, const Page& page,
                        Scan& scan) {
  Cursor& cursor = scan.cursor;
  scan.server_time = ServerTime(answer);
  if (!cursor.started) cursor.started = scan.server_time;
  if (page.unreadable_rows > 0) {
    log_.Warning("rows without an id were left out",
                 {{"rows", std::to_string(page.unreadable_rows)}});
  }
  for (const Row& row : page.rows) {
    const auto stamp = row.stamped_at();
    cursor.newest = Later(cursor.newest, stamp);
    if (stamp) cursor.position = {*stamp, row.id};
    const std::string etag = row.deleted ? kDeletedEtag : view.own.EtagOf(row);
    const bool news = scan.delivered.Add(row.id, etag, stamp.value_or(Instant{}));
    if (!news && !cursor.full) continue;
    if (row.deleted) {
      scan.changes.deleted.push_back(CrmId{row.id});
    } else {
      scan.changes.records.push_back(view.ToRecord(view.own, row, answer.clock_offset));
    }
  }
  // A full read must not remember the whole organisation.
  const auto recent = cursor.started ? cursor.started : cursor.newest;
  if (cursor.full && recent) scan.delivered.ForgetBefore(*recent - 2 * options_.overlap);
  cursor.link = page.next;
  const std::size_t rows = page.rows.size() + page.unreadable_rows;
  cursor.paging = !page.next.empty() || (cursor.limit > 0 && rows >= cursor.limit);
}

// Where the next scan begins. All that was visible when this one started has been read; what is
// committed later than `overlap` after its stamp is the cross-check's business.
void ChangeReader::EndScan(Scan& scan) {
  Cursor& cursor = scan.cursor;
  auto since = Later(cursor.since, cursor.newest);
  // Rows of the first pages may have changed while the last ones were read.
  const bool paged = scan.before.paging;
  if (since && paged && cursor.started) since = std::min(*since, *cursor.started);
  if (cursor.started) since = Later(since, *cursor.started - options_.overlap);
  if (cursor.full) {
    cursor.covered = cursor.started;
    cursor.checked = cursor.started;
  }
  cursor.full = !since.has_value();  // without a stamp or a date there is nothing to go on from
  cursor.since = since;
  cursor.position.reset();
  cursor.newest.reset();
  cursor.started.reset();
  cursor.limit = 0;
  if (since) scan.delivered.ForgetBefore(*since - options_.overlap);
}

// A solution added or taken away changes no stamp of its opportunity.
Status ChangeReader::FollowSolutions(const View& view, Instant since, Scan& scan) {
  if (!view.reads_solutions()) return Done{};
  const auto ids = OpportunitiesOfChangedSolutions(rest_, *view.organization->solutions,
                                                   since - options_.overlap);
  if (!ids) return ids.error();
  return TakeWindow({}, *ids, scan);
}

// Nor does a change of its team. That is looked for with the cross-check: a team may wait a little,
// and every poll costs of the day's calls.
Status ChangeReader::FollowTeams(const View& view, Instant since, Scan& scan) {
  if (!view.reads_sales_team()) return Done{};
  const auto ids =
      OpportunitiesOfChangedTeams(rest_, *view.organization->sales_team, since - options_.overlap);
  if (!ids) return ids.error();
  return TakeWindow({}, *ids, scan);
}

Status ChangeReader::CrossCheck(const View& view, Scan& scan) {
  Cursor& cursor = scan.cursor;
  const auto now = scan.server_time;
  if (!now || !cursor.checked || !cursor.covered) return Done{};
  if (*now - *cursor.checked < options_.cross_check_interval) return Done{};
  const Status teams = FollowTeams(view, *cursor.covered, scan);
  const auto window = teams ? ReadReplication(rest_, view.synced, *cursor.covered, *now)
                            : Result<ReplicationWindow>(teams.error());
  if (!window && window.error().kind == ErrorKind::cursor_expired) return window.error();
  if (!window) {
    // The scan's own finds must not wait for it.
    log_.Warning("the cross-check of changes failed and is tried again",
                 {{"error", Summarize(window.error())}});
    const bool passing = window.error().kind == ErrorKind::throttled ||
                         window.error().kind == ErrorKind::unreachable ||
                         window.error().kind == ErrorKind::unavailable;
    if (!passing) cursor.checked = now;
    return Done{};
  }
  std::set<std::string> ids(window->updated.begin(), window->updated.end());
  for (const std::string& id : window->deleted) {
    const auto known = scan.delivered.entries.find(id);
    const bool told = known != scan.delivered.entries.end() && known->second.etag == kDeletedEtag;
    if (!told) ids.insert(id);
  }
  const Status taken =
      TakeWindow(window->deleted, std::vector<std::string>(ids.begin(), ids.end()), scan);
  if (!taken) return taken;
  cursor.covered = window->covered;
  cursor.checked = now;
  return Done{};
}

// What the scan has told already is not told again; what is listed as deleted but is there was
// undeleted meanwhile.
Status ChangeReader::TakeWindow(const std::vector<std::string>& deleted,
                                const std::vector<std::string>& ids, Scan& scan) {
  if (ids.empty()) return Done{};
  auto found = records_.Retrieve(ids, false);
  if (!found) return found.error();
  // Remembered as long as the lists that named it may name it again, however old the record is.
  const Instant stamp = scan.server_time.value_or(scan.cursor.since.value_or(Instant{}));
  std::set<std::string> there;
  for (Found& each : *found) {
    there.insert(each.record.id.text);
    if (scan.delivered.Add(each.record.id.text, each.record.etag, stamp)) {
      scan.changes.records.push_back(std::move(each.record));
    }
  }
  for (const std::string& id : deleted) {
    if (there.contains(id)) continue;
    if (scan.delivered.Add(id, kDeletedEtag, stamp)) scan.changes.deleted.push_back(CrmId{id});
  }
  return Done{};
}

// A poll that found nothing gives the same cursor back, so that nothing has to be recorded.
CrmChanges ChangeReader::HandOut(const std::string& text, Scan scan) {
  Cursor& cursor = scan.cursor;
  CrmChanges& changes = scan.changes;
  scan.delivered.since = cursor.since;
  scan.delivered.covered = cursor.covered;
  scan.delivered.checked = cursor.checked;
  scan.delivered.seen_at = Later(scan.delivered.seen_at, scan.server_time);
  changes.more = cursor.paging;
  const bool one_page = !scan.before.paging && !cursor.paging && !changes.full;
  const bool fresh = scan.before.taken && scan.server_time &&
                     *scan.server_time - *scan.before.taken < kCursorRenewal;
  const bool same_columns = scan.before.columns == cursor.columns;
  if (one_page && fresh && same_columns && changes.records.empty() && changes.deleted.empty()) {
    memory_.Keep(scan.before.nonce, std::move(scan.delivered));
    changes.cursor = text;
    return std::move(changes);
  }
  cursor.taken = scan.server_time;
  cursor.nonce = memory_.NewNonce(random_.Next());
  memory_.Keep(cursor.nonce, std::move(scan.delivered));
  changes.cursor = Print(cursor);
  return std::move(changes);
}

}  // namespace cosell::salesforce
