#include "crm/rest/records.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "crm/rest/template.h"
#include "crm/rest/values.h"

namespace cosell::rest {
namespace {

// An id the service cannot have: asking for it would be refused instead of not found.
bool CannotBe(const std::string& id, const Identity& identity) {
  const bool digits = id.find_first_not_of("0123456789") == std::string::npos;
  return id.empty() || (identity.number && !digits);
}

}  // namespace

Json Unwrapped(const Envelope& envelope, const Json& body) {
  const Json* record = Find(body, envelope.answer);
  return record == nullptr ? Json() : *record;
}

Result<std::vector<Json>> ItemsOf(const Json& body, const std::string& pointer,
                                  const std::string& what) {
  const Json* items = Find(body, pointer);
  if (items != nullptr && items->is_array()) return std::vector<Json>(items->begin(), items->end());
  if (items != nullptr && items->is_object()) return std::vector<Json>{*items};
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.message = "The answer to the " + what + " has no list at \"" + pointer +
                  "\": correct \"items\" of the description file";
  return error;
}

Result<std::optional<ReadDeal>> Records::Get(const std::string& id) const {
  if (CannotBe(id, description_.deal.id)) return std::optional<ReadDeal>();
  const auto target = Fill(description_.deal.get, {{"id", id}});
  if (!target) return target.error();
  const auto answer = service_.Get(*target, "read of deal " + id);
  if (!answer) {
    if (answer.error().kind == ErrorKind::not_found) return std::optional<ReadDeal>();
    return answer.error();
  }
  auto deal = reader_.Read(Unwrapped(description_.deal.envelope, answer->body));
  if (!deal) return deal.error();
  if (deal->deleted) return std::optional<ReadDeal>();
  return std::optional<ReadDeal>(ReadDeal{*std::move(deal), answer->etag, answer->clock_offset});
}

Result<std::vector<ReadDeal>> Records::FindByMarker(const std::string& marker) const {
  const std::string what = "search for referral " + marker;
  const auto target = Fill(description_.deal.find.call, {{"marker", marker}});
  if (!target) return target.error();
  const auto answer = service_.Get(*target, what);
  std::vector<ReadDeal> found;
  if (!answer) {
    // Where a deal is asked for by its marker, there is nothing to list.
    if (answer.error().kind == ErrorKind::not_found) return found;
    return answer.error();
  }
  const auto items = ItemsOf(answer->body, description_.deal.find.items, what);
  if (!items) return items.error();
  for (const Json& item : *items) {
    const std::string id = IdOf(item, description_.deal.id);
    auto deal = Get(id);
    if (!deal) return deal.error();
    if (!*deal) continue;
    const std::string carried = reader_.RoleText((*deal)->deal, "referral_id");
    if (EqualsIgnoreCase(Trim(carried), marker)) found.push_back(std::move(**deal));
  }
  return found;
}

Result<std::vector<CrmRecord>> Records::Read(const std::vector<std::string>& ids,
                                             const Selection& selection, bool with_related) const {
  std::vector<CrmRecord> records;
  Seen seen;
  for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) {
    const auto read = Get(id);
    if (!read) return read.error();
    if (!*read) continue;
    const ReadDeal& found = **read;
    Flat related;
    for (const auto* resource :
         {&description_.account, &description_.contact, &description_.owner}) {
      if (!with_related || !*resource) continue;
      const auto added = AddRelated(**resource, found.deal, selection, seen, related);
      if (!added) return added.error();
    }
    records.push_back(reader_.ToRecord(found.deal, selection, found.clock_offset,
                                       with_related ? &related : nullptr));
  }
  return records;
}

Status Records::AddRelated(const RelatedResource& resource, const Deal& deal,
                           const Selection& selection, Seen& seen, Flat& flat) const {
  const auto wanted = selection.related.find(resource.lookup);
  if (wanted == selection.related.end()) return Done{};
  const auto behind = Behind(resource, deal, seen);
  if (!behind) return behind.error();
  for (const std::string& name : wanted->second) {
    const auto attribute = resource.attributes.find(name);
    if (attribute == resource.attributes.end()) continue;
    flat[resource.lookup + "." + name] =
        FlatOf(attribute->second, Find(*behind, attribute->second.member));
  }
  return Done{};
}

// Null where the deal has none, or it is gone.
Result<Json> Records::Behind(const RelatedResource& resource, const Deal& deal, Seen& seen) const {
  if (!resource.nested.empty()) {
    const Json* nested = Find(deal.json, resource.nested);
    return nested == nullptr ? Json() : *nested;
  }
  const std::string id = TextOf(reader_.Flat(deal, resource.lookup));
  if (id.empty()) return Json();
  const auto target = Fill(*resource.get, {{"id", id}});
  if (!target) return target.error();
  if (const auto known = seen.find(*target); known != seen.end()) return known->second;
  const auto answer = service_.Get(*target, "read of the record behind " + resource.lookup);
  const bool gone = !answer && answer.error().kind == ErrorKind::not_found;
  if (!answer && !gone) return answer.error();
  return seen[*target] = gone ? Json() : Unwrapped(resource.envelope, answer->body);
}

}  // namespace cosell::rest
