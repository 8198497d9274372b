#include "crm/dataverse/changes.h"

#include <algorithm>
#include <iterator>

#include "crm/dataverse/errors.h"
#include "crm/dataverse/lost_token.h"
#include "crm/dataverse/odata.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

// A link delivers the columns it was made for.
std::string ColumnsOf(const Records& records) {
  if (!records.reads_solutions()) return ContentHash(records.select());
  const SolutionsTable& solutions = *records.organization().solutions;
  return ContentHash(records.select() + "|" + solutions.column() + "|" +
                     solutions.columns.identifier);
}

}  // namespace

ChangeReader::ChangeReader(WebApi& api, Records& records, SolutionParents& parents, Log& log,
                           std::size_t page_size)
    : api_(api),
      records_(records),
      parents_(parents),
      log_(log),
      page_size_(std::clamp<std::size_t>(page_size, 1, 5000)),
      what_("read of " + records.kind_name() + " changes"),
      columns_(ColumnsOf(records)) {}

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

Result<Cursor> ChangeReader::Start() {
  Cursor start;
  start.full = true;
  start.columns = columns_;
  const bool tracking = records_.table().change_tracking.value_or(true);
  start.mode = tracking ? Cursor::Mode::tracked : Cursor::Mode::modified;
  if (!records_.reads_solutions()) return start;
  // Before the first page, so that no change made during this read is missed.
  SolutionChanges changes(api_, *records_.organization().solutions, parents_);
  auto position = changes.Begin();
  if (!position) return position.error();
  start.solutions = *std::move(position);
  return start;
}

Result<Cursor> ChangeReader::Resume(const std::string& text) {
  if (text.empty()) return Start();
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
  if (cursor.link.empty()) return api_.Get(query, what_, PreferFor(cursor));
  const auto answer = api_.Follow(cursor.link, PreferFor(cursor));
  if (answer && answer->response.status < 300) return answer;
  const Error error = answer ? ErrorFromAnswer(*answer, Purpose::read, what_)
                             : ErrorFromClient(answer.error(), Purpose::read, what_);
  return AsLostToken(error);
}

Result<CrmChanges> ChangeReader::ReadTracked(const Cursor& cursor) {
  Query query;
  query.entity_set = records_.table().entity_set;
  query.select = records_.select();
  const auto answer = Ask(cursor, Print(query));
  if (!answer) return answer.error();
  auto page = records_.ReadPage(*answer);
  if (!page) return page.error();
  // Without changes a delta may have no list at all; a full read always has one.
  if (cursor.full && !page->has_rows) return UnreadableAnswer(*answer, what_);
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
    next.solutions = cursor.solutions;
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
  query.entity_set = records_.table().entity_set;
  query.select = records_.select();
  query.orderby = "modifiedon asc," + records_.table().id_column + " asc";
  if (cursor.since)
    query.filter = "modifiedon ge " + FormatSeconds(*cursor.since - kModifiedOverlap);
  const auto answer = Ask(cursor, Print(query));
  if (!answer) return answer.error();
  auto page = records_.ReadPage(*answer);
  if (!page) return page.error();
  if (!page->has_rows) return UnreadableAnswer(*answer, what_);
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

Status ChangeReader::AddChangedSolutions(Page& page, SolutionsPosition& position) {
  SolutionChanges changes(api_, *records_.organization().solutions, parents_);
  auto delta = changes.Since(position);
  if (!delta) return delta.error();
  for (const FlatRow& row : page.rows) delta->opportunities.erase(row.id);
  const std::vector<std::string> ids(delta->opportunities.begin(), delta->opportunities.end());
  for (std::size_t at = 0; at < ids.size(); at += kIdsPerQuery) {
    const auto chunk = std::span(ids).subspan(at, std::min(kIdsPerQuery, ids.size() - at));
    auto read = records_.Query(AnyOf(records_.table().id_column, chunk), "", "");
    if (!read) return read.error();
    std::move(read->rows.begin(), read->rows.end(), std::back_inserter(page.rows));
  }
  position = std::move(delta->next);
  return Done{};
}

Result<CrmChanges> ChangeReader::Deliver(const net::ApiAnswer& answer, Page page, Cursor next,
                                         bool full) {
  if (page.unreadable_rows > 0) {
    log_.Warning("rows without an id were left out",
                 {{"rows", std::to_string(page.unreadable_rows)}});
  }
  if (const Status completed = records_.Complete(std::span(page.rows)); !completed) {
    return completed.error();
  }
  if (records_.reads_solutions() && !full && !next.paging) {
    const Status added = AddChangedSolutions(page, next.solutions);
    if (!added) return added.error();
  }
  CrmChanges changes;
  changes.records.reserve(page.rows.size());
  for (const FlatRow& row : page.rows) {
    changes.records.push_back(records_.ToRecord(row, answer.clock_offset));
  }
  for (std::string& id : page.deleted) changes.deleted.push_back(CrmId{std::move(id)});
  changes.more = next.paging;
  changes.full = full;
  changes.cursor = Print(next);
  return changes;
}

}  // namespace cosell::dataverse
