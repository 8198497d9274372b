#include "crm/dataverse/customers.h"

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/dataverse/bodies.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"
#include "crm/dataverse/rows.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;

// Text of a flat value; empty for null and "".
std::string PlainText(const Attribute& attribute) {
  const Json value = Json::parse(attribute.json, nullptr, false);
  if (value.is_string()) return std::string(Trim(value.get<std::string>()));
  return value.is_primitive() && !value.is_null() && !value.is_discarded() ? value.dump() : "";
}

bool IsText(const Attribute& attribute) {
  return Json::parse(attribute.json, nullptr, false).is_string();
}

std::vector<Attribute> Named(const std::vector<Attribute>& attributes,
                             std::initializer_list<std::string_view> names) {
  std::vector<Attribute> found;
  for (const std::string_view name : names) {
    for (const Attribute& each : attributes) {
      if (each.name == name && !PlainText(each).empty()) found.push_back(each);
    }
  }
  return found;
}

// What tells one record from another: what the mapping asks for, else the e-mail address, else the
// names.
std::vector<Attribute> MatchOf(const RelatedRecord& record) {
  std::vector<Attribute> match;
  for (const Attribute& each : record.match) {
    if (!PlainText(each).empty()) match.push_back(each);
  }
  if (match.empty()) match = Named(record.attributes, {"emailaddress1"});
  if (match.empty()) match = Named(record.attributes, {"firstname", "lastname"});
  if (match.empty()) match = Named(record.attributes, {"name"});
  return match;
}

std::string FilterOf(const std::vector<Attribute>& match, const std::string& account_id) {
  std::string filter;
  for (const Attribute& each : match) {
    const std::string text = PlainText(each);
    filter += each.name + " eq " + (IsText(each) ? QuoteLiteral(text) : text) + " and ";
  }
  if (!account_id.empty()) filter += "_parentcustomerid_value eq " + account_id + " and ";
  return filter + "statecode eq 0";
}

std::string KeyOf(const std::vector<Attribute>& match, const std::string& account_id) {
  std::vector<std::string> parts;
  if (!account_id.empty()) parts.push_back(account_id);
  for (const Attribute& each : match) parts.push_back(ToLower(PlainText(each)));
  return Join(parts, "|");
}

}  // namespace

// One distinct record that is looked for.
struct Customers::Search {
  const RelatedRecord* record = nullptr;
  std::string account_id;
  std::string correlation;
  std::string filter;
  std::string derived_id;
  CustomerOutcome outcome;
  bool open() const { return !filter.empty() && outcome.id.empty() && !outcome.error; }
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
    const auto match = MatchOf(*request.record);
    const std::string key = KeyOf(match, request.account_id);
    const auto [place, inserted] = by_key.emplace(key, searches.size());
    search_of[i] = place->second;
    if (!inserted) continue;
    Search search{request.record, request.account_id, request.correlation, "", "", {}};
    if (!match.empty()) {
      search.filter = FilterOf(match, request.account_id);
      search.derived_id = DerivedGuid(table_name, key);
    } else if (table_name == "account") {
      search.outcome.error = Refusal(
          "The deal's customer has no name to find or create its account by: complete it in "
          "Partner Center");
    }
    searches.push_back(std::move(search));
  }

  Find(**table, searches);
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
    Query query;
    query.entity_set = table.entity_set;
    query.select = table.id_column;
    query.filter = search.filter;
    query.orderby = "createdon asc";
    query.top = "2";
    Operation operation;
    operation.path = Print(query);
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
    if (!search.account_id.empty()) {
      attributes.push_back({"parentcustomerid", Quoted(search.account_id)});
    }
    auto body = BuildBody(table, *currencies_.Get(), attributes, BodyFor::create);
    if (!body) {
      search.outcome.error = body.error();
      continue;
    }
    Operation operation;
    operation.method = "PATCH";
    operation.path = RowPath(table.entity_set, search.derived_id);
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
    const auto& answer = sent[i].answer;
    const bool done = answer && answer->response.status < 300;
    if (done) {
      search.outcome.id = search.derived_id;
    } else {
      const Error error = answer ? ErrorFromAnswer(*answer, Purpose::create, what)
                                 : ErrorFromClient(answer.error(), Purpose::create, what);
      // Somebody, most likely an earlier attempt of ours, has made it meanwhile.
      if (error.kind == ErrorKind::already_exists) {
        search.outcome.id = search.derived_id;
        continue;
      }
      search.outcome.error = error;
    }
    if (!done && !WasAttempted(*search.outcome.error)) continue;
    search.outcome.performed.push_back(Performed(table.logical_name, search.derived_id, "create",
                                                 search.outcome.error, sent[i].duration_ms));
  }
}

}  // namespace cosell::dataverse
