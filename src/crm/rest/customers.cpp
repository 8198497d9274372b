#include "crm/rest/customers.h"

#include <algorithm>

#include "base/text.h"
#include "crm/rest/records.h"
#include "crm/rest/stamps.h"
#include "crm/rest/template.h"
#include "crm/rest/values.h"

namespace cosell::rest {
namespace {

bool SameText(const std::string& a, const std::string& b) {
  return EqualsIgnoreCase(Trim(a), Trim(b));
}

std::string KeyOf(const Customers::Wanted& wanted) {
  std::string key = wanted.kind + "\n" + wanted.parent;
  for (const auto& each : wanted.record.match) {
    key += "\n" + each.name + "=" + ToLower(Trim(TextOf(each.json)));
  }
  return key;
}

std::string TextAt(const Json& json, const std::string& pointer) {
  const Json* member = pointer.empty() ? nullptr : Find(json, pointer);
  return member == nullptr ? std::string() : TextOf(PrintExact(*member));
}

}  // namespace

void RecentCustomers::Remember(const std::string& key, const std::string& id,
                               std::chrono::seconds lag) {
  if (lag.count() == 0) return;
  const std::lock_guard lock(mutex_);
  std::erase_if(made_, [&](const auto& each) { return each.second.until < clock_.Monotonic(); });
  made_[key] = {id, clock_.Monotonic() + lag};
}

std::string RecentCustomers::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = made_.find(key);
  const bool good = found != made_.end() && clock_.Monotonic() <= found->second.until;
  return good ? found->second.id : "";
}

PerformedWrite Performed(const std::string& kind, const std::string& id,
                         const std::string& operation, const Error* error,
                         std::int64_t duration_ms) {
  PerformedWrite write;
  write.record_kind = kind;
  write.record_id = id;
  write.operation = operation;
  write.done = error == nullptr;
  if (error != nullptr) {
    write.outcome_code = error->code.empty() ? std::string(ToString(error->kind)) : error->code;
  }
  write.duration_ms = duration_ms;
  return write;
}

std::string Wrapped(const Envelope& envelope, Json record) {
  if (envelope.request.empty()) return PrintExact(record);
  Json body = Json::object();
  Put(body, envelope.request, std::move(record));
  return PrintExact(body);
}

Result<Json> Customers::Find(const Wanted& wanted) const {
  Values values = {{"parent", wanted.parent}};
  for (const auto* attributes : {&wanted.record.attributes, &wanted.record.match}) {
    for (const auto& each : *attributes) values[each.name] = TextOf(each.json);
  }
  const Search& search = *wanted.resource.find;
  const auto target = Fill(search.call, values);
  if (!target) return target.error();
  const std::string what = "search for the " + wanted.kind;
  const auto answer = service_.Get(*target, what);
  if (!answer) return answer.error();
  const auto items = ItemsOf(answer->body, search.items, what);
  if (!items) return items.error();
  const auto found = std::find_if(items->begin(), items->end(),
                                  [&](const Json& each) { return Fits(wanted, each); });
  return found == items->end() ? Json() : *found;
}

bool Customers::Fits(const Wanted& wanted, const Json& found) const {
  const RelatedResource& resource = wanted.resource;
  if (!resource.parent.empty() && TextAt(found, resource.parent) != wanted.parent) return false;
  return std::all_of(wanted.record.match.begin(), wanted.record.match.end(), [&](const auto& each) {
    const auto attribute = resource.attributes.find(each.name);
    if (attribute == resource.attributes.end()) return false;
    const Json* member = rest::Find(found, attribute->second.member);
    return SameText(TextOf(FlatOf(attribute->second, member)), TextOf(each.json));
  });
}

Status Customers::Check(const RelatedResource& resource, const RelatedRecord& record) const {
  const auto settings =
      SettingsOf(resource.attributes, record.attributes, true, description_.currencies);
  if (!settings) return settings.error();
  return Done{};
}

Result<std::string> Customers::Resolve(const Wanted& wanted,
                                       std::vector<PerformedWrite>& performed) {
  const auto found = Find(wanted);
  if (!found) return found.error();
  if (!found->is_null()) return IdOf(*found, wanted.resource.id);
  if (const std::string id = recent_.Find(KeyOf(wanted)); !id.empty()) return id;
  return Make(wanted, performed);
}

Result<std::string> Customers::Make(const Wanted& wanted, std::vector<PerformedWrite>& performed) {
  const RelatedResource& resource = wanted.resource;
  const auto settings =
      SettingsOf(resource.attributes, wanted.record.attributes, true, description_.currencies);
  if (!settings) return settings.error();
  Json record = Json::object();
  for (const Setting& each : *settings) Put(record, each.attribute->member, each.member);
  if (!resource.parent.empty() && !wanted.parent.empty()) {
    const bool number = description_.account && description_.account->id.number;
    Put(record, resource.parent, number ? ExactNumber(wanted.parent) : Json(wanted.parent));
  }
  const auto target = Fill(*resource.create, {});
  if (!target) return target.error();
  const auto answer =
      service_.Send({Purpose::create, resource.create->method, *target,
                     Wrapped(resource.envelope, std::move(record)), "", wanted.correlation},
                    "create of the " + wanted.kind);
  Error error;
  std::string id;
  if (answer) {
    id = IdOf(Unwrapped(resource.envelope, answer->body), resource.id);
    if (!id.empty()) {
      performed.push_back(Performed(wanted.kind, id, "create", nullptr));
      recent_.Remember(KeyOf(wanted), id, resource.find->lag);
      return id;
    }
    error.kind = ErrorKind::unknown_outcome;
    error.message = "The answer to the create of the " + wanted.kind +
                    " names no id: correct the envelope or the id of the description file";
  } else {
    error = answer.error();
    // There is no marker it could have met.
    if (error.kind == ErrorKind::already_exists) error.kind = ErrorKind::refused;
  }
  if (WasAttempted(error)) performed.push_back(Performed(wanted.kind, "", "create", &error));
  return error;
}

Result<std::vector<PerformedWrite>> Customers::FindMade(const CreateSearch& search,
                                                        const std::string& user_id) const {
  std::vector<PerformedWrite> made;
  std::string account;
  const auto own = [](const std::optional<RelatedResource>& resource) {
    return resource && resource->nested.empty();
  };
  if (search.account && own(description_.account)) {
    const auto id =
        AddMade(search, {*description_.account, *search.account, "account", "", ""}, user_id, made);
    if (!id) return id.error();
    account = *id;
    if (account.empty()) return made;  // without it there is no contact of it
  }
  if (search.contact && own(description_.contact)) {
    const auto id = AddMade(
        search, {*description_.contact, *search.contact, "contact", account, ""}, user_id, made);
    if (!id) return id.error();
  }
  return made;
}

// The record's id, empty where there is none. Where the service does not say who made it and when,
// it is nobody's.
Result<std::string> Customers::AddMade(const CreateSearch& search, const Wanted& wanted,
                                       const std::string& user_id,
                                       std::vector<PerformedWrite>& made) const {
  const auto found = Find(wanted);
  if (!found) return found.error();
  if (found->is_null()) return std::string();
  const std::string id = IdOf(*found, wanted.resource.id);
  const StampMember& stamp = wanted.resource.created_at;
  const auto created_at = stamp.member.empty()
                              ? std::nullopt
                              : ReadInstant(rest::Find(*found, stamp.member), stamp.format);
  const bool ours = !user_id.empty() && TextAt(*found, wanted.resource.created_by) == user_id;
  if (ours && created_at && search.MayHaveMade(*created_at, std::nullopt)) {
    made.push_back(Performed(wanted.kind, id, "create", nullptr));
  }
  return id;
}

}  // namespace cosell::rest
