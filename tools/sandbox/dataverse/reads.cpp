#include "tools/sandbox/dataverse/reads.h"

#include <algorithm>

#include "base/text.h"
#include "tools/sandbox/dataverse/change_tracking.h"
#include "tools/sandbox/dataverse/error.h"

namespace cosell::sandbox::dataverse {
namespace {

using Rows = std::vector<const Row*>;

bool Matches(const Query& query, const Row& row) {
  return !query.filter || query.filter->Holds(row) == true;
}

// Rows that match, in the order of their ids, behind `after`, at most `limit`.
Rows Collect(const Query& query, const std::string& after, std::size_t limit) {
  const Table& table = *query.shape.table;
  Rows rows;
  if (const auto ids = query.filter ? query.filter->Ids() : std::nullopt) {
    for (auto at = ids->upper_bound(after); at != ids->end() && rows.size() < limit; ++at) {
      const Row* row = table.FindRow(*at);
      if (row != nullptr && Matches(query, *row)) rows.push_back(row);
    }
    return rows;
  }
  const auto& all = table.rows();
  for (auto at = all.upper_bound(after); at != all.end() && rows.size() < limit; ++at) {
    if (Matches(query, at->second)) rows.push_back(&at->second);
  }
  return rows;
}

// The text rows are sorted by: null first, numbers at a fixed width, letters without case.
std::string SortKey(const Value& value) {
  if (IsNull(value)) return "";
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "1" : "0";
  if (const auto* reference = std::get_if<Reference>(&value)) return reference->id;
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + FoldCase(*text);
  const auto biased = static_cast<std::uint64_t>(std::get<std::int64_t>(value)) + (1ULL << 63);
  const std::string digits = std::to_string(biased);
  return std::string(20 - digits.size(), '0') + digits;
}

std::vector<std::string> SortKeys(const Query& query, const Row& row) {
  std::vector<std::string> keys;
  for (const auto& order : query.order) keys.push_back(SortKey(row.cells[order.column]));
  keys.push_back(row.id);
  return keys;
}

bool Before(const Query& query, const std::vector<std::string>& left,
            const std::vector<std::string>& right) {
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (left[i] == right[i]) continue;
    const bool descending = i < query.order.size() && query.order[i].descending;
    return (left[i] < right[i]) != descending;
  }
  return false;
}

// Sorted as asked, without what earlier pages showed.
Rows Sorted(const Query& query, const std::optional<Cookie>& cookie) {
  std::vector<std::pair<std::vector<std::string>, const Row*>> keyed;
  for (const Row* row : Collect(query, "", query.shape.table->rows().size())) {
    auto keys = SortKeys(query, *row);
    if (cookie && !Before(query, cookie->state, keys)) continue;
    keyed.emplace_back(std::move(keys), row);
  }
  std::sort(keyed.begin(), keyed.end(),
            [&](const auto& a, const auto& b) { return Before(query, a.first, b.first); });
  Rows rows;
  for (const auto& [keys, row] : keyed) rows.push_back(row);
  return rows;
}

struct Page {
  Rows rows;
  bool more = false;
};

Page TakePage(const ReadContext& context, const Query& query, const std::optional<Cookie>& cookie) {
  const bool paged = context.prefer.page_size.has_value();
  std::size_t size = std::min(context.prefer.page_size.value_or(kPageRowsMax), kPageRowsMax);
  const bool topped = query.top && !paged;  // $top is ignored beside a page size
  if (topped) size = std::min(size, *query.top);
  Page page;
  if (query.order.empty()) {
    page.rows = Collect(query, cookie ? cookie->state.back() : "", size + 1);
  } else {
    page.rows = Sorted(query, cookie);
  }
  page.more = page.rows.size() > size && !(topped && *query.top <= size);
  if (page.rows.size() > size) page.rows.resize(size);
  return page;
}

void AppendCounts(std::string& body, const ReadContext& context, const Query& query) {
  const bool annotated = context.prefer.Wants("Microsoft.Dynamics.CRM.totalrecordcount");
  if (!query.count && !annotated) return;
  const std::size_t total =
      query.count ? Collect(query, "", query.shape.table->rows().size()).size() : 0;
  const std::size_t shown = annotated ? total : std::min(total, kPageRowsMax);
  if (query.count) body += "\"@odata.count\":" + std::to_string(shown) + ",";
  if (!annotated) return;
  body += "\"@Microsoft.Dynamics.CRM.totalrecordcount\":" +
          (query.count ? std::to_string(total) : "-1") +
          ",\"@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded\":false,";
}

}  // namespace

std::string ReadContext::Context(const std::string& fragment) const {
  return JsonString(origin + std::string(kApiRoot) + "$metadata#" + fragment);
}

std::string ReadCollection(const ReadContext& context, const Table& table) {
  const Query query = ParseQuery(context.target, table, context.database);
  const auto cookie = query.skip_token
                          ? std::optional(DecodeCookie(*query.skip_token, context.target))
                          : std::nullopt;
  const bool tracked = context.prefer.track_changes || (cookie && cookie->tracking);
  if (query.delta_token || tracked) {
    RequireTrackable(context, table, query);
    if (query.delta_token) return ReadDelta(context, query, cookie);
    return ReadTracked(context, query, cookie);
  }
  const Page page = TakePage(context, query, cookie);
  std::string body =
      "{\"@odata.context\":" + context.Context(ContextOf(query.shape, query.select)) + ",";
  AppendCounts(body, context, query);
  body += "\"value\":[";
  for (const Row* row : page.rows) {
    AppendRow(body, context.database, query.shape, *row, context.prefer);
    body += ',';
  }
  if (body.back() == ',') body.pop_back();
  body += ']';
  if (page.more) {
    const Cookie next{cookie ? cookie->page + 1 : 2, false, SortKeys(query, *page.rows.back())};
    body +=
        ",\"@odata.nextLink\":" + JsonString(LinkWith(context.origin, context.target, "$skiptoken",
                                                      EncodeCookie(next, context.target)));
  }
  return body + "}";
}

std::string ReadCount(const ReadContext& context, const Table& table) {
  const Query query = ParseQuery(context.target, table, context.database);
  if (query.delta_token) return CountDelta(context, query);
  return std::to_string(Collect(query, "", kPageRowsMax).size());
}

std::string ReadRow(const ReadContext& context, const Table& table, const Row& row) {
  const Query query = ParseQuery(context.target, table, context.database);
  if (query.filter || query.top || query.count || !query.order.empty()) {
    ThrowBadQuery("Query options $filter, $orderby, $count and $top apply to collections only.");
  }
  const std::string head =
      "\"@odata.context\":" + context.Context(ContextOf(query.shape, query.select) + "/$entity") +
      ",";
  std::string body;
  AppendRow(body, context.database, query.shape, row, context.prefer, head);
  return body;
}

}  // namespace cosell::sandbox::dataverse
