#include "crm/dataverse/related.h"

#include <algorithm>
#include <set>
#include <span>

#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

struct Path {
  std::string_view lookup;
  std::string_view table;
};

constexpr Path kPaths[] = {
    {"parentaccountid", "account"}, {"parentcontactid", "contact"}, {"ownerid", "systemuser"}};

std::string_view TableOf(std::string_view lookup) {
  for (const Path& path : kPaths) {
    if (path.lookup == lookup) return path.table;
  }
  return "";
}

const RowLookup* FindLookup(const FlatRow& row, std::string_view column) {
  for (const RowLookup& lookup : row.lookups) {
    if (lookup.column == column && !lookup.id.empty()) return &lookup;
  }
  return nullptr;
}

// The id of the record a lookup leads to; empty when there is none in that table.
std::string TargetId(const FlatRow& row, std::string_view lookup) {
  const std::string_view table = TableOf(lookup);
  const RowLookup* direct = FindLookup(row, lookup);
  if (direct == nullptr && lookup == "parentaccountid") direct = FindLookup(row, "customerid");
  if (direct == nullptr) return "";
  // Without the annotation the table is not known; a query by the id finds nothing if it is wrong.
  return direct->table.empty() || direct->table == table ? direct->id : std::string{};
}

using RowsById = std::map<std::string, FlatRow>;

Result<RowsById> ReadByIds(WebApi& api, CurrencyCache& currencies, const Table& table,
                           const RowReader& reader, const std::set<std::string>& ids) {
  RowsById found;
  const std::vector<std::string> all(ids.begin(), ids.end());
  for (std::size_t at = 0; at < all.size(); at += kIdsPerQuery) {
    const auto chunk = std::span(all).subspan(at, std::min(kIdsPerQuery, all.size() - at));
    Query query;
    query.entity_set = table.entity_set;
    query.select = reader.select();
    query.filter = AnyOf(table.id_column, chunk);
    const auto answer = api.Get(Print(query), "read of table " + table.logical_name);
    if (!answer) return answer.error();
    std::vector<std::string> unknown;
    auto page = reader.ReadPage(answer->response.body, *currencies.Get(), unknown);
    if (!page) return page.error();
    for (FlatRow& row : page->rows) found[row.id] = std::move(row);
  }
  return found;
}

void AddMembers(const std::string& lookup, const std::vector<std::string>& columns,
                const RowReader& reader, const FlatRow* row, FlatMembers& out) {
  for (const std::string& column : columns) {
    const auto index = reader.IndexOf(column);
    out.emplace_back(lookup + "." + column, row != nullptr && index ? row->values[*index] : "null");
  }
}

}  // namespace

ColumnSplit SplitColumns(const std::vector<std::string>& columns) {
  ColumnSplit split;
  for (const std::string& name : columns) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) {
      split.own.push_back(name);
      continue;
    }
    auto& related = split.related[name.substr(0, dot)];
    const std::string column = name.substr(dot + 1);
    if (std::find(related.begin(), related.end(), column) == related.end()) {
      related.push_back(column);
    }
  }
  std::erase_if(split.related, [](const auto& each) { return TableOf(each.first).empty(); });
  return split;
}

std::vector<std::string> LookupsFor(const RelatedColumns& related) {
  std::vector<std::string> lookups;
  for (const auto& [lookup, columns] : related) lookups.push_back(lookup);
  if (related.contains("parentaccountid")) lookups.emplace_back("customerid");
  return lookups;
}

Result<std::vector<FlatMembers>> ReadRelated(WebApi& api, RelatedTables& tables,
                                             CurrencyCache& currencies,
                                             const RelatedColumns& related,
                                             const std::vector<FlatRow>& rows) {
  std::vector<FlatMembers> members(rows.size());
  for (const auto& [lookup, columns] : related) {
    std::set<std::string> ids;
    for (const FlatRow& row : rows) {
      if (std::string id = TargetId(row, lookup); !id.empty()) ids.insert(std::move(id));
    }
    const auto table = tables.Get(std::string(TableOf(lookup)));
    if (!table) return table.error();
    const RowReader reader(**table, columns);
    const auto found = ReadByIds(api, currencies, **table, reader, ids);
    if (!found) return found.error();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = found->find(TargetId(rows[i], lookup));
      AddMembers(lookup, columns, reader, row == found->end() ? nullptr : &row->second, members[i]);
    }
  }
  return members;
}

}  // namespace cosell::dataverse
