#include "crm/salesforce/salesforce_client.h"

#include <set>

#include "base/record_id.h"
#include "crm/salesforce/changes.h"
#include "crm/salesforce/writer.h"

namespace cosell {
namespace salesforce {
namespace {

Error OnlyOpportunities() {
  return Refusal("Leads are not synchronised yet: leave \"lead\" out of crm.records");
}

ChangeOptions ChangeOptionsOf(const SalesforceOptions& options) {
  return {options.page_size, options.overlap, options.cross_check_interval};
}

// Glue: what is known about the organisation and what was told already is kept here; the work is
// done by objects made for each call.
class SalesforceClient final : public Crm {
 public:
  SalesforceClient(net::ApiClient& api, net::SalesforceTokens& tokens, SalesforceOptions options,
                   Clock& clock, Random& random, Log& log)
      : options_(std::move(options)),
        clock_(clock),
        random_(random),
        log_(log),
        rest_(api, tokens, clock, log, options_.api_version),
        ground_(rest_, options_.fields, log),
        opportunities_(rest_, ground_) {}

  Result<CrmSchema> Describe(bool refresh) override {
    const auto view = ground_.Discovered(refresh);
    if (!view) return view.error();
    CrmSchema schema = ToSchema(*(*view)->organization);
    schema.problems = ground_.Problems();
    return schema;
  }

  void Select(const std::vector<std::string>& columns) override { ground_.Select(columns); }

  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    return ChangeReader(rest_, ground_, opportunities_, memory_, clock_, random_, log_,
                        ChangeOptionsOf(options_))
        .Next(cursor);
  }

  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    std::set<std::string> wanted;
    for (const CrmId& id : ids) {
      if (auto normal = NormalizeSalesforceId(id.text)) wanted.insert(*std::move(normal));
    }
    const std::vector<std::string> all(wanted.begin(), wanted.end());
    if (detail == Detail::with_related) return opportunities_.ReadRelated(all);
    const auto found = opportunities_.Retrieve(all, false);
    if (!found) return found.error();
    std::vector<CrmRecord> records;
    for (const Found& each : *found) records.push_back(each.record);
    return records;
  }

  Result<std::optional<CrmRecord>> FindCreated(RecordKind kind, const ReferralId& marker) override {
    if (kind != RecordKind::opportunity) return OnlyOpportunities();
    const auto found = opportunities_.FindByReferral({marker.text}, false);
    if (!found) return found.error();
    if (found->empty()) return std::optional<CrmRecord>{};
    return std::optional(found->front().record);
  }

  std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) override {
    const auto view = ground_.Current();
    if (!view) return std::vector<CrmWriteResult>(writes.size(), CrmWriteResult{view.error(), {}});
    return Writer(rest_, opportunities_, *(*view)->organization, log_).Write(writes);
  }

 private:
  const SalesforceOptions options_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  Rest rest_;
  Ground ground_;
  Opportunities opportunities_;
  DeliveredMemory memory_;
};

}  // namespace
}  // namespace salesforce

std::unique_ptr<Crm> MakeSalesforceClient(net::ApiClient& api, net::SalesforceTokens& tokens,
                                          SalesforceOptions options, Clock& clock, Random& random,
                                          Log& log) {
  return std::make_unique<salesforce::SalesforceClient>(api, tokens, std::move(options), clock,
                                                        random, log);
}

}  // namespace cosell
