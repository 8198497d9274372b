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
  if (write.record_kind != RecordKind::opportunity) {
    return Fail(ErrorKind::refused, "The CRM in memory has no leads");
  }
  if (write.kind == CrmWrite::Kind::create) return Create(write, performed);
  Row* row = FindRow(write.id.text);
  if (row == nullptr) return Fail(ErrorKind::not_found, "There is no opportunity " + write.id.text);
  if (!write.etag.empty() && write.etag != "v" + std::to_string(row->version)) {
    return Fail(ErrorKind::stale_version, "Opportunity " + write.id.text + " has changed");
  }
  return write.kind == CrmWrite::Kind::update ? Update(write, *row, performed)
                                              : Close(write, *row, performed);
}

std::string MemoryCrm::Resolve(const std::string& table, const RelatedRecord& record,
                               const std::string& account_id,
                               std::vector<PerformedWrite>& performed) {
  Table& rows = related_[table];
  for (const auto& row : rows) {
    const bool same =
        std::all_of(record.match.begin(), record.match.end(), [&](const Attribute& each) {
          return SameText(row.second.value(each.name, Json()), Json::parse(each.json));
        });
    if (same && row.second.value("parentcustomerid", "") == account_id) return row.first;
  }
  Json columns = Json::object();
  for (const Attribute& each : record.attributes) columns[each.name] = Json::parse(each.json);
  if (!account_id.empty()) columns["parentcustomerid"] = account_id;
  rows.emplace_back(NewGuid(random_), std::move(columns));
  performed.push_back(Done(table, rows.back().first, "create"));
  return rows.back().first;
}

Result<CrmRecord> MemoryCrm::Create(const CrmWrite& write, std::vector<PerformedWrite>& performed) {
  if (write.marker.empty()) return Fail(ErrorKind::refused, "A create needs the referral's id");
  const auto fitted = FitColumns(schema_, write.attributes);
  if (!fitted) return fitted.error();
  if (FindMade(write.marker) != rows_.end()) {
    return Fail(ErrorKind::already_exists, "The record of this referral is there already");
  }
  Row row;
  row.marker = write.marker.text;
  row.columns = {{"statecode", kOpen}, {"statuscode", 1}, {"ownerid", user_id_}};
  row.columns["transactioncurrencyid"] = options_.currencies.front();
  row.columns.update(*fitted);
  std::string account;
  if (write.account) {
    account = Resolve("account", *write.account, "", performed);
    row.columns["parentaccountid"] = account;
  }
  if (write.contact) {
    row.columns["parentcontactid"] = Resolve("contact", *write.contact, account, performed);
  }
  Stamp(row);
  const std::string id = NewGuid(random_);
  performed.push_back(Done("opportunity", id, "create"));
  return ToRecord(id, rows_[id] = std::move(row), Detail::own);
}

Result<CrmRecord> MemoryCrm::Update(const CrmWrite& write, Row& row,
                                    std::vector<PerformedWrite>& performed) {
  const auto fitted = FitColumns(schema_, write.attributes);
  if (!fitted) return fitted.error();
  if (row.columns["statecode"] != kOpen) {
    return Fail(ErrorKind::refused, "Opportunity " + write.id.text + " is closed: reopen it first");
  }
  const Json reason = fitted->value("statuscode", Json(1));
  if (reason != 1 && reason != 2) {
    return Fail(ErrorKind::refused, "Column statuscode: this reason belongs to a closed state");
  }
  row.columns.update(*fitted);
  Stamp(row);
  performed.push_back(Done("opportunity", write.id.text, "update"));
  return ToRecord(write.id.text, row, Detail::own);
}

Result<CrmRecord> MemoryCrm::Close(const CrmWrite& write, Row& row,
                                   std::vector<PerformedWrite>& performed) {
  const auto fitted = FitColumns(schema_, write.attributes);
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

}  // namespace cosell::test
