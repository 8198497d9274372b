#include "crm/dataverse/qualified.h"

#include <algorithm>

#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/rows.h"

namespace cosell::dataverse {

Result<std::map<std::string, std::string>> FindQualified(WebApi& api,
                                                         std::span<const std::string> leads) {
  constexpr std::string_view kWhat = "search for the opportunities of qualified leads";
  const Table table = DocumentedTable("opportunity");
  const RowReader reader(table, {"originatingleadid"});
  std::vector<Operation> operations;
  for (std::size_t at = 0; at < leads.size(); at += kIdsPerQuery) {
    Query query;
    query.entity_set = table.entity_set;
    query.select = reader.select();
    query.filter = AnyOf("_originatingleadid_value",
                         leads.subspan(at, std::min(kIdsPerQuery, leads.size() - at)));
    query.orderby = "createdon asc";
    Operation operation;
    operation.path = Print(query);
    operations.push_back(std::move(operation));
  }
  std::map<std::string, std::string> found;
  for (const Sent& sent : api.RunAll(operations)) {
    if (!sent.answer) return ErrorFromClient(sent.answer.error(), Purpose::read, kWhat);
    if (sent.answer->response.status >= 300) {
      return ErrorFromAnswer(*sent.answer, Purpose::read, kWhat);
    }
    std::vector<std::string> currencies;
    const auto page = reader.ReadPage(sent.answer->response.body, Currencies{}, currencies);
    if (!page) return page.error();
    for (const FlatRow& row : page->rows) {
      if (!row.lookups.empty()) found.emplace(row.lookups.front().id, row.id);
    }
  }
  return found;
}

}  // namespace cosell::dataverse
