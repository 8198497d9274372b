#include <nlohmann/json.hpp>
#include <set>

#include "app/mapping_check.h"
#include "mapping/lens.h"
#include "mapping/read_record.h"

namespace cosell::app {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kPage = 500;
constexpr std::int64_t kRecordsMax = 50'000;

std::string ScalarText(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() || value.is_structured() ? "" : value.dump();
}

class Sampler {
 public:
  Sampler(const Mapping& mapping, SampledLens* result) : mapping_(mapping), result_(result) {}

  void Take(const LinkWork& work) {
    const bool lead = work.crm && work.crm->kind == RecordKind::lead;
    if (lead && !mapping_.lead) return;
    const Mapping& part = lead ? *mapping_.lead : mapping_;
    if (work.referral) TakeReferral(part, *work.referral);
    if (work.crm && !work.crm->deleted) TakeRecord(part, *work.crm);
  }

 private:
  void TakeReferral(const Mapping& part, const Snapshot& snapshot) {
    const auto record = RecordFromReferral(part, snapshot.raw);
    if (!record) return;
    ++result_->records;
    for (FieldIndex i = 0; i < part.fields.size(); ++i)
      Try(part, i, {{record->values[i]}, {}}, "referral " + snapshot.id);
  }

  void TakeRecord(const Mapping& part, const Snapshot& snapshot) {
    const Json raw = Json::parse(snapshot.raw, nullptr, false);
    if (!raw.is_object()) return;
    ++result_->records;
    for (FieldIndex i = 0; i < part.fields.size(); ++i) {
      const auto column = raw.find(part.fields[i].crm);
      if (column != raw.end())
        Try(part, i, {{}, {ScalarText(*column)}}, "CRM record " + snapshot.id);
    }
  }

  // One example a field is enough.
  void Try(const Mapping& part, FieldIndex i, const LensSamples& samples,
           const std::string& whose) {
    const FieldRule& rule = part.fields[i];
    const auto loss = FindLoss(rule, samples);
    const std::string prefix = part.kind == RecordKind::lead ? "lead.fields." : "fields.";
    if (!loss || !told_.insert(prefix + rule.name).second) return;
    const bool somebodys = rule.type == FieldType::text;
    result_->findings.push_back(
        {true, prefix + rule.name + ": (" + whose + ") " + DescribeLoss(*loss, !somebodys)});
  }

  const Mapping& mapping_;
  SampledLens* result_;
  std::set<std::string> told_;
};

}  // namespace

SampledLens CheckSampledLens(const Mapping& mapping, const CrmSchema& schema, Store& store,
                             const ConnectionName& connection) {
  SampledLens result;
  std::vector<std::string> dropped;
  const Mapping bound =
      BindMapping(mapping, schema.roles, {}, &dropped, schema.lead ? &schema.lead->roles : nullptr);
  Sampler sampler(bound, &result);
  std::int64_t after = 0;
  while (result.records < kRecordsMax) {
    const auto links = store.LinksAfter(connection, after, kPage);
    if (links.empty()) break;
    for (const LinkWork& work : links) {
      after = work.link.id;
      sampler.Take(work);
    }
  }
  return result;
}

}  // namespace cosell::app
