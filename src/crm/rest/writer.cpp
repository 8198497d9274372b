#include "crm/rest/writer.h"

#include <chrono>

#include "base/text.h"
#include "crm/rest/template.h"

namespace cosell::rest {
namespace {

// A write that needs no certain version meets another's at most this often.
constexpr int kRoundsMax = 3;

Error Failure(ErrorKind kind, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

Error InTheWay(const Attribute& attribute) {
  return Refusal("Attribute " + attribute.name + ": something else stands on the way to " +
                 attribute.member + "; correct \"member\" of the description file");
}

std::string_view OperationOf(const CrmWrite& write) {
  return write.kind == CrmWrite::Kind::close ? "close" : "update";
}

bool Carries(const CrmWrite& write, const std::string& column) {
  for (const auto& each : write.attributes) {
    if (each.name == column) return true;
  }
  return false;
}

}  // namespace

CrmWriteResult Writer::Write(const CrmWrite& write) {
  performed_.clear();
  Result<CrmRecord> record = Refusal("Leads are not synchronised with this CRM");
  if (write.record_kind == RecordKind::opportunity && write.kind != CrmWrite::Kind::qualify) {
    record = write.kind == CrmWrite::Kind::create ? Create(write) : Update(write);
  }
  return {std::move(record), std::move(performed_)};
}

// --- create

Result<CrmRecord> Writer::Create(const CrmWrite& write) {
  if (write.marker.empty()) {
    return Refusal("A create needs the referral's id, so that it can be found again");
  }
  CrmWrite marked = write;
  const std::string& column = deal_.roles.at("referral_id");
  if (!Carries(write, column)) {
    marked.attributes.push_back({column, Json(write.marker.text).dump()});
  }
  const auto settings =
      SettingsOf(deal_.attributes, marked.attributes, true, description_.currencies);
  if (!settings) return settings.error();
  if (const auto checked = CheckCustomer(write); !checked) return checked.error();
  if (const auto looked = LookFor(write); !looked) return looked.error();
  auto deal = NewDeal(write, *settings);
  if (!deal) return deal.error();
  const auto target = Fill(deal_.create, {{"marker", write.marker.text}});
  if (!target) return target.error();
  const std::string what = "create of the deal for referral " + write.marker.text;
  auto answer = Send({Purpose::create, deal_.create.method, *target,
                      Wrapped(deal_.envelope, *std::move(deal)), "", write.correlation.text},
                     what, "", "create");
  if (!answer) {
    Error error = answer.error();
    const bool other = error.kind == ErrorKind::already_exists && !deal_.unique_marker;
    if (other) error.kind = ErrorKind::refused;
    return error;
  }
  const auto id = IdOfNew(*answer, write);
  if (!id) return id.error();
  performed_.back().record_id = *id;
  return ReadBack(*id, what);
}

// A second create with a marker meets the first, and never overwrites it.
Status Writer::LookFor(const CrmWrite& write) const {
  const auto found = records_.FindByMarker(write.marker.text);
  if (!found) return found.error();
  if (found->empty()) return Done{};
  if (found->size() == 1) {
    return Failure(ErrorKind::already_exists, "Deal " + found->front().deal.id +
                                                  " already carries referral " + write.marker.text);
  }
  return Refusal(std::to_string(found->size()) + " deals carry referral " + write.marker.text +
                 ": clear " + deal_.roles.at("referral_id") + " in all but one of them");
}

Status Writer::CheckCustomer(const CrmWrite& write) const {
  const auto check = [&](const std::optional<RelatedResource>& resource,
                         const std::optional<RelatedRecord>& record) -> Status {
    if (!resource || !record) return Done{};
    return customers_.Check(*resource, *record);
  };
  if (const auto account = check(description_.account, write.account); !account) return account;
  return check(description_.contact, write.contact);
}

Result<Json> Writer::NewDeal(const CrmWrite& write, const std::vector<Setting>& settings) {
  Json deal = Json::object();
  for (const Setting& each : settings) {
    if (!Put(deal, each.attribute->member, each.member)) return InTheWay(*each.attribute);
  }
  if (const auto added = AddCustomer(write, deal); !added) return added.error();
  return deal;
}

Status Writer::AddCustomer(const CrmWrite& write, Json& deal) {
  std::string account_id;
  if (write.account && description_.account) {
    const RelatedResource& resource = *description_.account;
    if (!resource.nested.empty()) {
      if (const auto set = SetNested(resource, *write.account, deal); !set) return set;
    } else {
      const auto id = customers_.Resolve(
          {resource, *write.account, "account", "", write.correlation.text}, performed_);
      if (!id) return id.error();
      account_id = *id;
      if (const auto set = SetLookup(resource, account_id, deal); !set) return set;
    }
  }
  if (!write.contact || !description_.contact) return Done{};
  const RelatedResource& resource = *description_.contact;
  if (!resource.nested.empty()) return SetNested(resource, *write.contact, deal);
  const auto id = customers_.Resolve(
      {resource, *write.contact, "contact", account_id, write.correlation.text}, performed_);
  if (!id) return id.error();
  return SetLookup(resource, *id, deal);
}

Status Writer::SetLookup(const RelatedResource& resource, const std::string& id, Json& deal) const {
  const Attribute& lookup = deal_.attributes.at(resource.lookup);
  auto member = MemberOf(lookup, Json(id).dump(), {});
  if (!member) return member.error();
  if (!Put(deal, lookup.member, *std::move(member))) return InTheWay(lookup);
  return Done{};
}

Status Writer::SetNested(const RelatedResource& resource, const RelatedRecord& record,
                         Json& deal) const {
  const auto settings =
      SettingsOf(resource.attributes, record.attributes, true, description_.currencies);
  if (!settings) return settings.error();
  for (const Setting& each : *settings) {
    if (!Put(deal, resource.nested + each.attribute->member, each.member)) {
      return InTheWay(*each.attribute);
    }
  }
  return Done{};
}

// Some services answer a create without the record.
Result<std::string> Writer::IdOfNew(const Answer& answer, const CrmWrite& write) const {
  const std::string id = IdOf(Unwrapped(deal_.envelope, answer.body), deal_.id);
  if (!id.empty()) return id;
  const auto found = records_.FindByMarker(write.marker.text);
  if (found && found->size() == 1) return found->front().deal.id;
  return Failure(ErrorKind::unknown_outcome,
                 "The deal for referral " + write.marker.text +
                     " was created, but the answer names no id and it cannot be found yet");
}

// --- update

Result<CrmRecord> Writer::Update(const CrmWrite& write) {
  const auto settings =
      SettingsOf(deal_.attributes, write.attributes, false, description_.currencies);
  if (!settings) return settings.error();
  Result<CrmRecord> record = UpdateOnce(write, *settings);
  for (int round = 1; round < kRoundsMax; ++round) {
    const bool again =
        !record && write.etag.empty() && record.error().kind == ErrorKind::stale_version;
    if (!again) break;
    performed_.clear();
    record = UpdateOnce(write, *settings);
  }
  return record;
}

Result<CrmRecord> Writer::UpdateOnce(const CrmWrite& write, const std::vector<Setting>& settings) {
  const std::string& id = write.id.text;
  const auto there = records_.Get(id);
  if (!there) return there.error();
  if (!*there) {
    return Failure(ErrorKind::not_found,
                   "Deal " + id + " does not exist, or our user cannot see it");
  }
  if (!write.etag.empty() && (*there)->deal.etag != write.etag) {
    return Failure(ErrorKind::stale_version, "Deal " + id + " has changed since it was read");
  }
  auto body = Changed(**there, settings);
  if (!body) return body.error();
  const bool closes = write.kind == CrmWrite::Kind::close && deal_.close;
  const Call& call = closes ? *deal_.close : deal_.update;
  const auto target = Fill(call, {{"id", id}});
  if (!target) return target.error();
  const bool conditional = !write.etag.empty() || deal_.sends_whole;
  const bool by_etag = deal_.precondition == Precondition::etag && conditional;
  if (conditional) {
    if (const auto guarded = Guarded(**there); !guarded) return guarded.error();
  }
  const std::string operation(OperationOf(write));
  const std::string what = operation + " of deal " + id;
  const auto answer =
      Send({Purpose::update, call.method, *target, Wrapped(deal_.envelope, *std::move(body)),
            by_etag ? (*there)->etag : "", write.correlation.text},
           what, id, operation);
  if (!answer) return answer.error();
  return ReadBack(id, what);
}

// A promise of the description that the service does not keep must not pass for one.
Status Writer::Guarded(const ReadDeal& there) const {
  const bool etag = deal_.precondition == Precondition::etag && there.etag.empty();
  const bool version = deal_.precondition == Precondition::version && there.deal.version.empty();
  if (!etag && !version) return Done{};
  return Refusal("Deal " + there.deal.id + " was read without the " +
                 (etag ? std::string("ETag") : "version at " + deal_.version) +
                 " that the description file promises: correct opportunity.precondition");
}

// What is sent: the deal as it was read with the changes in it, or the changes alone.
Result<Json> Writer::Changed(const ReadDeal& there, const std::vector<Setting>& settings) const {
  Json body = deal_.sends_whole ? there.deal.json : Json::object();
  for (const Setting& each : settings) {
    if (!Put(body, each.attribute->member, each.member)) return InTheWay(*each.attribute);
  }
  if (deal_.precondition == Precondition::version) {
    const Json* version = Find(there.deal.json, deal_.version);
    if (version != nullptr) Put(body, deal_.version, *version);
  }
  return body;
}

// --- both

Result<Answer> Writer::Send(const Sending& sending, const std::string& what, const std::string& id,
                            const std::string& operation) {
  const auto started = clock_.Monotonic();
  auto answer = service_.Send(sending, what);
  const Error* error = answer ? nullptr : &answer.error();
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Monotonic() - started);
  if (error == nullptr || WasAttempted(*error)) {
    performed_.push_back(Performed("opportunity", id, operation, error, took.count()));
  }
  return answer;
}

Result<CrmRecord> Writer::ReadBack(const std::string& id, const std::string& what) const {
  const auto read = records_.Get(id);
  if (read && *read) {
    return records_.reader().ToRecord((*read)->deal, selection_, (*read)->clock_offset);
  }
  return Failure(ErrorKind::unknown_outcome,
                 "The " + what + " was sent, but the deal could not be read back" +
                     (read ? std::string(": it is not there") : ": " + read.error().message));
}

}  // namespace cosell::rest
