#include <algorithm>

#include "base/text.h"
#include "support/memory_crm.h"
#include "support/memory_schema.h"

// How the CRM in memory writes: what the port promises of creates, updates and closes.
namespace cosell::test {
namespace {

using Json = nlohmann::json;

constexpr int kOpen = 0;
constexpr int kWon = 1;
constexpr int kLost = 2;
constexpr int kQualified = 1;  // of a lead
constexpr int kQualifiedReason = 3;

bool SameText(const Json& a, const Json& b) {
  if (!a.is_string() || !b.is_string()) return a == b;
  return EqualsIgnoreCase(Trim(a.get_ref<const std::string&>()),
                          Trim(b.get_ref<const std::string&>()));
}

std::string_view OperationOf(const CrmWrite& write) {
  switch (write.kind) {
    case CrmWrite::Kind::create:
      return "create";
    case CrmWrite::Kind::update:
      return "update";
    case CrmWrite::Kind::close:
      return "close";
    case CrmWrite::Kind::qualify:
      return "qualify";
  }
  return "update";
}

PerformedWrite Done(const std::string& record_kind, const std::string& id,
                    std::string_view operation) {
  return {record_kind, id, std::string(operation), "", true, 0};
}

// Nothing was sent, or nothing got through the door.
bool WasTurnedAway(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::throttled ||
         kind == ErrorKind::unauthorized || kind == ErrorKind::forbidden;
}

}  // namespace

std::vector<CrmWriteResult> MemoryCrm::Write(const std::vector<CrmWrite>& writes) {
  const std::lock_guard lock(mutex_);
  const auto fault = TakeFault(true);
  std::vector<CrmWriteResult> results;
  for (const CrmWrite& write : writes) {
    if (!fault) {
      results.push_back(Perform(write));
      continue;
    }
    const bool open = !WasTurnedAway(fault->kind);
    CrmWriteResult result{
        Fail(open ? ErrorKind::unknown_outcome : fault->kind, "The CRM in memory was told to fail"),
        {}};
    if (fault->after_effect) result.performed = Perform(write).performed;
    if (open && result.performed.empty()) {
      result.performed.push_back(
          Done(std::string(ToString(write.record_kind)), write.id.text, OperationOf(write)));
    }
    if (open) {
      result.performed.back().done = false;
      result.performed.back().outcome_code = ToString(ErrorKind::unknown_outcome);
    }
    results.push_back(std::move(result));
  }
  return results;
}

CrmWriteResult MemoryCrm::Perform(const CrmWrite& write) {
  std::vector<PerformedWrite> performed;
  auto record = WriteOne(write, performed);
  if (!record) {
    PerformedWrite refused =
        Done(std::string(ToString(write.record_kind)), write.id.text, OperationOf(write));
    refused.done = false;
    refused.outcome_code = ToString(record.error().kind);
    performed.push_back(std::move(refused));
  }
  return {std::move(record), std::move(performed)};
}

Result<CrmRecord> MemoryCrm::WriteOne(const CrmWrite& write,
                                      std::vector<PerformedWrite>& performed) {
  const bool lead = write.record_kind == RecordKind::lead;
  if (write.kind == (lead ? CrmWrite::Kind::close : CrmWrite::Kind::qualify)) {
    return Fail(ErrorKind::refused, "A lead is qualified or disqualified, an opportunity closed");
  }
  if (write.kind == CrmWrite::Kind::create) return Create(write, performed);
  Row* row = FindRow(write.record_kind, write.id.text);
  if (row == nullptr) return Fail(ErrorKind::not_found, "There is no record " + write.id.text);
  const bool done =
      write.kind == CrmWrite::Kind::qualify && row->columns["statecode"] == kQualified;
  if (!done && !write.etag.empty() && write.etag != "v" + std::to_string(row->version)) {
    return Fail(ErrorKind::stale_version, "Record " + write.id.text + " has changed");
  }
  if (write.kind == CrmWrite::Kind::qualify) return Qualify(write, *row, performed);
  return write.kind == CrmWrite::Kind::update ? Update(write, *row, performed)
                                              : Close(write, *row, performed);
}

const Json* MemoryCrm::FindRelated(const std::string& table, const RelatedRecord& record,
                                   const std::string& account_id) const {
  const auto rows = related_.find(table);
  if (rows == related_.end()) return nullptr;
  for (const auto& [id, columns] : rows->second) {
    const bool same =
        std::all_of(record.match.begin(), record.match.end(), [&](const Attribute& each) {
          return SameText(columns.value(each.name, Json()), Json::parse(each.json));
        });
    if (same && columns.value("parentcustomerid", "") == account_id) return &columns;
  }
  return nullptr;
}

std::string MemoryCrm::Resolve(const std::string& table, const RelatedRecord& record,
                               const std::string& account_id, const std::string& user_id,
                               std::vector<PerformedWrite>& performed) {
  if (const Json* found = FindRelated(table, record, account_id)) return (*found)[table + "id"];
  const std::string id = NewGuid(random_);
  Json columns = {
      {table + "id", id}, {"createdby", user_id}, {"createdon", FormatSeconds(clock_.Now())}};
  for (const Attribute& each : record.attributes) columns[each.name] = Json::parse(each.json);
  if (!account_id.empty()) columns["parentcustomerid"] = account_id;
  related_[table].emplace_back(id, std::move(columns));
  performed.push_back(Done(table, id, "create"));
  return id;
}

// The record's id, empty where there is none.
std::string MemoryCrm::AddMade(const std::string& table, const CreateSearch& search,
                               const std::optional<RelatedRecord>& record,
                               const std::string& account_id,
                               std::vector<PerformedWrite>& made) const {
  const Json* found = record ? FindRelated(table, *record, account_id) : nullptr;
  if (found == nullptr) return "";
  const std::string id = (*found)[table + "id"];
  const Instant created_at = ParseInstant((*found)["createdon"].get<std::string>()).value();
  const bool ours = (*found)["createdby"] == user_id_;
  if (ours && search.MayHaveMade(created_at, std::chrono::milliseconds(0))) {
    made.push_back(Done(table, id, "create"));
  }
  return id;
}

Result<CrmRecord> MemoryCrm::Create(const CrmWrite& write, std::vector<PerformedWrite>& performed) {
  if (write.marker.empty()) return Fail(ErrorKind::refused, "A create needs the referral's id");
  auto fitted = FitColumns(schema_, write.record_kind, write.attributes);
  if (!fitted) return fitted.error();
  if (FindMade(write.record_kind, write.marker) != rows_.end()) {
    return Fail(ErrorKind::already_exists, "The record of this referral is there already");
  }
  Row row = NewRow(write.record_kind);
  row.marker = write.marker.text;
  row.columns["ownerid"] = user_id_;
  row.columns.update(*fitted);
  std::string account;
  if (write.account) {
    account = Resolve("account", *write.account, "", user_id_, performed);
    row.columns["parentaccountid"] = account;
  }
  if (write.contact) {
    row.columns["parentcontactid"] =
        Resolve("contact", *write.contact, account, user_id_, performed);
  }
  Stamp(row);
  const std::string id = NewGuid(random_);
  performed.push_back(Done(std::string(ToString(write.record_kind)), id, "create"));
  return ToRecord(id, rows_[id] = std::move(row), Detail::own);
}

Result<CrmRecord> MemoryCrm::Update(const CrmWrite& write, Row& row,
                                    std::vector<PerformedWrite>& performed) {
  auto fitted = FitColumns(schema_, row.kind, write.attributes);
  if (!fitted) return fitted.error();
  const bool lead = row.kind == RecordKind::lead;
  if (lead) {
    if (const Status moved = MoveLead(write, row, *fitted); !moved) return moved.error();
  } else if (row.columns["statecode"] != kOpen) {
    return Fail(ErrorKind::refused, "Opportunity " + write.id.text + " is closed: reopen it first");
  }
  const Json reason = fitted->value("statuscode", Json(1));
  if (!lead && reason != 1 && reason != 2) {
    return Fail(ErrorKind::refused, "Column statuscode: this reason belongs to a closed state");
  }
  row.columns.update(*fitted);
  Stamp(row);
  performed.push_back(Done(std::string(ToString(row.kind)), write.id.text, "update"));
  return ToRecord(write.id.text, row, Detail::own);
}

Result<CrmRecord> MemoryCrm::Close(const CrmWrite& write, Row& row,
                                   std::vector<PerformedWrite>& performed) {
  const auto fitted = FitColumns(schema_, row.kind, write.attributes);
  if (!fitted) return fitted.error();
  const int state = write.won ? kWon : kLost;
  if (row.columns["statecode"] == state) return ToRecord(write.id.text, row, Detail::own);
  if (row.columns["statecode"] != kOpen) {
    return Fail(ErrorKind::refused, "Opportunity " + write.id.text + " is closed otherwise");
  }
  const Json reason = fitted->value("statuscode", Json(write.won ? 3 : 4));
  const bool fits = write.won ? reason == 3 : reason == 4 || reason == 5;
  if (!fits) {
    return Fail(ErrorKind::refused, "Column statuscode: this reason belongs to another state");
  }
  row.columns["statecode"] = state;
  row.columns["statuscode"] = reason;
  Stamp(row);
  performed.push_back(Done("opportunity", write.id.text, "close"));
  return ToRecord(write.id.text, row, Detail::own);
}

// State and reason of a lead move together; a qualified one is read only.
Status MemoryCrm::MoveLead(const CrmWrite& write, const Row& row, Json& fitted) const {
  if (row.columns.at("statecode") == kQualified) {
    return Fail(ErrorKind::refused, "Lead " + write.id.text + " is qualified and read only");
  }
  if (!fitted.contains("statuscode")) {
    const bool still = !fitted.contains("statecode");
    return still ? Status(cosell::Done{}) : Fail(ErrorKind::refused, "A state needs its reason");
  }
  const auto state = StateOfLeadReason(fitted["statuscode"]);
  if (!state || *state == kQualified || fitted.value("statecode", *state) != *state) {
    return Fail(ErrorKind::refused, "Column statuscode: this reason belongs to another state");
  }
  fitted["statecode"] = *state;
  return cosell::Done{};
}

std::string MemoryCrm::MakeOpportunity(const std::string& lead_id, Row& lead,
                                       const std::string& account, const std::string& contact) {
  Row row = NewRow(RecordKind::opportunity);
  const auto take = [&](const char* from, const char* to) {
    row.columns[to] = lead.columns.value(from, Json());
  };
  take("subject", "name");
  take("description", "description");
  take("estimatedamount", "estimatedvalue");
  take("estimatedclosedate", "estimatedclosedate");
  take("transactioncurrencyid", "transactioncurrencyid");
  take("parentaccountid", "parentaccountid");
  take("parentcontactid", "parentcontactid");
  take("ownerid", "ownerid");
  row.columns["originatingleadid"] = lead_id;
  if (!account.empty()) row.columns["parentaccountid"] = account;
  if (!contact.empty()) row.columns["parentcontactid"] = contact;
  Stamp(row);
  const std::string id = NewGuid(random_);
  rows_[id] = std::move(row);
  lead.columns.update({{"statecode", kQualified},
                       {"statuscode", kQualifiedReason},
                       {"qualifyingopportunityid", id}});
  Stamp(lead);
  return id;
}

Result<CrmRecord> MemoryCrm::Qualify(const CrmWrite& write, Row& lead,
                                     std::vector<PerformedWrite>& performed) {
  const std::string became = lead.columns.value("qualifyingopportunityid", Json()).is_string()
                                 ? lead.columns["qualifyingopportunityid"].get<std::string>()
                                 : "";
  if (lead.columns["statecode"] == kQualified) {
    const Row* row = FindRow(RecordKind::opportunity, became);
    if (row != nullptr) return ToRecord(became, *row, Detail::own);
    return Fail(ErrorKind::refused, "Lead " + write.id.text + " has no opportunity");
  }
  if (lead.columns["statecode"] != kOpen) {
    return Fail(ErrorKind::refused, "Lead " + write.id.text + " is disqualified");
  }
  std::string account, contact;
  if (write.account) account = Resolve("account", *write.account, "", user_id_, performed);
  if (write.contact) contact = Resolve("contact", *write.contact, account, user_id_, performed);
  const std::string id = MakeOpportunity(write.id.text, lead, account, contact);
  performed.push_back(Done("lead", write.id.text, "qualify"));
  performed.push_back(Done("opportunity", id, "create"));
  return ToRecord(id, rows_.at(id), Detail::own);
}

}  // namespace cosell::test
