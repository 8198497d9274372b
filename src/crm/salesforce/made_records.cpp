#include "crm/salesforce/made_records.h"

#include <nlohmann/json.hpp>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/customer_search.h"
#include "crm/salesforce/errors.h"
#include "crm/salesforce/queries.h"
#include "crm/salesforce/soql.h"

namespace cosell::salesforce {
namespace {

using Json = nlohmann::json;

std::string TextAt(const Json& row, const std::string& field) {
  const auto found = row.find(field);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// For one search.
class MadeRecords {
 public:
  MadeRecords(Rest& rest, const Organization& organization, const CreateSearch& search)
      : rest_(rest),
        search_(search),
        user_id_(NormalizeSalesforceId(organization.user_id).value_or("")) {}

  // Adds the account or contact; its id, empty where there is none.
  Result<std::string> AddCustomer(const Object& object, const RelatedRecord& record,
                                  const std::string& account_id) {
    const auto key = KeyOf(object, record, account_id);
    // What cannot be looked for was not made either.
    if (!key || key->attributes.empty()) return std::string{};
    const auto matches = FindCustomers(rest_, object, {*key});
    if (!matches) return matches.error();
    const auto match = matches->find(key->Text());
    if (match == matches->end()) return std::string{};
    const Status added = Add(object.name, Equals("Id", match->second.id), ToLower(object.name));
    if (!added) return added.error();
    return match->second.id;
  }

  // Adds those of the rows that our user made then.
  Status Add(const std::string& object, const std::string& where, const std::string& kind) {
    SelectStatement statement;
    statement.fields = {"Id", "CreatedById", "CreatedDate"};
    statement.from = object;
    statement.where = where;
    statement.order_by = "CreatedDate, Id";
    const std::string what = "read of who made the " + kind;
    return RunQueries(rest_, {Print(statement)}, what, {},
                      [&](const net::ApiAnswer& page) -> Result<std::string> {
                        const Json json = Json::parse(page.response.body, nullptr, false);
                        if (!json.is_object() || !json.contains("records")) {
                          return UnreadableAnswer(page, what);
                        }
                        for (const Json& row : json["records"]) Take(row, page.clock_offset, kind);
                        return TextAt(json, "nextRecordsUrl");
                      });
  }

  std::vector<PerformedWrite> made;

 private:
  void Take(const Json& row, std::optional<std::chrono::milliseconds> clock_offset,
            const std::string& kind) {
    const auto id = NormalizeSalesforceId(TextAt(row, "Id"));
    const auto created_at = ParseInstant(TextAt(row, "CreatedDate"));
    const bool ours = NormalizeSalesforceId(TextAt(row, "CreatedById")) == user_id_;
    if (!id || !ours || !created_at || !search_.MayHaveMade(*created_at, clock_offset)) return;
    made.push_back({kind, *id, "create", "", true, 0});
  }

  Rest& rest_;
  const CreateSearch& search_;
  const std::string user_id_;
};

}  // namespace

Result<std::vector<PerformedWrite>> FindMadeRecords(Rest& rest, const Organization& organization,
                                                    const CreateSearch& search,
                                                    const std::string& opportunity_id) {
  MadeRecords records(rest, organization, search);
  std::string account_id;
  if (search.account) {
    const auto account = records.AddCustomer(organization.account, *search.account, "");
    if (!account) return account.error();
    account_id = *account;
  }
  // The contact comes after the account it belongs to.
  if (search.contact && (!search.account || !account_id.empty())) {
    const auto contact = records.AddCustomer(organization.contact, *search.contact, account_id);
    if (!contact) return contact.error();
  }
  if (organization.solutions && !opportunity_id.empty()) {
    const SolutionsObject& solutions = *organization.solutions;
    const Status added = records.Add(solutions.object.name,
                                     Equals(solutions.parent_field, opportunity_id), "solution");
    if (!added) return added.error();
  }
  return std::move(records.made);
}

}  // namespace cosell::salesforce
