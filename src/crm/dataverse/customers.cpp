#include "crm/dataverse/customers.h"

#include <map>

#include "base/planted.h"
#include "crm/dataverse/bodies.h"
#include "crm/dataverse/customer_key.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"
#include "crm/dataverse/rows.h"

namespace cosell::dataverse {

// One distinct record that is looked for.
struct Customers::Search {
  const RelatedRecord* record = nullptr;
  CustomerKey key;
  std::string correlation;
  CustomerOutcome outcome;
  bool open() const { return !key.empty() && outcome.id.empty() && !outcome.error; }
};

Customers::Customers(WebApi& api, RelatedTables& tables, CurrencyCache& currencies, Log& log)
    : api_(api), tables_(tables), currencies_(currencies), log_(log) {}

std::vector<CustomerOutcome> Customers::Resolve(const std::string& table_name,
                                                const std::vector<CustomerRequest>& requests) {
  std::vector<CustomerOutcome> outcomes(requests.size());
  if (requests.empty()) return outcomes;
  const auto table = tables_.Get(table_name);
  if (!table) {
    for (CustomerOutcome& outcome : outcomes) outcome.error = table.error();
    return outcomes;
  }

  std::vector<Search> searches;
  std::map<std::string, std::size_t> by_key;
  std::vector<std::size_t> search_of(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const CustomerRequest& request = requests[i];
    CustomerKey key = KeyOf(*request.record, request.account_id);
    const auto [place, inserted] = by_key.emplace(key.Text(), searches.size());
    search_of[i] = place->second;
    if (!inserted) continue;
    Search search{request.record, std::move(key), request.correlation, {}};
    if (Planted(PlantedBug::customer_made_again))
      search.key.match.push_back({"attempt", Quoted(request.correlation)});
    if (search.key.empty() && table_name == "account") {
      search.outcome.error = Refusal(
          "The deal's customer has no name to find or create its account by: complete it in "
          "Partner Center");
    }
    searches.push_back(std::move(search));
  }

  if (!Planted(PlantedBug::customer_made_again)) Find(**table, searches);
  Create(**table, searches);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Search& search = searches[search_of[i]];
    outcomes[i] = search.outcome;
    search.outcome.performed.clear();
  }
  return outcomes;
}

void Customers::Find(const Table& table, std::vector<Search>& searches) {
  std::vector<Operation> operations;
  std::vector<Search*> asked;
  for (Search& search : searches) {
    if (!search.open()) continue;
    Operation operation;
    operation.path = search.key.SearchPath(table);
    operation.correlation = search.correlation;
    operations.push_back(std::move(operation));
    asked.push_back(&search);
  }
  const std::string what = "search for the " + table.logical_name;
  const RowReader reader(table, {});
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CustomerOutcome& outcome = asked[i]->outcome;
    const auto& answer = sent[i].answer;
    if (!answer) {
      outcome.error = ErrorFromClient(answer.error(), Purpose::read, what);
      continue;
    }
    if (answer->response.status >= 300) {
      outcome.error = ErrorFromAnswer(*answer, Purpose::read, what);
      continue;
    }
    std::vector<std::string> unknown;
    const auto page = reader.ReadPage(answer->response.body, *currencies_.Get(), unknown);
    if (!page) {
      outcome.error = page.error();
    } else if (!page->rows.empty()) {
      outcome.id = page->rows.front().id;
      if (page->rows.size() > 1) {
        log_.Warning("several records match a deal's customer; the oldest is taken",
                     {{"table", table.logical_name}, {"id", outcome.id}});
      }
    }
  }
}

void Customers::Create(const Table& table, std::vector<Search>& searches) {
  std::vector<Operation> operations;
  std::vector<Search*> asked;
  for (Search& search : searches) {
    if (!search.open()) continue;
    std::vector<Attribute> attributes = search.record->attributes;
    if (!search.key.account_id.empty()) {
      attributes.push_back({"parentcustomerid", Quoted(search.key.account_id)});
    }
    auto body = BuildBody(table, *currencies_.Get(), attributes, BodyFor::create);
    if (!body) {
      search.outcome.error = body.error();
      continue;
    }
    Operation operation;
    operation.method = "PATCH";
    operation.path = RowPath(table.entity_set, search.key.DerivedId(table));
    operation.headers = {{"If-None-Match", "*"}};
    operation.body = body->json;
    operation.correlation = search.correlation;
    operations.push_back(std::move(operation));
    asked.push_back(&search);
  }
  const std::string what = "create of the " + table.logical_name;
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    Search& search = *asked[i];
    const std::string id = search.key.DerivedId(table);
    const auto& answer = sent[i].answer;
    const bool done = answer && answer->response.status < 300;
    if (done) {
      search.outcome.id = id;
    } else {
      const Error error = answer ? ErrorFromAnswer(*answer, Purpose::create, what)
                                 : ErrorFromClient(answer.error(), Purpose::create, what);
      // Somebody, most likely an earlier attempt of ours, has made it meanwhile.
      if (error.kind == ErrorKind::already_exists) {
        search.outcome.id = id;
        continue;
      }
      search.outcome.error = error;
    }
    if (!done && !WasAttempted(*search.outcome.error)) continue;
    search.outcome.performed.push_back(
        Performed(table.logical_name, id, "create", search.outcome.error, sent[i]));
  }
}

}  // namespace cosell::dataverse
