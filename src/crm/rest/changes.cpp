#include "crm/rest/changes.h"

#include <algorithm>

#include "crm/rest/stamps.h"

namespace cosell::rest {
namespace {

constexpr std::string_view kDeleted = "#deleted";
constexpr int kFeedPagesMax = 1000;
constexpr std::chrono::hours kClocksApart{1};
constexpr const char* kList = "list of deals";

}  // namespace

Result<CrmChanges> ChangeReader::Next(const std::string& text) {
  if (text.empty()) {
    cursor_.full = true;
  } else {
    auto known = ParseCursor(text);
    if (!known) return known.error();
    cursor_ = *std::move(known);
  }
  changes_.full = cursor_.full;
  std::optional<Instant> since;
  if (!cursor_.full) since = *cursor_.since - deal_.list.overlap;
  const auto page = ReadPage(service_, deal_.list, since, cursor_.page, kList);
  if (!page) return page.error();
  clock_offset_ = page->clock_offset;
  if (page->server_time) latest_ = *page->server_time + deal_.list.overlap;
  for (const Json& item : page->items) {
    if (const auto taken = Take(item); !taken) return taken.error();
  }
  if (cursor_.full && cursor_.page.empty()) Begin(*page);
  if (page->next.empty() && !cursor_.full) {
    if (const auto taken = TakeDeletions(); !taken) return taken.error();
  }
  Finish(*page);
  return std::move(changes_);
}

// A full read starts where the service's clock stood; what was edited meanwhile is asked for again.
void ChangeReader::Begin(const Page& page) {
  cursor_.since = page.server_time ? page.server_time : cursor_.newest;
}

// Where the next changes are asked from: the newest one seen, as far as it can be trusted. The
// clock of the answers may be another than that of the stamps, so it counts with room.
void ChangeReader::MoveOn(const Page& page) {
  if (!cursor_.since) return;
  const Instant newest = cursor_.newest.value_or(*cursor_.since);
  const Instant reached =
      cursor_.full ? std::min(*cursor_.since, newest) : std::max(*cursor_.since, newest);
  cursor_.since = page.server_time ? std::max(reached, *page.server_time - kClocksApart) : reached;
}

void ChangeReader::Finish(const Page& page) {
  cursor_.page = page.next;
  changes_.more = !page.next.empty();
  if (!changes_.more) {
    MoveOn(page);
    cursor_.full = false;
    cursor_.newest.reset();
    // Nothing to ask from: the next read is a full one.
    if (!cursor_.since || deal_.list.parameter.empty()) return;
  }
  if (const auto since = cursor_.since) {
    std::erase_if(cursor_.told, [&](const auto& each) {
      const auto at = StampOf(each.second);
      return !at || *at < *since - deal_.list.overlap - std::chrono::seconds(1);
    });
  }
  changes_.cursor = PrintCursor(cursor_);
}

Status ChangeReader::Take(const Json& item) {
  if (!deal_.list_is_whole) {
    const std::string id = IdOf(item, deal_.id);
    const auto at = ReadInstant(Find(item, deal_.changed_at.member), deal_.changed_at.format);
    const auto told = cursor_.told.find(id);
    const auto known = told == cursor_.told.end() ? std::nullopt : StampOf(told->second);
    // The list lags behind what was read of the deal itself.
    if (at && known && *at < *known) return Done{};
    if (at) Note(*at);
    return TakeRead(id);
  }
  const auto deal = records_.reader().Read(item);
  if (!deal) {
    Leave(deal.error());
  } else if (deal->deleted) {
    Note(deal->changed_at);
    Tell(deal->id, deal->changed_at);
  } else {
    Deliver(*deal);
  }
  return Done{};
}

Status ChangeReader::TakeRead(const std::string& id) {
  const auto read = records_.Get(id);
  if (!read) {
    // One deal that is not as described holds up no other.
    if (read.error().kind != ErrorKind::invalid_response || read.error().http_status != 0) {
      return read.error();
    }
    Leave(read.error());
  } else if (*read) {
    Deliver((*read)->deal);
  } else {
    Tell(id, cursor_.newest.value_or(cursor_.since.value_or(Instant{})));
  }
  return Done{};
}

void ChangeReader::Deliver(const Deal& deal) {
  Note(deal.changed_at);
  std::string& told = cursor_.told[deal.id];
  const bool again = told == deal.etag;
  told = deal.etag;
  if (again && !cursor_.full) return;
  changes_.records.push_back(records_.reader().ToRecord(deal, selection_, clock_offset_));
}

void ChangeReader::Tell(const std::string& id, Instant at) {
  // Deletions follow from absence in a full read; those that happen meanwhile are told after it.
  if (id.empty() || cursor_.full) return;
  std::string& told = cursor_.told[id];
  if (told.ends_with(kDeleted)) return;
  told = FormatInstant(at) + std::string(kDeleted);
  changes_.deleted.push_back(CrmId{id});
}

Status ChangeReader::TakeDeletions() {
  if (deal_.deletions != Deletions::feed) return Done{};
  const std::optional<Instant> since = deal_.feed.parameter.empty()
                                           ? std::nullopt
                                           : std::optional(*cursor_.since - deal_.feed.overlap);
  std::string token;
  for (int number = 0; number < kFeedPagesMax; ++number) {
    const auto page = ReadPage(service_, deal_.feed, since, token, "list of deleted deals");
    if (!page) return page.error();
    for (const Json& item : page->items) {
      if (const auto taken = TakeDeletion(item); !taken) return taken.error();
    }
    token = page->next;
    if (token.empty()) break;
  }
  return Done{};
}

// What was deleted may have come back since.
Status ChangeReader::TakeDeletion(const Json& item) {
  const std::string id = IdOf(item, {deal_.feed_id, deal_.id.number});
  const auto told = cursor_.told.find(id);
  if (id.empty() || (told != cursor_.told.end() && told->second.ends_with(kDeleted))) {
    return Done{};
  }
  const auto read = records_.Get(id);
  if (!read) return read.error();
  if (*read) return Done{};
  const auto at = ReadInstant(Find(item, deal_.feed_at.member), deal_.feed_at.format);
  if (at && !deal_.feed_at.member.empty()) Note(*at);
  Tell(id, at.value_or(*cursor_.since));
  return Done{};
}

// A stamp from the future would hide everything until then.
void ChangeReader::Note(Instant at) {
  if (latest_ && at > *latest_) return;
  if (!cursor_.newest || at > *cursor_.newest) cursor_.newest = at;
}

void ChangeReader::Leave(const Error& error) const {
  log_.Warning("a deal is not as the description file says and was left alone",
               {{"error", error.message}});
}

}  // namespace cosell::rest
