#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/snapshots.h"
#include "mapping/read_record.h"
#include "model/digest.h"
#include "ports/crm.h"
#include "ports/partner_center.h"
#include "tools/bench/bench.h"
#include "tools/bench/service.h"

namespace cosell::bench {
namespace {

constexpr const char* kLimit = "nlohmann parse + dump + SHA-256";

struct Material {
  std::vector<RemoteReferral> referrals;
  std::vector<CrmRecord> records;
};

Material ReadMaterial(Service& service) {
  Material material;
  for (const LinkWork& work : service.Links()) {
    if (!work.referral || !work.crm) continue;
    RemoteReferral referral;
    referral.id.text = work.referral->id;
    referral.raw = work.referral->raw;
    material.referrals.push_back(referral);
    CrmRecord record;
    record.id.text = work.crm->id;
    record.raw = work.crm->raw;
    material.records.push_back(record);
  }
  if (material.referrals.empty()) throw std::runtime_error("no pair came about: use more --pairs");
  return material;
}

template <typename Records>
std::int64_t BytesEach(const Records& records) {
  std::size_t bytes = 0;
  for (const auto& record : records) bytes += record.raw.size();
  return static_cast<std::int64_t>(bytes / records.size());
}

// A digest as a number that depends on all the work before it.
std::int64_t Sink(const std::string& digest) { return digest[0]; }

std::int64_t ParseDumpHash(const std::string& raw) {
  return Sink(Sha256Hex(nlohmann::json::parse(raw).dump()));
}

std::int64_t MapAndHash(const Mapping& mapping, const std::string& raw) {
  const Result<Record> record = RecordFromReferral(mapping, raw);
  std::string text;
  for (const Value& value : record->values) text += value ? "\x1f=" + *value : "\x1f-";
  return Sink(ContentHash(text));
}

// `work` takes a record; the limit does its kind of work on the same record's text.
template <typename Records, typename Work>
void Measure(const std::string& what, const Records& records, double seconds, Report& report,
             Work work) {
  std::int64_t sink = 0;
  Turn figure_turn(records.size());
  Turn limit_turn(records.size());
  const Pair pair = ByTurns(
      seconds, &sink, [&] { return work(records[figure_turn.Next()]); },
      [&] { return ParseDumpHash(records[limit_turn.Next()].raw); });
  report.Rates(what, pair.figures, kLimit, pair.limits);
}

}  // namespace

void MeasureMapping(const BenchOptions& options, Report& report) {
  const auto service = SyncedService(options.folder, "mapping", options.pairs);
  const EngineContext context = service->Context();
  const Material material = ReadMaterial(*service);
  const std::string referral = Thousands(BytesEach(material.referrals)) + " B";
  const std::string row = Thousands(BytesEach(material.records)) + " B";
  Measure("mapping: referral of " + referral + " mapped and hashed", material.referrals,
          options.seconds, report,
          [&](const RemoteReferral& one) { return MapAndHash(context.mapping, one.raw); });
  Measure("mapping: the same as the engine's snapshot", material.referrals, options.seconds, report,
          [&](const RemoteReferral& one) { return Sink(MakeSnapshot(context, one)->hash); });
  Measure("mapping: CRM row of " + row + " as the engine's snapshot", material.records,
          options.seconds, report,
          [&](const CrmRecord& one) { return Sink(MakeSnapshot(context, one)->hash); });
}

}  // namespace cosell::bench
