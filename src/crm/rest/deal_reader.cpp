#include "crm/rest/deal_reader.h"

#include "base/record_id.h"
#include "base/text.h"
#include "crm/rest/stamps.h"
#include "crm/rest/values.h"
#include "model/digest.h"

namespace cosell::rest {
namespace {

Error Unreadable(const std::string& id, const std::string& what) {
  Error error;
  error.kind = ErrorKind::invalid_response;
  error.message = "Deal " + (id.empty() ? std::string("(without an id)") : id) + " " + what;
  return error;
}

bool IsSet(const Json* member) {
  if (member == nullptr || member->is_null()) return false;
  if (member->is_boolean()) return member->get<bool>();
  return !(member->is_string() && member->get_ref<const std::string&>().empty());
}

std::string PrintMember(const Json& json, const std::string& pointer) {
  const Json* member = pointer.empty() ? nullptr : Find(json, pointer);
  return member == nullptr ? std::string() : PrintExact(*member);
}

}  // namespace

Selection SelectionOf(const std::vector<std::string>& columns) {
  Selection selection;
  for (const std::string& name : columns) {
    const auto dot = name.find('.');
    if (dot == std::string::npos) {
      selection.own.push_back(name);
    } else {
      selection.related[name.substr(0, dot)].push_back(name.substr(dot + 1));
    }
  }
  return selection;
}

std::optional<Instant> StampOf(const std::string& etag) {
  return ParseInstant(etag.substr(0, etag.find('#')));
}

std::string IdOf(const Json& json, const Identity& identity) {
  const Json* member = Find(json, identity.member);
  if (member == nullptr) return "";
  if (member->is_number_integer()) return PrintExact(*member);
  return member->is_string() ? CanonicalRecordId(member->get_ref<const std::string&>()) : "";
}

Result<Deal> DealReader::Read(Json json) const {
  Deal deal;
  deal.json = std::move(json);
  deal.id = IdOf(deal.json, resource_.id);
  if (deal.id.empty()) return Unreadable("", "has no id at " + resource_.id.member);
  if (deal.id.size() != TextOf(PrintMember(deal.json, resource_.id.member)).size()) {
    return Unreadable(deal.id,
                      "has an id that looks like a Salesforce id and would be respelt: "
                      "describe another member as the id");
  }
  const StampMember& stamp = resource_.changed_at;
  const auto changed_at = ReadInstant(Find(deal.json, stamp.member), stamp.format);
  if (!changed_at) {
    return Unreadable(deal.id, "has no change time in the described form at " + stamp.member);
  }
  deal.changed_at = *changed_at;
  deal.deleted =
      resource_.deletions == Deletions::marker && IsSet(Find(deal.json, resource_.deleted_member));
  deal.version = PrintMember(deal.json, resource_.version);
  std::string content = deal.version;
  for (const auto& [name, attribute] : resource_.attributes) {
    content += "\n" + name + "=" + FlatOf(attribute, Find(deal.json, attribute.member));
  }
  deal.etag = FormatInstant(deal.changed_at) + "#" + ContentHash(content);
  return deal;
}

std::string DealReader::Flat(const Deal& deal, const std::string& attribute) const {
  const auto known = resource_.attributes.find(attribute);
  if (known == resource_.attributes.end()) return "null";
  return FlatOf(known->second, Find(deal.json, known->second.member));
}

std::string DealReader::RoleText(const Deal& deal, const std::string& role) const {
  const auto name = resource_.roles.find(role);
  return name == resource_.roles.end() ? "" : TextOf(Flat(deal, name->second));
}

CrmRecord DealReader::ToRecord(const Deal& deal, const Selection& selection,
                               const std::optional<std::chrono::milliseconds>& clock_offset,
                               const std::map<std::string, std::string>* related) const {
  std::map<std::string, std::string> flat;
  for (const std::string& name : selection.own) {
    if (resource_.attributes.contains(name)) flat[name] = Flat(deal, name);
  }
  if (related != nullptr) flat.insert(related->begin(), related->end());
  CrmRecord record;
  record.id.text = deal.id;
  record.kind = RecordKind::opportunity;
  record.etag = deal.etag;
  record.changed_at = deal.changed_at;
  for (const auto& [name, json] : flat) {
    record.raw += (record.raw.empty() ? "{" : ",") + Json(name).dump() + ":" + json;
  }
  record.raw += record.raw.empty() ? "{}" : "}";
  record.referral_id = std::string(Trim(RoleText(deal, "referral_id")));
  const std::string sync = RoleText(deal, "sync");
  record.sync = sync == "true" || EqualsIgnoreCase(sync, "yes");
  record.clock_offset = clock_offset;
  return record;
}

}  // namespace cosell::rest
