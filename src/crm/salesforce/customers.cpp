#include "crm/salesforce/customers.h"

#include <map>

#include "base/text.h"
#include "crm/salesforce/json_text.h"

namespace cosell::salesforce {
namespace {

constexpr const char* kAccountLookup = "AccountId";

std::string KindOf(const Object& object) { return ToLower(object.name); }

std::string WhatCreate(const Object& object) { return "create of the " + KindOf(object); }

// Assignment rules would hand a new account to somebody else (section 3.2).
net::Headers CreateHeaders() { return {{"Sforce-Auto-Assign", "FALSE"}}; }

Error NoAccountName() {
  return Refusal(
      "The deal's customer has no name to find or create its account by: complete it in Partner "
      "Center");
}

// The record a duplicate rule names, of the wanted object.
std::string DuplicateOf(const Object& object, const RowOutcome& outcome) {
  if (!outcome.fault || outcome.fault->code != kDuplicatesDetected) return "";
  for (const MatchedRecord& each : outcome.fault->matches) {
    if (each.type.empty() || each.type == object.name) return each.id;
  }
  return "";
}

// Of a collection the server tells that there is a duplicate, but not always which.
bool MustAskAlone(const Object& object, const RowOutcome& outcome) {
  return outcome.fault && outcome.fault->code == kDuplicatesDetected &&
         DuplicateOf(object, outcome).empty();
}

}  // namespace

// One distinct record that is looked for.
struct Customers::Search {
  CustomerRequest request;
  CustomerKey key;
  Body body;
  CustomerOutcome outcome;
  bool open() const { return !key.attributes.empty() && outcome.id.empty() && !outcome.error; }
};

std::vector<CustomerOutcome> Customers::Resolve(const Object& object,
                                                const std::vector<CustomerRequest>& requests) {
  std::vector<Search> searches;
  std::map<std::string, std::size_t> by_key;
  std::vector<std::size_t> search_of(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Search search;
    search.request = requests[i];
    Prepare(object, search);
    // What cannot be known by anything is no other record's double.
    const std::string key =
        search.key.attributes.empty() ? "\n" + std::to_string(i) : search.key.Text();
    const auto [place, inserted] = by_key.emplace(key, searches.size());
    search_of[i] = place->second;
    if (inserted) searches.push_back(std::move(search));
  }
  Find(object, searches);
  Create(object, searches);
  std::vector<CustomerOutcome> outcomes(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    CustomerOutcome& outcome = searches[search_of[i]].outcome;
    outcomes[i] = outcome;
    outcome.performed.clear();
  }
  return outcomes;
}

void Customers::Prepare(const Object& object, Search& search) {
  const CustomerRequest& request = search.request;
  auto key = KeyOf(object, *request.record, request.account_id);
  if (!key) {
    search.outcome.error = key.error();
    return;
  }
  search.key = *std::move(key);
  if (search.key.attributes.empty()) {
    if (object.name == "Account") search.outcome.error = NoAccountName();
    return;
  }
  std::vector<Attribute> attributes = request.record->attributes;
  if (!request.account_id.empty()) {
    attributes.push_back({kAccountLookup, Quoted(request.account_id)});
  }
  auto body = BuildBody(object, attributes, BodyFor::create);
  if (body) {
    search.body = *std::move(body);
  } else {
    search.outcome.error = body.error();
  }
}

void Customers::Find(const Object& object, std::vector<Search>& searches) {
  std::vector<CustomerKey> keys;
  for (const Search& search : searches) {
    if (search.open()) keys.push_back(search.key);
  }
  if (keys.empty()) return;
  const auto matches = FindCustomers(rest_, object, keys);
  for (Search& search : searches) {
    if (!search.open()) continue;
    if (!matches) {
      search.outcome.error = matches.error();
      continue;
    }
    const auto match = matches->find(search.key.Text());
    if (match == matches->end()) continue;
    search.outcome.id = match->second.id;
    if (match->second.count > 1) {
      log_.Warning("several records match a deal's customer; the oldest is taken",
                   {{"object", object.name}, {"id", search.outcome.id}});
    }
  }
}

void Customers::Create(const Object& object, std::vector<Search>& searches) {
  std::vector<Search*> creating;
  for (Search& search : searches) {
    if (!search.open()) continue;
    if (object.name == "Contact" && !search.body.Has("LastName")) {
      log_.Warning("a deal's contact has no last name and is left out", {});
      continue;
    }
    creating.push_back(&search);
  }
  if (creating.size() == 1) {
    return TakeCreated(object, CreateAlone(object, *creating.front()), *creating.front());
  }
  CollectionCall call;
  call.method = "POST";
  call.path = kCollections;
  call.headers = CreateHeaders();
  call.purpose = Purpose::create;
  call.what = WhatCreate(object);
  std::vector<std::string> records;
  for (const Search* search : creating) {
    records.push_back(PrintRecord(search->body, object.name, ""));
  }
  const auto outcomes = RunCollection(rest_, call, records);
  for (std::size_t i = 0; i < creating.size(); ++i) {
    const bool again = MustAskAlone(object, outcomes[i]);
    TakeCreated(object, again ? CreateAlone(object, *creating[i]) : outcomes[i], *creating[i]);
  }
}

RowOutcome Customers::CreateAlone(const Object& object, const Search& search) {
  Request request;
  request.method = "POST";
  request.path = "/sobjects/" + object.name;
  request.headers = CreateHeaders();
  request.body = PrintBody(search.body);
  request.correlation = search.request.correlation;
  request.write = true;
  return ToOutcome(RunSingle(rest_, request), Purpose::create, WhatCreate(object));
}

void Customers::TakeCreated(const Object& object, const RowOutcome& outcome, Search& search) {
  const std::string duplicate = DuplicateOf(object, outcome);
  if (!duplicate.empty()) {
    search.outcome.id = duplicate;
    return;
  }
  search.outcome.error = outcome.error;
  if (!outcome.error && outcome.id.empty()) {
    search.outcome.error = Refusal("Salesforce named no id for the new " + KindOf(object));
    search.outcome.error->kind = ErrorKind::unknown_outcome;
  }
  search.outcome.id = outcome.id;
  if (outcome.error && !WasAttempted(*outcome.error)) return;
  search.outcome.performed.push_back(Performed(KindOf(object), outcome.id, "create", outcome));
}

}  // namespace cosell::salesforce
