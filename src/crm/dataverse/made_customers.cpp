#include "crm/dataverse/made_customers.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/dataverse/customer_key.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;

// The row a create would have found or made.
struct Customer {
  std::string id;  // empty: there is none
  bool made = false;
};

std::string TextAt(const Json& row, const std::string& member) {
  const auto found = row.find(member);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<Customer> FindOlder(WebApi& api, const Table& table, const CustomerKey& key) {
  const std::string what = "search for the " + table.logical_name;
  const auto answer = api.Get(key.SearchPath(table), what);
  // What cannot be looked for was not made either.
  if (!answer && answer.error().kind == ErrorKind::refused) return Customer{};
  if (!answer) return answer.error();
  const Json json = Json::parse(answer->response.body, nullptr, false);
  if (!json.is_object() || !json.contains("value") || !json["value"].is_array()) {
    return UnreadableAnswer(*answer, what);
  }
  const Json& rows = json["value"];
  return rows.empty() ? Customer{} : Customer{ToLower(TextAt(rows.front(), table.id_column))};
}

Result<Customer> FindCustomer(WebApi& api, const Table& table, const std::string& user_id,
                              const CreateSearch& search, const CustomerKey& key) {
  const std::string id = key.DerivedId(table);
  const std::string what = "read of " + table.logical_name + " " + id;
  const auto answer = api.Get(RowPath(table.entity_set, id, "createdon,_createdby_value"), what);
  if (!answer && answer.error().kind == ErrorKind::not_found) return FindOlder(api, table, key);
  if (!answer) return answer.error();
  const Json row = Json::parse(answer->response.body, nullptr, false);
  if (!row.is_object()) return UnreadableAnswer(*answer, what);
  const auto created_at = ParseInstant(TextAt(row, "createdon"));
  const bool ours = EqualsIgnoreCase(TextAt(row, "_createdby_value"), user_id);
  return Customer{id, ours && created_at && search.MayHaveMade(*created_at, answer->clock_offset)};
}

}  // namespace

Result<std::vector<PerformedWrite>> FindMadeCustomers(WebApi& api, const std::string& user_id,
                                                      const CreateSearch& search) {
  std::vector<PerformedWrite> made;
  std::string account_id;
  const auto look = [&](const char* table_name,
                        const std::optional<RelatedRecord>& record) -> Status {
    if (!record) return Done{};
    const CustomerKey key = KeyOf(*record, account_id);
    if (key.empty()) return Done{};
    const auto customer = FindCustomer(api, EmptyTable(table_name), user_id, search, key);
    if (!customer) return customer.error();
    if (customer->made) made.push_back(Performed(table_name, customer->id, "create", {}, 0));
    account_id = customer->id;
    return Done{};
  };
  if (const Status looked = look("account", search.account); !looked) return looked.error();
  // The contact comes after the account it belongs to.
  if (search.account && account_id.empty()) return made;
  if (const Status looked = look("contact", search.contact); !looked) return looked.error();
  return made;
}

}  // namespace cosell::dataverse
