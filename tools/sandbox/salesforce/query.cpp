#include "tools/sandbox/salesforce/query.h"

#include <algorithm>
#include <charconv>

namespace cosell::sandbox::salesforce {
namespace {

[[noreturn]] void ThrowLocator() {
  throw ServiceError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
}

std::vector<FieldPath> PathsOf(const BoundSelect& select) {
  std::vector<FieldPath> paths;
  for (const auto& item : select.items) {
    if (!item.child) paths.push_back(item.path);
  }
  return paths;
}

// The children of one record, as a nested result; null when there are none (6.1).
Json ChildResult(const ReadContext& context, const BoundItem& item, const std::string& parent,
                 std::size_t& rows) {
  BoundSelect select = *item.child;
  select.where = [&item, parent](const Row& row) {
    return row.cells[item.link] == Value(parent) && (!item.child->where || item.child->where(row));
  };
  const auto candidates = select.table->Candidates(item.link, parent);
  const auto ids = RunSelect(context.database, select, &candidates);
  if (ids.empty()) return nullptr;
  Json records = Json::array();
  for (const auto& id : ids) {
    records.push_back(
        RenderRecord(context, *select.table, *select.table->Visible(id), PathsOf(select)));
  }
  rows += ids.size();
  return {{"totalSize", ids.size()}, {"done", true}, {"records", records}};
}

Json Counted(const ReadContext& context, const BoundSelect& select,
             const std::vector<std::string>& ids) {
  if (select.count_rows) {
    return {{"totalSize", ids.size()}, {"done", true}, {"records", Json::array()}};
  }
  const BoundItem& item = select.items.front();
  const auto count = std::count_if(ids.begin(), ids.end(), [&](const std::string& id) {
    return !IsNull(
        ReadPath(context.database, *select.table, *select.table->Visible(id), item.path));
  });
  const Json row = {{"attributes", {{"type", "AggregateResult"}}}, {item.alias, count}};
  return {{"totalSize", 1}, {"done", true}, {"records", Json::array({row})}};
}

}  // namespace

Json QueryRunner::Run(const ReadContext& context, Database& database, const std::string& soql,
                      bool all_rows, std::size_t batch_size) {
  Cursor cursor;
  cursor.select = BindSoql(context, ParseSoql(soql), soql, all_rows);
  cursor.ids = RunSelect(context.database, cursor.select);
  const bool counts = cursor.select.count_rows || cursor.select.items.front().count;
  if (counts) return Counted(context, cursor.select, cursor.ids);
  cursor.page_size =
      std::max<std::size_t>(1, std::min(batch_size, context.database.switches().page_size_max));
  cursor.made_at = context.database.Now();
  std::size_t at = 0;
  Json records = Page(context, cursor, at);
  if (at >= cursor.ids.size()) return Answer(context, cursor, "", at, std::move(records));
  const std::string name = Keep(context, database, std::move(cursor));
  return Answer(context, cursors_.at(name), name, at, std::move(records));
}

std::string QueryRunner::Keep(const ReadContext& context, Database& database, Cursor cursor) {
  const auto& switches = context.database.switches();
  std::erase_if(cursors_, [&](const auto& item) {
    return item.second.made_at + switches.locator_lifetime < context.database.Now();
  });
  // The statement is done with; only what it selects is needed for later pages.
  cursor.select.where = nullptr;
  const std::string name = database.NewId(switches.old_locators ? "01g" : "0r8");
  cursors_.emplace(name, std::move(cursor));
  return name;
}

Json QueryRunner::More(const ReadContext& context, const std::string& locator) {
  const auto dash = locator.find('-');
  const auto cursor = cursors_.find(locator.substr(0, dash));
  if (cursor == cursors_.end() || dash == std::string::npos) ThrowLocator();
  const auto lifetime = context.database.switches().locator_lifetime;
  if (cursor->second.made_at + lifetime < context.database.Now()) ThrowLocator();
  std::size_t from = 0;
  const char* last = locator.data() + locator.size();
  const auto [end, problem] = std::from_chars(locator.data() + dash + 1, last, from);
  if (problem != std::errc{} || end != last || from >= cursor->second.ids.size()) ThrowLocator();
  Json records = Page(context, cursor->second, from);
  return Answer(context, cursor->second, cursor->first, from, std::move(records));
}

Json QueryRunner::Page(const ReadContext& context, const Cursor& cursor, std::size_t& at) {
  const BoundSelect& select = cursor.select;
  const auto paths = PathsOf(select);
  Json records = Json::array();
  std::size_t rows = 0;
  for (; at < cursor.ids.size() && rows < cursor.page_size; ++at) {
    const Row* row = select.all_rows ? select.table->Visible(cursor.ids[at])
                                     : select.table->Live(cursor.ids[at]);
    if (row == nullptr) continue;  // gone since the query was made
    ++rows;
    Json record = RenderRecord(context, *select.table, *row, paths);
    for (const auto& item : select.items) {
      if (item.child) record[item.relationship] = ChildResult(context, item, row->id, rows);
    }
    records.push_back(std::move(record));
  }
  return records;
}

Json QueryRunner::Answer(const ReadContext& context, const Cursor& cursor, const std::string& name,
                         std::size_t at, Json records) {
  const bool done = at >= cursor.ids.size();
  Json answer = {{"totalSize", cursor.ids.size()}, {"done", done}};
  if (!done) {
    answer["nextRecordsUrl"] = context.Base() + "/query/" + name + "-" + std::to_string(at);
  }
  answer["records"] = std::move(records);
  return answer;
}

}  // namespace cosell::sandbox::salesforce
