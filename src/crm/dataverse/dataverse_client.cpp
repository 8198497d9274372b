#include "crm/dataverse/dataverse_client.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <span>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/changes.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/made_customers.h"
#include "crm/dataverse/made_solutions.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/related.h"
#include "crm/dataverse/writer.h"
#include "model/digest.h"

namespace cosell {
namespace dataverse {
namespace {

using SharedOrganization = std::shared_ptr<const Organization>;

Error NoLeads() {
  return Refusal(
      "Leads are not looked after in this Dynamics 365 organisation: name \"lead\" in crm.records, "
      "and let the application user read them");
}

// Glue: what is known about the organisation and selected, behind one mutex; the work is done by
// objects made for each call.
class DataverseClient final : public Crm {
 public:
  DataverseClient(net::ApiClient& api, DataverseOptions options, Clock& clock, Random& random,
                  Log& log)
      : options_(std::move(options)),
        log_(log),
        api_(api, clock, random, options_.url, options_.batch_operations_max),
        tables_(api_),
        currencies_(api_) {}

  Result<CrmSchema> Describe(bool refresh) override {
    const auto organization = Known(refresh);
    if (!organization) return organization.error();
    return ToSchema(**organization);
  }

  void Select(RecordKind kind, const std::vector<std::string>& columns) override {
    ColumnSplit split = SplitColumns(columns);
    const std::scoped_lock lock(mutex_);
    selected_[kind] = std::move(split);
    if (organization_) ReportUnknownColumns(kind);
  }

  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override {
    const auto organization = KnownWith(kind);
    if (!organization) return organization.error();
    Records records = RecordsOf(*organization, kind);
    return ChangeReader(api_, records, parents_, log_, options_.page_size).Next(cursor);
  }

  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override {
    const auto organization = KnownWith(kind);
    if (!organization) return organization.error();
    std::set<std::string> wanted;
    for (const CrmId& id : ids) {
      if (auto guid = NormalizeGuid(id.text)) wanted.insert(*std::move(guid));
    }
    const std::vector<std::string> all(wanted.begin(), wanted.end());
    std::vector<CrmRecord> records;
    for (std::size_t at = 0; at < all.size(); at += kIdsPerQuery) {
      const auto chunk = std::span(all).subspan(at, std::min(kIdsPerQuery, all.size() - at));
      const Status read = ReadChunk(*organization, kind, chunk, detail, records);
      if (!read) return read.error();
    }
    return records;
  }

  Result<FoundCreate> FindCreated(const CreateSearch& search) override {
    const auto organization = KnownWith(search.kind);
    if (!organization) return organization.error();
    auto record = FindByMarker(*organization, search.kind, search.marker);
    if (!record) return record.error();
    auto related = FindMade(*organization, search, *record);
    if (!related) return related.error();
    return FoundCreate{*std::move(record), *std::move(related)};
  }

  std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) override {
    const auto organization = Known(false);
    if (!organization) {
      std::vector<CrmWriteResult> results;
      for (std::size_t i = 0; i < writes.size(); ++i) {
        results.push_back({organization.error(), {}});
      }
      return results;
    }
    Records opportunities = RecordsOf(*organization, RecordKind::opportunity);
    std::optional<Records> leads;
    if ((*organization)->lead) leads.emplace(RecordsOf(*organization, RecordKind::lead));
    return Writer(api_, tables_, currencies_, *organization, opportunities,
                  leads ? &*leads : nullptr, log_)
        .Write(writes);
  }

 private:
  Result<SharedOrganization> Known(bool refresh) {
    {
      const std::scoped_lock lock(mutex_);
      if (organization_ && !refresh) return organization_;
    }
    tables_.Forget();
    auto discovered = Discover(api_, tables_, options_.fields, options_.leads);
    if (!discovered) return discovered.error();
    currencies_.Set(discovered->currencies);
    auto shared = std::make_shared<const Organization>(*std::move(discovered));
    const std::scoped_lock lock(mutex_);
    return organization_ = std::move(shared);
  }

  // refused where this kind is not looked after.
  Result<SharedOrganization> KnownWith(RecordKind kind) {
    auto organization = Known(false);
    if (organization && (*organization)->Find(kind) == nullptr) return NoLeads();
    return organization;
  }

  ColumnSplit Selected(RecordKind kind) const {
    const std::scoped_lock lock(mutex_);
    const auto found = selected_.find(kind);
    return found == selected_.end() ? ColumnSplit{} : found->second;
  }

  Records RecordsOf(const SharedOrganization& organization, RecordKind kind) {
    return Records(api_, currencies_, organization, kind, Selected(kind).own);
  }

  // Requires mutex_ held.
  void ReportUnknownColumns(RecordKind kind) {
    const RecordTable* record = organization_->Find(kind);
    if (record == nullptr) return;
    const auto& solutions = organization_->solutions;
    std::vector<std::string> unknown;
    for (const std::string& name : selected_[kind].own) {
      const bool computed = solutions && name == solutions->column();
      if (!computed && record->table.Find(name) == nullptr) unknown.push_back(name);
    }
    if (unknown.empty()) return;
    log_.Warning("columns the " + record->table.logical_name + " table lacks are not read",
                 {{"columns", Join(unknown, ", ")}});
  }

  Status ReadChunk(const SharedOrganization& organization, RecordKind kind,
                   std::span<const std::string> ids, Detail detail, std::vector<CrmRecord>& out) {
    const ColumnSplit selected = Selected(kind);
    const RelatedColumns related =
        detail == Detail::with_related ? selected.related : RelatedColumns{};
    std::vector<std::string> columns = selected.own;
    for (std::string& lookup : LookupsFor(related)) columns.push_back(std::move(lookup));

    Records records(api_, currencies_, organization, kind, columns);
    const auto page = records.Query(AnyOf(records.table().id_column, ids), "", "");
    if (!page) return page.error();
    const auto members = ReadRelated(api_, tables_, currencies_, related, page->rows);
    if (!members) return members.error();
    for (std::size_t i = 0; i < page->rows.size(); ++i) {
      out.push_back(records.ToRecord(page->rows[i], page->clock_offset, (*members)[i]));
    }
    return Done{};
  }

  Result<std::optional<CrmRecord>> FindByMarker(const SharedOrganization& organization,
                                                RecordKind kind, const ReferralId& marker) {
    Records records = RecordsOf(organization, kind);
    const std::string id = DerivedGuid(ToString(kind), marker.text);
    const auto answer =
        api_.Get(records.GetRow(id).path, "read of " + records.kind_name() + " " + id);
    if (!answer) {
      if (answer.error().kind != ErrorKind::not_found) return answer.error();
      return FindByReferral(records, marker);
    }
    auto row = records.ReadRow(*answer);
    if (!row) return row.error();
    if (const Status completed = records.Complete(std::span(&*row, 1)); !completed) {
      return completed.error();
    }
    return std::optional(records.ToRecord(*row, answer->clock_offset));
  }

  Result<std::optional<CrmRecord>> FindByReferral(Records& records, const ReferralId& marker) {
    const std::string column = records.record_table().ColumnOf("referral_id");
    if (column.empty()) return std::optional<CrmRecord>{};
    const auto page =
        records.Query(column + " eq " + QuoteLiteral(marker.text), "createdon asc", "1");
    if (!page) return page.error();
    if (page->rows.empty()) return std::optional<CrmRecord>{};
    return std::optional(records.ToRecord(page->rows.front(), page->clock_offset));
  }

  // Accounts and contacts, and the solutions of the record if it came to be.
  Result<std::vector<PerformedWrite>> FindMade(const SharedOrganization& organization,
                                               const CreateSearch& search,
                                               const std::optional<CrmRecord>& record) {
    auto made = FindMadeCustomers(api_, organization->user_id, search);
    const bool has_solutions = search.kind == RecordKind::opportunity && organization->solutions;
    if (!made || !record || !has_solutions) return made;
    auto solutions = FindMadeSolutions(api_, *organization, search, record->id.text);
    if (!solutions) return solutions.error();
    made->insert(made->end(), solutions->begin(), solutions->end());
    return made;
  }

  const DataverseOptions options_;
  Log& log_;
  WebApi api_;
  RelatedTables tables_;
  CurrencyCache currencies_;
  SolutionParents parents_;
  mutable std::mutex mutex_;
  SharedOrganization organization_;
  std::map<RecordKind, ColumnSplit> selected_;
};

}  // namespace
}  // namespace dataverse

std::unique_ptr<Crm> MakeDataverseClient(net::ApiClient& api, DataverseOptions options,
                                         Clock& clock, Random& random, Log& log) {
  return std::make_unique<dataverse::DataverseClient>(api, std::move(options), clock, random, log);
}

}  // namespace cosell
