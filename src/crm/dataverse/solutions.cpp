#include "crm/dataverse/solutions.h"

#include <algorithm>

#include "base/text.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/metadata_json.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/organization.h"
#include "crm/dataverse/rows.h"

namespace cosell::dataverse {
namespace {

constexpr std::string_view kWhat = "read of the opportunities' solutions";
constexpr std::string_view kLabels[] = {"Microsoft Solution", "Microsoft Solutions",
                                        "Microsoft Partner Center Solution",
                                        "Microsoft Partner Center Solutions"};

// A lookup of another table that leads to the opportunity.
struct Child {
  std::string table;
  std::string lookup;
  std::string navigation;
};

std::string Definition(const std::string& table) {
  return "EntityDefinitions(LogicalName='" + table + "')";
}

Result<std::vector<Child>> ReadChildren(WebApi& api) {
  const std::string path = Definition("opportunity") +
                           "/OneToManyRelationships?$select=ReferencingEntity,"
                           "ReferencingAttribute,ReferencingEntityNavigationPropertyName";
  std::vector<Child> children;
  const auto read =
      EachRow(api, path, "tables that belong to the opportunity", [&](const Json& row) {
        children.push_back({ToLower(TextAt(row, "ReferencingEntity")),
                            ToLower(TextAt(row, "ReferencingAttribute")),
                            TextAt(row, "ReferencingEntityNavigationPropertyName")});
      });
  if (!read) return read.error();
  return children;
}

// Asking every child of the opportunity for its label would cost a call each.
bool MayBeSolutions(const Child& child) {
  return child.table.find('_') != std::string::npos &&
         child.table.find("solution") != std::string::npos;
}

Result<bool> IsLabelled(WebApi& api, const std::string& table) {
  const auto names =
      GetMetadata(api, Definition(table) + "?$select=DisplayName,DisplayCollectionName",
                  "name of table " + table);
  if (!names) return names.error();
  if (!names->has_value()) return false;
  return std::any_of(std::begin(kLabels), std::end(kLabels), [&](std::string_view label) {
    return EqualsIgnoreCase(EnglishLabel(**names, "DisplayName"), label) ||
           EqualsIgnoreCase(EnglishLabel(**names, "DisplayCollectionName"), label);
  });
}

std::string ColumnLabelled(const Table& table, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    for (const auto& [name, column] : table.columns) {
      if (EqualsIgnoreCase(Trim(column.label), label)) return name;
    }
  }
  return "";
}

SolutionColumns ColumnsOf(const Table& table) {
  return {ColumnLabelled(table, {"Solution Identifier", "Solution ID"}),
          ColumnLabelled(table, {"Solution Name", "Name"}),
          ColumnLabelled(table, {"Type", "Solution Type"}),
          ColumnLabelled(table, {"Publisher Name", "Publisher"})};
}

Result<std::optional<SolutionsTable>> Describe(RelatedTables& tables, const Child& child) {
  SolutionsTable solutions;
  auto table = tables.Get(child.table);
  if (!table) return table.error();
  solutions.table = *std::move(table);
  solutions.parent = child.lookup;
  solutions.navigation = child.navigation;
  solutions.columns = ColumnsOf(*solutions.table);
  const bool usable = !solutions.table->entity_set.empty() && !solutions.navigation.empty() &&
                      solutions.table->Find(solutions.parent) != nullptr;
  if (!usable || solutions.columns.identifier.empty()) return std::optional<SolutionsTable>{};
  // Named after the table: msft_microsoftsolution, msft_microsoftsolutiondetail.
  auto catalogue = tables.Get(child.table + "detail");
  if (!catalogue) return catalogue.error();
  solutions.catalogue_columns = ColumnsOf(**catalogue);
  const bool known =
      !(*catalogue)->entity_set.empty() && !solutions.catalogue_columns.identifier.empty();
  if (known) solutions.catalogue = *std::move(catalogue);
  return std::optional(std::move(solutions));
}

void CheckUse(const SolutionsTable& solutions, std::vector<std::string>& problems) {
  const Table& table = *solutions.table;
  if (!table.Find(solutions.columns.identifier)->creatable) {
    problems.push_back("Solutions cannot be written to table " + table.logical_name +
                       ": its column " + solutions.columns.identifier + " is read only");
  }
  if (table.change_tracking == false) {
    problems.push_back("Change tracking is off for the " + table.logical_name +
                       " table: added solutions are found by modification time, removed ones only "
                       "by the sweep. Turn on \"Track changes\" in the table's advanced "
                       "properties");
  }
}

// All pages of a query's rows.
template <typename Take>
Status TakePages(WebApi& api, const RowReader& reader, net::ApiAnswer answer, Take take) {
  while (true) {
    std::vector<std::string> currencies;
    const auto page = reader.ReadPage(answer.response.body, Currencies{}, currencies);
    if (!page) return page.error();
    for (const FlatRow& row : page->rows) take(row);
    if (page->next_link.empty()) return Done{};
    if (!api.IsOwnLink(page->next_link)) return UnreadableAnswer(answer, kWhat);
    auto next = api.Follow(page->next_link, "");
    if (!next) return ErrorFromClient(next.error(), Purpose::read, kWhat);
    if (next->response.status >= 300) return ErrorFromAnswer(*next, Purpose::read, kWhat);
    answer = *std::move(next);
  }
}

// Rows whose `filter` holds for one of the chunks, all chunks in as few calls as can be.
template <typename Take>
Status TakeRows(WebApi& api, const Table& table, const RowReader& reader,
                const std::vector<std::string>& filters, Take take) {
  std::vector<Operation> operations;
  for (const std::string& filter : filters) {
    Query query;
    query.entity_set = table.entity_set;
    query.select = reader.select();
    query.filter = filter;
    Operation operation;
    operation.path = Print(query);
    operations.push_back(std::move(operation));
  }
  for (Sent& sent : api.RunAll(operations)) {
    if (!sent.answer) return ErrorFromClient(sent.answer.error(), Purpose::read, kWhat);
    if (sent.answer->response.status >= 300) {
      return ErrorFromAnswer(*sent.answer, Purpose::read, kWhat);
    }
    const Status taken = TakePages(api, reader, *std::move(sent.answer), take);
    if (!taken) return taken;
  }
  return Done{};
}

std::vector<std::span<const std::string>> Chunks(std::span<const std::string> all) {
  std::vector<std::span<const std::string>> chunks;
  for (std::size_t at = 0; at < all.size(); at += kIdsPerQuery) {
    chunks.push_back(all.subspan(at, std::min(kIdsPerQuery, all.size() - at)));
  }
  return chunks;
}

std::string TextOf(const RowReader& reader, const FlatRow& row, const std::string& column) {
  const auto index = reader.IndexOf(column);
  const Json text = index ? Json::parse(row.values[*index], nullptr, false) : Json();
  return text.is_string() ? std::string(Trim(text.get<std::string>())) : std::string{};
}

}  // namespace

Result<std::optional<SolutionsTable>> FindSolutions(WebApi& api, RelatedTables& tables,
                                                    const std::string& override_name,
                                                    std::vector<std::string>& problems) {
  const auto children = ReadChildren(api);
  if (!children) return children.error();
  for (const Child& child : *children) {
    const bool named = !override_name.empty() && child.table == override_name;
    if (!named && !(override_name.empty() && MayBeSolutions(child))) continue;
    if (!named) {
      const auto labelled = IsLabelled(api, child.table);
      if (!labelled) return labelled.error();
      if (!*labelled) continue;
    }
    auto solutions = Describe(tables, child);
    if (!solutions) return solutions.error();
    if (!*solutions) continue;
    CheckUse(**solutions, problems);
    return solutions;
  }
  if (!override_name.empty()) {
    problems.push_back("crm.fields.solutions_object names \"" + override_name +
                       "\", which is no table with a lookup of the opportunity and a column "
                       "labelled \"Solution Identifier\", or which our user may not see: correct "
                       "the table's logical name, or give the application user access");
  }
  return std::optional<SolutionsTable>{};
}

Result<std::vector<SolutionRow>> ReadSolutions(WebApi& api, const SolutionsTable& solutions,
                                               std::span<const std::string> opportunity_ids) {
  const RowReader reader(*solutions.table, {solutions.parent, solutions.columns.identifier});
  std::vector<std::string> filters;
  for (const auto chunk : Chunks(opportunity_ids)) {
    filters.push_back(AnyOf("_" + solutions.parent + "_value", chunk));
  }
  std::vector<SolutionRow> rows;
  const Status read = TakeRows(api, *solutions.table, reader, filters, [&](const FlatRow& row) {
    const std::string identifier = TextOf(reader, row, solutions.columns.identifier);
    if (!row.lookups.empty() && !identifier.empty()) {
      rows.push_back({row.id, row.lookups.front().id, identifier});
    }
  });
  if (!read) return read.error();
  return rows;
}

Result<std::vector<SolutionColumns>> ReadCatalogue(WebApi& api, const SolutionsTable& solutions,
                                                   std::span<const std::string> identifiers) {
  std::vector<SolutionColumns> known;
  if (solutions.catalogue == nullptr) return known;
  const SolutionColumns& columns = solutions.catalogue_columns;
  const RowReader reader(*solutions.catalogue,
                         {columns.identifier, columns.name, columns.type, columns.publisher});
  std::vector<std::string> filters;
  for (const auto chunk : Chunks(identifiers)) {
    std::vector<std::string> quoted;
    for (const std::string& each : chunk) quoted.push_back(QuoteLiteral(each));
    filters.push_back(AnyOf(columns.identifier, quoted));
  }
  const Status read = TakeRows(api, *solutions.catalogue, reader, filters, [&](const FlatRow& row) {
    known.push_back({TextOf(reader, row, columns.identifier), TextOf(reader, row, columns.name),
                     TextOf(reader, row, columns.type), TextOf(reader, row, columns.publisher)});
  });
  if (!read) return read.error();
  return known;
}

std::string SolutionsValue(std::vector<std::string> identifiers) {
  std::sort(identifiers.begin(), identifiers.end());
  identifiers.erase(std::unique(identifiers.begin(), identifiers.end()), identifiers.end());
  return identifiers.empty() ? "null" : Quoted(Join(identifiers, "; "));
}

}  // namespace cosell::dataverse
