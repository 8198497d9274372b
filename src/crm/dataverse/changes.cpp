#include "crm/dataverse/changes.h"

#include <algorithm>

#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

// modifiedon has whole seconds and is stamped before the row can be seen by others, so each query
// begins a little before the newest one met.
constexpr std::chrono::seconds kOverlap{120};

constexpr std::string_view kWhat = "read of opportunity changes";

Error Expired(std::string message) {
  Error error;
  error.kind = ErrorKind::cursor_expired;
  error.message = std::move(message);
  return error;
}

// Contract section 7: 0x80044352, 410, or any 400 on a link mean that the token is lost.
bool MeansTokenLost(const Error& error) {
  return error.kind == ErrorKind::cursor_expired || error.kind == ErrorKind::refused ||
         error.kind == ErrorKind::not_found || NormalizeCode(error.code) == kVersionExpired;
}

// Without the privilege, or where the table does not track, the plain query may still be answered.
bool MeansNoTracking(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::forbidden;
}

Error TokenLost(const Error& error) {
  Error expired = error;
  expired.kind = ErrorKind::cursor_expired;
  return expired;
}

}  // namespace

ChangeReader::ChangeReader(WebApi& api, Opportunities& opportunities, Log& log,
                           std::size_t page_size)
    : api_(api),
      opportunities_(opportunities),
      log_(log),
      page_size_(std::clamp<std::size_t>(page_size, 1, 5000)),
      columns_(ContentHash(opportunities.select())) {}

Result<CrmChanges> ChangeReader::Next(const std::string& text) {
  const auto cursor = Resume(text);
  if (!cursor) return cursor.error();
  if (cursor->mode == Cursor::Mode::modified) return ReadModified(*cursor);
  auto changes = ReadTracked(*cursor);
  if (changes || !cursor->link.empty() || !MeansNoTracking(changes.error())) return changes;
  log_.Warning("change tracking was refused; changes are read by modification time",
               {{"code", changes.error().code}});
  Cursor by_time = *cursor;
  by_time.mode = Cursor::Mode::modified;
  return ReadModified(by_time);
}

Result<Cursor> ChangeReader::Resume(const std::string& text) const {
  if (text.empty()) {
    Cursor start;
    start.full = true;
    start.columns = columns_;
    const bool tracking = opportunities_.organization().opportunity.change_tracking.value_or(true);
    start.mode = tracking ? Cursor::Mode::tracked : Cursor::Mode::modified;
    return start;
  }
  const auto cursor = ParseCursor(text);
  if (!cursor) return Expired("The stored position in the CRM's changes is not readable");
  if (cursor->columns != columns_) {
    return Expired("Other columns are read than when the position in the CRM's changes was taken");
  }
  if (!cursor->link.empty() && !api_.IsOwnLink(cursor->link)) {
    return Expired("The stored position in the CRM's changes belongs to another organisation");
  }
  return *cursor;
}

std::string ChangeReader::PreferFor(const Cursor& cursor) const {
  const std::string paging = "odata.maxpagesize=" + std::to_string(page_size_);
  const bool track = cursor.mode == Cursor::Mode::tracked && cursor.full;
  return track ? "odata.track-changes," + paging : paging;
}

Result<net::ApiAnswer> ChangeReader::Ask(const Cursor& cursor, const std::string& query) {
  if (cursor.link.empty()) return api_.Get(query, kWhat, PreferFor(cursor));
  const auto answer = api_.Follow(cursor.link, PreferFor(cursor));
  if (answer && answer->response.status < 300) return answer;
  const Error error = answer ? ErrorFromAnswer(*answer, Purpose::read, kWhat)
                             : ErrorFromClient(answer.error(), Purpose::read, kWhat);
  if (MeansTokenLost(error)) return TokenLost(error);
  return error;
}

Result<CrmChanges> ChangeReader::ReadTracked(const Cursor& cursor) {
  Query query;
  query.entity_set = opportunities_.organization().opportunity.entity_set;
  query.select = opportunities_.select();
  const auto answer = Ask(cursor, Print(query));
  if (!answer) return answer.error();
  auto page = opportunities_.ReadPage(*answer);
  if (!page) return page.error();
  // Without changes a delta may have no list at all; a full read always has one.
  if (cursor.full && !page->has_rows) return UnreadableAnswer(*answer, kWhat);
  if (const Status checked = CheckLinks(*page); !checked) return checked.error();

  Cursor next = cursor;
  next.paging = !page->next_link.empty();
  if (next.paging) {
    next.link = page->next_link;
  } else if (!page->delta_link.empty()) {
    next.link = page->delta_link;
    next.full = false;
  } else if (cursor.full) {
    // Everything was listed but nothing was promised for later: begin again by modification time,
    // whose order makes sure that no change made during this read is missed.
    next = Cursor{};
    next.mode = Cursor::Mode::modified;
    next.full = true;
    next.columns = columns_;
    auto changes = Deliver(*answer, *std::move(page), std::move(next), true);
    if (changes) changes->more = true;
    return changes;
  } else if (cursor.paging) {
    return Expired("The CRM gave no delta link after the last page of changes");
  }
  return Deliver(*answer, *std::move(page), std::move(next), cursor.full);
}

Result<CrmChanges> ChangeReader::ReadModified(const Cursor& cursor) {
  Query query;
  query.entity_set = opportunities_.organization().opportunity.entity_set;
  query.select = opportunities_.select();
  query.orderby = "modifiedon asc,opportunityid asc";
  if (cursor.since) query.filter = "modifiedon ge " + FormatSeconds(*cursor.since - kOverlap);
  const auto answer = Ask(cursor, Print(query));
  if (!answer) return answer.error();
  auto page = opportunities_.ReadPage(*answer);
  if (!page) return page.error();
  if (!page->has_rows) return UnreadableAnswer(*answer, kWhat);
  if (const Status checked = CheckLinks(*page); !checked) return checked.error();

  Cursor next = cursor;
  for (const FlatRow& row : page->rows) {
    if (row.modified_at && (!next.newest || *next.newest < *row.modified_at)) {
      next.newest = row.modified_at;
    }
  }
  next.paging = !page->next_link.empty();
  next.link = page->next_link;
  if (!next.paging) {
    next.since = next.newest;
    // With not one record met there is nothing to continue from.
    next.full = !next.since.has_value();
  }
  return Deliver(*answer, *std::move(page), std::move(next), cursor.full);
}

Status ChangeReader::CheckLinks(const Page& page) const {
  for (const std::string* link : {&page.next_link, &page.delta_link}) {
    if (link->empty() || api_.IsOwnLink(*link)) continue;
    Error error;
    error.kind = ErrorKind::invalid_response;
    error.message =
        "The CRM answered with a link to another host than the organisation's, which is not "
        "followed: check crm.url and any proxy that rewrites answers";
    return error;
  }
  return Done{};
}

Result<CrmChanges> ChangeReader::Deliver(const net::ApiAnswer& answer, Page page, Cursor next,
                                         bool full) {
  if (page.unreadable_rows > 0) {
    log_.Warning("rows without an id were left out",
                 {{"rows", std::to_string(page.unreadable_rows)}});
  }
  CrmChanges changes;
  changes.records.reserve(page.rows.size());
  for (const FlatRow& row : page.rows) {
    changes.records.push_back(opportunities_.ToRecord(row, answer.clock_offset));
  }
  for (std::string& id : page.deleted) changes.deleted.push_back(CrmId{std::move(id)});
  changes.more = next.paging;
  changes.full = full;
  changes.cursor = Print(next);
  return changes;
}

}  // namespace cosell::dataverse
