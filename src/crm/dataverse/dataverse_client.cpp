#include "crm/dataverse/dataverse_client.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <span>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/changes.h"
#include "crm/dataverse/errors.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/related.h"
#include "crm/dataverse/writer.h"
#include "model/digest.h"

namespace cosell {
namespace dataverse {
namespace {

using SharedOrganization = std::shared_ptr<const Organization>;

Error OnlyOpportunities() {
  return Refusal("Leads are not synchronised with Dynamics 365: leave \"lead\" out of crm.records");
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

  void Select(const std::vector<std::string>& columns) override {
    ColumnSplit split = SplitColumns(columns);
    const std::scoped_lock lock(mutex_);
    selected_ = std::move(split);
    if (organization_) ReportUnknownColumns();
  }

  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    const auto organization = Known(false);
    if (!organization) return organization.error();
    Opportunities opportunities(api_, currencies_, *organization, Selected().own);
    return ChangeReader(api_, opportunities, log_, options_.page_size).Next(cursor);
  }

  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    const auto organization = Known(false);
    if (!organization) return organization.error();
    std::set<std::string> wanted;
    for (const CrmId& id : ids) {
      if (auto guid = NormalizeGuid(id.text)) wanted.insert(*std::move(guid));
    }
    const std::vector<std::string> all(wanted.begin(), wanted.end());
    std::vector<CrmRecord> records;
    for (std::size_t at = 0; at < all.size(); at += kIdsPerQuery) {
      const auto chunk = std::span(all).subspan(at, std::min(kIdsPerQuery, all.size() - at));
      const Status read = ReadChunk(*organization, chunk, detail, records);
      if (!read) return read.error();
    }
    return records;
  }

  Result<std::optional<CrmRecord>> FindCreated(RecordKind kind, const ReferralId& marker) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    const auto organization = Known(false);
    if (!organization) return organization.error();
    Opportunities opportunities(api_, currencies_, *organization, Selected().own);
    const std::string id = DerivedGuid("opportunity", marker.text);
    const auto answer = api_.Get(opportunities.GetRow(id).path, "read of opportunity " + id);
    if (!answer) {
      if (answer.error().kind != ErrorKind::not_found) return answer.error();
      return FindByReferral(opportunities, marker);
    }
    const auto row = opportunities.ReadRow(*answer);
    if (!row) return row.error();
    return std::optional(opportunities.ToRecord(*row, answer->clock_offset));
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
    Opportunities opportunities(api_, currencies_, *organization, Selected().own);
    return Writer(api_, tables_, currencies_, opportunities, log_).Write(writes);
  }

 private:
  Result<SharedOrganization> Known(bool refresh) {
    {
      const std::scoped_lock lock(mutex_);
      if (organization_ && !refresh) return organization_;
    }
    tables_.Forget();
    auto discovered = Discover(api_, tables_, options_.fields);
    if (!discovered) return discovered.error();
    currencies_.Set(discovered->currencies);
    auto shared = std::make_shared<const Organization>(*std::move(discovered));
    const std::scoped_lock lock(mutex_);
    return organization_ = std::move(shared);
  }

  ColumnSplit Selected() const {
    const std::scoped_lock lock(mutex_);
    return selected_;
  }

  // Requires mutex_ held.
  void ReportUnknownColumns() {
    std::vector<std::string> unknown;
    for (const std::string& name : selected_.own) {
      if (organization_->opportunity.Find(name) == nullptr) unknown.push_back(name);
    }
    if (unknown.empty()) return;
    log_.Warning("columns the opportunity table lacks are not read",
                 {{"columns", Join(unknown, ", ")}});
  }

  Status ReadChunk(const SharedOrganization& organization, std::span<const std::string> ids,
                   Detail detail, std::vector<CrmRecord>& out) {
    const ColumnSplit selected = Selected();
    const RelatedColumns related =
        detail == Detail::with_related ? selected.related : RelatedColumns{};
    std::vector<std::string> columns = selected.own;
    for (std::string& lookup : LookupsFor(related)) columns.push_back(std::move(lookup));

    Opportunities opportunities(api_, currencies_, organization, columns);
    const auto page = opportunities.Query(AnyOf(organization->opportunity.id_column, ids), "", "");
    if (!page) return page.error();
    const auto members = ReadRelated(api_, tables_, currencies_, related, page->rows);
    if (!members) return members.error();
    for (std::size_t i = 0; i < page->rows.size(); ++i) {
      out.push_back(opportunities.ToRecord(page->rows[i], page->clock_offset, (*members)[i]));
    }
    return Done{};
  }

  Result<std::optional<CrmRecord>> FindByReferral(Opportunities& opportunities,
                                                  const ReferralId& marker) {
    const std::string column = opportunities.organization().ColumnOf("referral_id");
    if (column.empty()) return std::optional<CrmRecord>{};
    const auto page =
        opportunities.Query(column + " eq " + QuoteLiteral(marker.text), "createdon asc", "1");
    if (!page) return page.error();
    if (page->rows.empty()) return std::optional<CrmRecord>{};
    return std::optional(opportunities.ToRecord(page->rows.front(), page->clock_offset));
  }

  const DataverseOptions options_;
  Log& log_;
  WebApi api_;
  RelatedTables tables_;
  CurrencyCache currencies_;
  mutable std::mutex mutex_;
  SharedOrganization organization_;
  ColumnSplit selected_;
};

}  // namespace
}  // namespace dataverse

std::unique_ptr<Crm> MakeDataverseClient(net::ApiClient& api, DataverseOptions options,
                                         Clock& clock, Random& random, Log& log) {
  return std::make_unique<dataverse::DataverseClient>(api, std::move(options), clock, random, log);
}

}  // namespace cosell
