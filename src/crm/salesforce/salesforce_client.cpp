#include "crm/salesforce/salesforce_client.h"

#include <set>

#include "base/record_id.h"
#include "crm/salesforce/changes.h"
#include "crm/salesforce/made_records.h"
#include "crm/salesforce/schema.h"
#include "crm/salesforce/writer.h"

namespace cosell {
namespace salesforce {
namespace {

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
        ground_(rest_, {options_.fields, options_.leads}, log),
        opportunities_(rest_, ground_, RecordKind::opportunity),
        leads_(rest_, ground_, RecordKind::lead) {}

  Result<CrmSchema> Describe(bool refresh) override {
    const auto organization = ground_.Discovered(refresh);
    if (!organization) return organization.error();
    CrmSchema schema = ToSchema(**organization);
    schema.problems = ground_.Problems();
    return schema;
  }

  void Select(RecordKind kind, const std::vector<std::string>& columns) override {
    ground_.Select(kind, columns);
  }

  Result<CrmChanges> Changes(RecordKind kind, const std::string& cursor) override {
    Kept& kept = Of(kind);
    return ChangeReader(rest_, ground_, kept.records, kept.memory, clock_, random_, log_,
                        ChangeOptionsOf(options_))
        .Next(cursor);
  }

  Result<std::vector<CrmRecord>> Read(RecordKind kind, const std::vector<CrmId>& ids,
                                      Detail detail) override {
    std::set<std::string> wanted;
    for (const CrmId& id : ids) {
      if (auto normal = NormalizeSalesforceId(id.text)) wanted.insert(*std::move(normal));
    }
    const std::vector<std::string> all(wanted.begin(), wanted.end());
    if (detail == Detail::with_related) return Of(kind).records.ReadRelated(all);
    const auto found = Of(kind).records.Retrieve(all, false);
    if (!found) return found.error();
    std::vector<CrmRecord> records;
    for (const Found& each : *found) records.push_back(each.record);
    return records;
  }

  Result<FoundCreate> FindCreated(const CreateSearch& search) override {
    const auto found = Of(search.kind).records.FindByReferral({search.marker.text}, false);
    if (!found) return found.error();
    FoundCreate create;
    if (!found->empty()) create.record = found->front().record;
    // A lead is made by itself.
    if (search.kind == RecordKind::lead) return create;
    const auto organization = ground_.Discovered(false);
    if (!organization) return organization.error();
    auto related =
        FindMadeRecords(rest_, **organization, search, create.record ? create.record->id.text : "");
    if (!related) return related.error();
    create.related = *std::move(related);
    return create;
  }

  std::vector<CrmWriteResult> Write(const std::vector<CrmWrite>& writes) override {
    std::vector<CrmWriteResult> results(writes.size(), CrmWriteResult{Error{}, {}});
    for (const RecordKind kind : {RecordKind::opportunity, RecordKind::lead}) {
      std::vector<std::size_t> places;
      std::vector<const CrmWrite*> picked;
      for (std::size_t i = 0; i < writes.size(); ++i) {
        if (writes[i].record_kind != kind) continue;
        places.push_back(i);
        picked.push_back(&writes[i]);
      }
      if (picked.empty()) continue;
      auto written = WriteKind(kind, picked);
      for (std::size_t i = 0; i < places.size(); ++i) results[places[i]] = std::move(written[i]);
    }
    return results;
  }

 private:
  // What is kept for one kind of record.
  struct Kept {
    Kept(Rest& rest, Ground& ground, RecordKind kind) : records(rest, ground, kind) {}
    Records records;
    DeliveredMemory memory;
  };
  Kept& Of(RecordKind kind) { return kind == RecordKind::lead ? leads_ : opportunities_; }

  std::vector<CrmWriteResult> WriteKind(RecordKind kind,
                                        const std::vector<const CrmWrite*>& writes) {
    const auto view = ground_.ViewOf(kind);
    if (!view) return std::vector<CrmWriteResult>(writes.size(), CrmWriteResult{view.error(), {}});
    const Target target{rest_, Of(kind).records, *(*view)->organization, (*view)->synced, log_};
    return Writer(target).Write(writes);
  }

  const SalesforceOptions options_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  Rest rest_;
  Ground ground_;
  Kept opportunities_;
  Kept leads_;
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
