#include "tools/sandbox/dataverse/change_tracking.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/time.h"
#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {
namespace {

// What a $deltatoken says: "4402117!03/02/2026 08:20:00".
struct Stamp {
  std::uint64_t version = 0;
  Instant at;
};

[[noreturn]] void ThrowExpired(const Database& database) {
  const int status = database.switches().expired_token_answers_410 ? 410 : 400;
  throw ServiceError(
      status, kStampExpired,
      "Version stamp associated with the client has expired. Please perform a full sync.");
}

std::uint64_t Number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    ThrowBadQuery("The tracking token is malformed.");
  }
  return number;
}

Stamp ParseStamp(const std::string& token) {
  const auto parts = Split(token, '!');
  const std::string& time = parts.back();
  if (parts.size() != 2 || time.size() != 19) ThrowBadQuery("The tracking token is malformed.");
  const auto at = ParseInstant(time.substr(6, 4) + "-" + time.substr(0, 2) + "-" +
                               time.substr(3, 2) + "T" + time.substr(11) + "Z");
  if (!at) ThrowBadQuery("The tracking token is malformed.");
  return {Number(parts.front()), *at};
}

std::string EncodeStamp(std::uint64_t version, Instant at) {
  const std::string iso = FormatSeconds(at);
  const std::string time = iso.substr(5, 2) + "%2f" + iso.substr(8, 2) + "%2f" + iso.substr(0, 4) +
                           "%20" + iso.substr(11, 2) + "%3a" + iso.substr(14, 2) + "%3a" +
                           iso.substr(17, 2);
  return std::to_string(version) + "%21" + time;
}

Stamp ValidStamp(const ReadContext& context, const Query& query) {
  const Stamp stamp = ParseStamp(*query.delta_token);
  const Database& database = context.database;
  const bool old = database.Now() - stamp.at > database.switches().change_tracking_retention;
  if (old || stamp.version < database.tracking_floor()) ThrowExpired(database);
  return stamp;
}

std::size_t PageSize(const ReadContext& context) {
  return std::min(context.prefer.page_size.value_or(kPageRowsMax), kPageRowsMax);
}

std::string Head(const ReadContext& context, const Query& query, const std::string& suffix) {
  return "{\"@odata.context\":" + context.Context(ContextOf(query.shape, query.select) + suffix) +
         ",\"value\":[";
}

std::string Tail(const ReadContext& context, std::string body, const std::string& annotation,
                 const std::string& option, const std::string& value) {
  if (body.back() == ',') body.pop_back();
  return body + "],\"" + annotation +
         "\":" + JsonString(LinkWith(context.origin, context.target, option, value)) + "}";
}

std::string DeltaTail(const ReadContext& context, std::string body, std::uint64_t version) {
  return Tail(context, std::move(body), "@odata.deltaLink", "$deltatoken",
              EncodeStamp(version, context.database.Now()));
}

// Deletions of rows that have not come back since.
std::vector<const Deletion*> Gone(const Table& table, std::uint64_t after, std::uint64_t up_to) {
  std::vector<const Deletion*> gone;
  for (const auto& deletion : table.deletions()) {
    const bool within = deletion.version > after && deletion.version <= up_to;
    if (within && table.FindRow(deletion.id) == nullptr) gone.push_back(&deletion);
  }
  return gone;
}

// Where a delta read stands: its bounds, and the last version shown in each of its two parts.
struct DeltaPosition {
  std::uint64_t after = 0;
  std::uint64_t up_to = 0;
  std::uint64_t row = 0;
  std::uint64_t deletion = 0;
};

DeltaPosition Position(const ReadContext& context, const Query& query,
                       const std::optional<Cookie>& cookie) {
  const std::uint64_t after = ValidStamp(context, query).version;
  if (!cookie) return {after, context.database.version(), after, after};
  if (cookie->state.size() != 3) ThrowBadQuery("Malformed XML in the Paging Cookie");
  return {after, Number(cookie->state[0]), Number(cookie->state[1]), Number(cookie->state[2])};
}

std::size_t AppendChanged(std::string& body, const ReadContext& context, const Query& query,
                          DeltaPosition& position, std::size_t room) {
  const Table& table = *query.shape.table;
  std::size_t shown = 0;
  auto at = table.by_version().upper_bound(position.row);
  for (; at != table.by_version().end() && at->first <= position.up_to && shown < room; ++at) {
    AppendRow(body, context.database, query.shape, *table.FindRow(at->second), context.prefer);
    body += ',';
    position.row = at->first;
    ++shown;
  }
  return shown;
}

void AppendDeleted(std::string& body, const ReadContext& context, const Table& table,
                   DeltaPosition& position, std::size_t room) {
  for (const auto* deletion : Gone(table, position.deletion, position.up_to)) {
    if (room-- == 0) return;
    body += "{\"@odata.context\":" + context.Context(table.info().set_name + "/$deletedEntity") +
            ",\"id\":" + JsonString(deletion->id) + ",\"reason\":\"deleted\"},";
    position.deletion = deletion->version;
  }
}

bool MoreToShow(const Table& table, const DeltaPosition& position) {
  const auto row = table.by_version().upper_bound(position.row);
  if (row != table.by_version().end() && row->first <= position.up_to) return true;
  return !Gone(table, position.deletion, position.up_to).empty();
}

}  // namespace

void RequireTrackable(const ReadContext& context, const Table& table, const Query& query) {
  if (!table.info().change_tracking || !context.database.switches().change_tracking) {
    throw ServiceError(400, kInvalidArgument,
                       "Change tracking is not enabled for entity " + table.name() + ".");
  }
  const auto refuse = [](const std::string& option) {
    ThrowBadQuery("The \"" + option +
                  "\" query parameter isn't supported when Change Tracking is enabled.");
  };
  if (query.filter) refuse("$filter");
  if (!query.order.empty()) refuse("$orderby");
  if (!query.shape.expansions.empty()) refuse("$expand");
  if (query.top) refuse("$top");
}

std::string ReadTracked(const ReadContext& context, const Query& query,
                        const std::optional<Cookie>& cookie) {
  if (cookie && cookie->state.size() != 2) ThrowBadQuery("Malformed XML in the Paging Cookie");
  const auto& rows = query.shape.table->rows();
  const std::uint64_t version = cookie ? Number(cookie->state[0]) : context.database.version();
  std::string body = Head(context, query, "");
  auto at = cookie ? rows.upper_bound(cookie->state[1]) : rows.begin();
  std::string last;
  for (std::size_t room = PageSize(context); at != rows.end() && room > 0; ++at, --room) {
    AppendRow(body, context.database, query.shape, at->second, context.prefer);
    body += ',';
    last = at->first;
  }
  if (at == rows.end()) return DeltaTail(context, std::move(body), version);
  const Cookie next{cookie ? cookie->page + 1 : 2, true, {std::to_string(version), last}};
  return Tail(context, std::move(body), "@odata.nextLink", "$skiptoken",
              EncodeCookie(next, context.target));
}

std::string ReadDelta(const ReadContext& context, const Query& query,
                      const std::optional<Cookie>& cookie) {
  const Table& table = *query.shape.table;
  DeltaPosition position = Position(context, query, cookie);
  std::string body = Head(context, query, "/$delta");
  const std::size_t size = PageSize(context);
  const std::size_t shown = AppendChanged(body, context, query, position, size);
  AppendDeleted(body, context, table, position, size - shown);
  if (!MoreToShow(table, position)) return DeltaTail(context, std::move(body), position.up_to);
  const Cookie next{cookie ? cookie->page + 1 : 2,
                    true,
                    {std::to_string(position.up_to), std::to_string(position.row),
                     std::to_string(position.deletion)}};
  const std::string stamp = "&$deltatoken=" + UrlEncode(*query.delta_token);
  return Tail(context, std::move(body), "@odata.nextLink", "$skiptoken",
              EncodeCookie(next, context.target) + stamp);
}

std::string CountDelta(const ReadContext& context, const Query& query) {
  const Table& table = *query.shape.table;
  const DeltaPosition position = Position(context, query, std::nullopt);
  const auto first = table.by_version().upper_bound(position.after);
  const auto rows = std::distance(first, table.by_version().end());
  return std::to_string(static_cast<std::size_t>(rows) +
                        Gone(table, position.after, position.up_to).size());
}

}  // namespace cosell::sandbox::dataverse
