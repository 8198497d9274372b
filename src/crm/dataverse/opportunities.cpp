#include "crm/dataverse/opportunities.h"

#include <charconv>

#include "base/text.h"
#include "crm/dataverse/odata.h"

namespace cosell::dataverse {
namespace {

std::vector<std::string> WithNeeded(const Organization& organization,
                                    std::vector<std::string> columns) {
  for (const char* name : {"statecode", "statuscode", "modifiedon"}) columns.emplace_back(name);
  columns.push_back(organization.ColumnOf("sync"));
  columns.push_back(organization.ColumnOf("referral_id"));
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

// A referral's id is a GUID: its JSON text holds nothing that is escaped.
std::string Unquoted(const std::string& json) {
  return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : std::string{};
}

}  // namespace

Opportunities::Opportunities(WebApi& api, CurrencyCache& currencies,
                             std::shared_ptr<const Organization> organization,
                             const std::vector<std::string>& columns)
    : api_(api),
      currencies_(currencies),
      organization_(std::move(organization)),
      reader_(organization_->opportunity, WithNeeded(*organization_, columns)) {}

Result<Page> Opportunities::ReadPage(const net::ApiAnswer& answer) {
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

Result<FlatRow> Opportunities::ReadRow(const net::ApiAnswer& answer) {
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

Result<Page> Opportunities::Query(const std::string& filter, const std::string& orderby,
                                  const std::string& top) {
  dataverse::Query query;
  query.entity_set = organization_->opportunity.entity_set;
  query.select = select();
  query.filter = filter;
  query.orderby = orderby;
  query.top = top;
  const auto answer =
      api_.Get(Print(query), "read of opportunities",
               "odata.include-annotations=\"Microsoft.Dynamics.CRM.lookuplogicalname\"");
  if (!answer) return answer.error();
  return ReadPage(*answer);
}

Operation Opportunities::GetRow(const std::string& id) const {
  Operation operation;
  operation.path = RowPath(organization_->opportunity.entity_set, id, select());
  return operation;
}

CrmRecord Opportunities::ToRecord(
    const FlatRow& row, const std::optional<std::chrono::milliseconds>& clock_offset,
    const std::vector<std::pair<std::string, std::string>>& extra) const {
  CrmRecord record;
  record.id.text = row.id;
  record.kind = RecordKind::opportunity;
  record.etag = row.etag;
  record.changed_at = row.modified_at.value_or(Instant{});
  record.raw = PrintFlat(reader_, row, extra);
  record.referral_id =
      std::string(Trim(Unquoted(ValueOf(row, organization_->ColumnOf("referral_id")))));
  record.sync = IsYes(ValueOf(row, organization_->ColumnOf("sync")));
  record.clock_offset = clock_offset;
  return record;
}

std::optional<std::int64_t> Opportunities::StateOf(const FlatRow& row) const {
  return ToInteger(ValueOf(row, "statecode"));
}

std::optional<std::int64_t> Opportunities::StatusOf(const FlatRow& row) const {
  return ToInteger(ValueOf(row, "statuscode"));
}

std::string Opportunities::ValueOf(const FlatRow& row, const std::string& column) const {
  const auto index = reader_.IndexOf(column);
  return index ? row.values[*index] : std::string{};
}

}  // namespace cosell::dataverse
