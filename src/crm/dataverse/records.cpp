#include "crm/dataverse/records.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/qualified.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

constexpr char kBecame[] = "qualifyingopportunityid";
constexpr char kSubject[] = "subject";
constexpr std::string_view kSolutionsMark = "|solutions=";
constexpr std::size_t kDigestLength = 16;

bool WantsSolutions(const Organization& organization, RecordKind kind,
                    const std::vector<std::string>& columns) {
  if (kind != RecordKind::opportunity || !organization.solutions) return false;
  return std::find(columns.begin(), columns.end(), organization.solutions->column()) !=
         columns.end();
}

std::vector<std::string> WithNeeded(const Organization& organization, RecordKind kind,
                                    std::vector<std::string> columns, bool solutions) {
  for (const char* name : {"statecode", "statuscode", "modifiedon"}) columns.emplace_back(name);
  const RecordTable& record = *organization.Find(kind);
  columns.push_back(record.ColumnOf("sync"));
  columns.push_back(record.ColumnOf("referral_id"));
  if (kind == RecordKind::lead) columns.insert(columns.end(), {kBecame, kSubject});
  if (solutions) columns.push_back(organization.solutions->products_text);
  return columns;
}

std::optional<std::int64_t> ToInteger(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{}) return std::nullopt;
  return value;
}

// The role may be kept as Yes/No or as a choice of the two.
bool IsYes(const std::string& json) { return json == "true" || EqualsIgnoreCase(json, "\"yes\""); }

// Only for ids, which hold nothing that is escaped.
std::string Unquoted(const std::string& json) {
  return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : std::string{};
}

}  // namespace

std::string RowEtag(const std::string& version) {
  return version.substr(0, version.find(kSolutionsMark));
}

Records::Records(WebApi& api, CurrencyCache& currencies,
                 std::shared_ptr<const Organization> organization, RecordKind kind,
                 const std::vector<std::string>& columns)
    : api_(api),
      currencies_(currencies),
      organization_(std::move(organization)),
      kind_(kind),
      record_(*organization_->Find(kind)),
      reads_solutions_(WantsSolutions(*organization_, kind, columns)),
      reader_(record_.table, WithNeeded(*organization_, kind, columns, reads_solutions_)) {}

Result<Page> Records::ReadPage(const net::ApiAnswer& answer) {
  std::vector<std::string> unknown;
  auto page = reader_.ReadPage(answer.response.body, *currencies_.Get(), unknown);
  if (page && !unknown.empty()) {
    if (const Status learnt = currencies_.Learn(unknown); !learnt) return learnt.error();
    unknown.clear();
    page = reader_.ReadPage(answer.response.body, *currencies_.Get(), unknown);
  }
  if (page) page->clock_offset = answer.clock_offset;
  return page;
}

Result<FlatRow> Records::ReadRow(const net::ApiAnswer& answer) {
  std::vector<std::string> unknown;
  auto row = reader_.ReadRow(answer.response.body, *currencies_.Get(), unknown);
  if (row && !unknown.empty()) {
    if (const Status learnt = currencies_.Learn(unknown); !learnt) return learnt.error();
    unknown.clear();
    row = reader_.ReadRow(answer.response.body, *currencies_.Get(), unknown);
  }
  // A representation may carry its version in the header instead (contract section 5.2).
  if (row && row->etag.empty()) {
    row->etag = net::FindHeader(answer.response.headers, "ETag").value_or("");
  }
  return row;
}

Result<Page> Records::Query(const std::string& filter, const std::string& orderby,
                            const std::string& top) {
  dataverse::Query query;
  query.entity_set = table().entity_set;
  query.select = select();
  query.filter = filter;
  query.orderby = orderby;
  query.top = top;
  const auto answer =
      api_.Get(Print(query), "read of " + table().entity_set,
               "odata.include-annotations=\"Microsoft.Dynamics.CRM.lookuplogicalname\"");
  if (!answer) return answer.error();
  auto page = ReadPage(*answer);
  if (!page) return page;
  if (const Status completed = Complete(std::span(page->rows)); !completed) {
    return completed.error();
  }
  return page;
}

Operation Records::GetRow(const std::string& id) const {
  Operation operation;
  operation.path = RowPath(table().entity_set, id, select());
  return operation;
}

Status Records::Complete(std::span<FlatRow> rows) {
  std::vector<FlatRow*> pointers;
  for (FlatRow& row : rows) pointers.push_back(&row);
  return Complete(pointers);
}

Status Records::Complete(const std::vector<FlatRow*>& rows) {
  if (rows.empty()) return Done{};
  if (kind_ == RecordKind::lead) return AddBecame(rows);
  return reads_solutions_ ? AddSolutions(rows) : Status(Done{});
}

Status Records::AddSolutions(const std::vector<FlatRow*>& rows) {
  const SolutionsTable& solutions = *organization_->solutions;
  std::vector<std::string> ids;
  for (const FlatRow* row : rows) ids.push_back(row->id);
  const auto read = ReadSolutions(api_, solutions, ids);
  if (!read) return read.error();
  std::map<std::string, std::vector<std::string>> identifiers;
  for (const SolutionRow& each : *read) {
    identifiers[each.opportunity_id].push_back(each.identifier);
  }
  for (FlatRow* row : rows) {
    const auto found = identifiers.find(row->id);
    // Without rows the old text is what there is.
    row->computed = found != identifiers.end() ? SolutionsValue(found->second)
                                               : ValueOf(*row, solutions.products_text);
    if (row->computed.empty()) row->computed = "null";
  }
  return Done{};
}

// Qualifying may leave it to the opportunity to name the lead (contract section 6.5).
Status Records::AddBecame(const std::vector<FlatRow*>& rows) {
  const auto index = reader_.IndexOf(kBecame);
  std::vector<std::string> unsaid;
  for (const FlatRow* row : rows) {
    const bool says = index && row->values[*index] != "null";
    if (StateOf(*row) == kQualifiedState && !says) unsaid.push_back(row->id);
  }
  if (!index || unsaid.empty()) return Done{};
  const auto became = FindQualified(api_, unsaid);
  if (!became) return became.error();
  for (FlatRow* row : rows) {
    const auto found = became->find(row->id);
    if (found != became->end()) row->values[*index] = Quoted(found->second);
  }
  return Done{};
}

CrmRecord Records::ToRecord(const FlatRow& row,
                            const std::optional<std::chrono::milliseconds>& clock_offset,
                            const std::vector<std::pair<std::string, std::string>>& extra) const {
  CrmRecord record;
  record.id.text = row.id;
  record.kind = kind_;
  record.etag = VersionOf(row);
  record.changed_at = row.modified_at.value_or(Instant{});
  auto members = extra;
  if (reads_solutions_) members.emplace_back(organization_->solutions->column(), row.computed);
  record.raw = PrintFlat(reader_, row, members);
  record.referral_id = std::string(Trim(IdAt(row, record_.ColumnOf("referral_id"))));
  // The connector of 2019 kept the referral's id in the lead's topic (mapping contract section 13).
  if (kind_ == RecordKind::lead && record.referral_id.empty()) {
    record.referral_id = NormalizeGuid(Trim(IdAt(row, kSubject))).value_or("");
  }
  record.sync = IsYes(ValueOf(row, record_.ColumnOf("sync")));
  record.clock_offset = clock_offset;
  return record;
}

std::string Records::VersionOf(const FlatRow& row) const {
  if (!reads_solutions_ || row.etag.empty()) return row.etag;
  const std::string digest = ContentHash(row.computed).substr(0, kDigestLength);
  return row.etag + std::string(kSolutionsMark) + digest;
}

std::optional<std::int64_t> Records::StateOf(const FlatRow& row) const {
  return ToInteger(ValueOf(row, "statecode"));
}

std::optional<std::int64_t> Records::StatusOf(const FlatRow& row) const {
  return ToInteger(ValueOf(row, "statuscode"));
}

std::string Records::ValueOf(const FlatRow& row, const std::string& column) const {
  const auto index = reader_.IndexOf(column);
  return index ? row.values[*index] : std::string{};
}

std::string Records::IdAt(const FlatRow& row, const std::string& column) const {
  return Unquoted(ValueOf(row, column));
}

}  // namespace cosell::dataverse
