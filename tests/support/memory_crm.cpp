#include "support/memory_crm.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>

#include "base/text.h"
#include "support/memory_schema.h"

namespace cosell::test {
namespace {

using Json = nlohmann::json;

std::vector<Attribute> ToAttributes(const Json& columns) {
  std::vector<Attribute> attributes;
  for (const auto& [name, value] : columns.items()) attributes.push_back({name, value.dump()});
  return attributes;
}

constexpr const char* kPerson = "a person";

RelatedRecord ToRelated(const Json& columns, std::initializer_list<const char*> match) {
  RelatedRecord record{{}, ToAttributes(columns)};
  for (const char* name : match) {
    if (columns.contains(name)) record.match.push_back({name, columns[name].dump()});
  }
  return record;
}

}  // namespace

// --- people
// ------------------------------------------------------------------------------------------------

MemoryCrm::MemoryCrm(Clock& clock, Options options)
    : clock_(clock),
      options_(std::move(options)),
      schema_(MemorySchema(options_.currencies, user_id_)) {
  related_["systemuser"].emplace_back(
      NewGuid(random_), Json{{"firstname", "Avery"},
                             {"lastname", "Example"},
                             {"fullname", "Avery Example"},
                             {"internalemailaddress", "avery.example@contoso.example"},
                             {"address1_telephone1", "+44 20 7946 0001"}});
}

CrmId MemoryCrm::Opens(const Deal& deal) {
  const std::lock_guard lock(mutex_);
  const auto fitted = FitColumns(schema_, RecordKind::opportunity, ToAttributes(deal.columns));
  if (!fitted) throw std::invalid_argument(fitted.error().message);
  Row row = NewRow(RecordKind::opportunity);
  row.columns["ownerid"] = related_["systemuser"].front().first;
  row.columns.update(*fitted);
  std::vector<PerformedWrite> unaudited;
  std::string account;
  if (!deal.account.empty()) {
    account = Resolve("account", ToRelated(deal.account, {"name", "address1_postalcode"}), "",
                      kPerson, unaudited);
    row.columns["parentaccountid"] = account;
  }
  if (!deal.contact.empty()) {
    row.columns["parentcontactid"] =
        Resolve("contact", ToRelated(deal.contact, {"emailaddress1"}), account, kPerson, unaudited);
  }
  Stamp(row);
  const std::string id = NewGuid(random_);
  rows_[id] = std::move(row);
  return CrmId{id};
}

MemoryCrm::Row MemoryCrm::NewRow(RecordKind kind) const {
  Row row;
  row.kind = kind;
  row.columns = {{"statecode", 0}, {"statuscode", 1}, {"msft_syncwithpartnercenter", false}};
  row.columns["transactioncurrencyid"] = options_.currencies.front();
  return row;
}

CrmId MemoryCrm::OpensLead(const Json& columns) {
  const std::lock_guard lock(mutex_);
  const auto fitted = FitColumns(schema_, RecordKind::lead, ToAttributes(columns));
  if (!fitted) throw std::invalid_argument(fitted.error().message);
  Row row = NewRow(RecordKind::lead);
  row.columns["ownerid"] = related_["systemuser"].front().first;
  row.columns.update(*fitted);
  Stamp(row);
  const std::string id = NewGuid(random_);
  rows_[id] = std::move(row);
  return CrmId{id};
}

CrmId MemoryCrm::QualifiesLead(const CrmId& id) {
  const std::lock_guard lock(mutex_);
  return CrmId{MakeOpportunity(id.text, rows_.at(id.text), "", "")};
}

void MemoryCrm::Sets(const CrmId& id, const Json& columns) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id.text);
  const auto fitted = FitColumns(schema_, row.kind, ToAttributes(columns));
  if (!fitted) throw std::invalid_argument(fitted.error().message);
  row.columns.update(*fitted);
  Stamp(row);
}

void MemoryCrm::Deletes(const CrmId& id) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id.text);
  row.deleted = true;
  Stamp(row);
}

void MemoryCrm::Undeletes(const CrmId& id) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id.text);
  row.deleted = false;
  Stamp(row);
}

void MemoryCrm::Stamp(Row& row) {
  row.version = ++version_;
  row.changed_at = clock_.Now();
  if (options_.whole_second_stamps) {
    row.changed_at = std::chrono::floor<std::chrono::seconds>(row.changed_at);
  }
}

std::size_t MemoryCrm::Count(const std::string& table, const std::string& column,
                             const Json& value) const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  if (table == "opportunity" || table == "lead") {
    for (const auto& [id, row] : rows_) {
      count +=
          ToString(row.kind) == table && !row.deleted && row.columns.value(column, Json()) == value
              ? 1
              : 0;
    }
  } else if (const auto rows = related_.find(table); rows != related_.end()) {
    for (const auto& [id, columns] : rows->second) {
      count += columns.value(column, Json()) == value ? 1 : 0;
    }
  }
  return count;
}

// --- trouble
// ------------------------------------------------------------------------------------------------

Error MemoryCrm::Fail(ErrorKind kind, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  if (kind == ErrorKind::throttled) error.retry_after = std::chrono::seconds(30);
  return error;
}

void MemoryCrm::FailNext(ErrorKind kind, bool after_effect, int times) {
  const std::lock_guard lock(mutex_);
  faults_.push_back({kind, after_effect, times});
}

void MemoryCrm::Recovers() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

void MemoryCrm::ForgetsCursors() {
  const std::lock_guard lock(mutex_);
  oldest_cursor_ = ++version_;
}

std::optional<MemoryCrm::Fault> MemoryCrm::TakeFault(bool writing) {
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& each) { return writing || !each.after_effect; });
  if (found == faults_.end()) return std::nullopt;
  const Fault fault = *found;
  if (found->times > 0 && --found->times == 0) faults_.erase(found);
  return fault;
}

std::optional<Error> MemoryCrm::Refusal() {
  const auto fault = TakeFault(false);
  if (!fault) return std::nullopt;
  return Fail(fault->kind, "The CRM in memory was told to fail");
}

// --- reading
// ------------------------------------------------------------------------------------------------

Result<CrmSchema> MemoryCrm::Describe(bool refresh) {
  const std::lock_guard lock(mutex_);
  if (refresh) {
    if (const auto error = Refusal()) return *error;
  }
  return schema_;
}

void MemoryCrm::Select(RecordKind kind, const std::vector<std::string>& columns) {
  const std::lock_guard lock(mutex_);
  selected_[kind] = columns;
}

Json MemoryCrm::RelatedColumn(const Row& row, const std::string& dotted) const {
  static const std::map<std::string, std::string> kTables = {
      {"parentaccountid", "account"}, {"parentcontactid", "contact"}, {"ownerid", "systemuser"}};
  const auto dot = dotted.find('.');
  const auto table = kTables.find(dotted.substr(0, dot));
  if (table == kTables.end()) return nullptr;
  const auto rows = related_.find(table->second);
  if (rows == related_.end()) return nullptr;
  for (const auto& [id, columns] : rows->second) {
    if (row.columns.value(table->first, Json()) == id) {
      return columns.value(dotted.substr(dot + 1), Json());
    }
  }
  return nullptr;
}

CrmRecord MemoryCrm::ToRecord(const std::string& id, const Row& row, Detail detail) const {
  Json raw = {{std::string(ToString(row.kind)) + "id", id}};
  // What a lead became is always told.
  if (row.kind == RecordKind::lead) {
    raw["qualifyingopportunityid"] = row.columns.value("qualifyingopportunityid", Json());
  }
  const auto selected = selected_.find(row.kind);
  for (const std::string& name :
       selected == selected_.end() ? std::vector<std::string>() : selected->second) {
    if (name.find('.') == std::string::npos) {
      raw[name] = row.columns.value(name, Json());
    } else if (detail == Detail::with_related) {
      raw[name] = RelatedColumn(row, name);
    }
  }
  CrmRecord record;
  record.id.text = id;
  record.kind = row.kind;
  record.etag = "v" + std::to_string(row.version);
  record.changed_at = row.changed_at;
  record.raw = raw.dump();
  const Json referral = row.columns.value("msft_referralidentifier", Json());
  if (referral.is_string()) record.referral_id = referral.get<std::string>();
  record.sync = row.columns.value("msft_syncwithpartnercenter", Json()) == true;
  record.clock_offset = std::chrono::milliseconds(0);
  return record;
}

// A cursor is "full <version at the start> <last id>" or "since <version>".
Result<CrmChanges> MemoryCrm::Changes(RecordKind kind, const std::string& cursor) {
  const std::lock_guard lock(mutex_);
  if (const auto error = Refusal()) return *error;
  if (cursor.empty()) return FullPage(kind, version_, "");
  const auto parts = Split(cursor, ' ');
  const bool numbered = parts.size() >= 2 && !parts[1].empty() &&
                        parts[1].find_first_not_of("0123456789") == std::string::npos;
  const std::uint64_t since = numbered ? std::stoull(parts[1]) : 0;
  if (numbered && since >= oldest_cursor_) {
    if (parts.size() == 3 && parts[0] == "full") return FullPage(kind, since, parts[2]);
    if (parts.size() == 2 && parts[0] == "since") return DeltaPage(kind, since);
  }
  return Fail(ErrorKind::cursor_expired, "The CRM in memory does not know this cursor");
}

CrmChanges MemoryCrm::FullPage(RecordKind kind, std::uint64_t since,
                               const std::string& after_id) const {
  CrmChanges page;
  page.full = true;
  page.cursor = "since " + std::to_string(since);
  for (auto row = rows_.upper_bound(after_id); row != rows_.end(); ++row) {
    if (row->second.deleted || row->second.kind != kind) continue;
    if (page.records.size() == options_.page_size) {
      page.more = true;
      page.cursor = "full " + std::to_string(since) + " " + page.records.back().id.text;
      break;
    }
    page.records.push_back(ToRecord(row->first, row->second, Detail::own));
  }
  return page;
}

CrmChanges MemoryCrm::DeltaPage(RecordKind kind, std::uint64_t since) const {
  std::map<std::uint64_t, std::string> changed;
  for (const auto& [id, row] : rows_) {
    if (row.kind == kind && row.version > since) changed.emplace(row.version, id);
  }
  CrmChanges page;
  page.more = changed.size() > options_.page_size;
  if (page.more) {
    changed.erase(std::next(changed.begin(), static_cast<std::ptrdiff_t>(options_.page_size)),
                  changed.end());
  }
  for (const auto& [version, id] : changed) {
    const Row& row = rows_.at(id);
    if (row.deleted) {
      page.deleted.push_back(CrmId{id});
    } else {
      page.records.push_back(ToRecord(id, row, Detail::own));
    }
    since = version;
  }
  page.cursor = "since " + std::to_string(since);
  return page;
}

Result<std::vector<CrmRecord>> MemoryCrm::Read(RecordKind kind, const std::vector<CrmId>& ids,
                                               Detail detail) {
  const std::lock_guard lock(mutex_);
  if (const auto error = Refusal()) return *error;
  std::vector<CrmRecord> records;
  for (const CrmId& id : ids) {
    const Row* row = FindRow(kind, id.text);
    if (row != nullptr) records.push_back(ToRecord(id.text, *row, detail));
  }
  return records;
}

Result<FoundCreate> MemoryCrm::FindCreated(const CreateSearch& search) {
  const std::lock_guard lock(mutex_);
  if (const auto error = Refusal()) return *error;
  FoundCreate found;
  if (const auto made = FindMade(search.kind, search.marker); made != rows_.end()) {
    found.record = ToRecord(made->first, made->second, Detail::own);
  }
  const std::string account = AddMade("account", search, search.account, "", found.related);
  if (!search.account || !account.empty()) {
    AddMade("contact", search, search.contact, account, found.related);
  }
  return found;
}

MemoryCrm::Row* MemoryCrm::FindRow(RecordKind kind, const std::string& id) {
  const auto found = rows_.find(id);
  const bool there = found != rows_.end() && !found->second.deleted && found->second.kind == kind;
  return there ? &found->second : nullptr;
}

std::map<std::string, MemoryCrm::Row>::iterator MemoryCrm::FindMade(RecordKind kind,
                                                                    const ReferralId& marker) {
  return std::find_if(rows_.begin(), rows_.end(), [&](const auto& each) {
    const Row& row = each.second;
    const bool carries = row.columns.value("msft_referralidentifier", Json()) == marker.text;
    return row.kind == kind && !row.deleted && (row.marker == marker.text || carries);
  });
}

}  // namespace cosell::test
