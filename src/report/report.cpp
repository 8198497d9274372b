#include "report/report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "mapping/deal_state.h"
#include "mapping/normalize.h"
#include "mapping/read_record.h"
#include "report/decimal.h"

namespace cosell::report {
namespace {

// What a pair is given so that both sides name each other. Writing these carries nobody's change.
bool IsIdentifier(const std::string& field) {
  return field == kFieldReferralId || field == kFieldCrmId || field == "referral_link";
}

bool CarriesAChange(const WriteDuration& write) {
  const auto fields = Split(write.fields, ',');
  return !std::all_of(fields.begin(), fields.end(),
                      [](const auto& field) { return IsIdentifier(field) || field == "news"; });
}

std::int64_t Rank(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<Latency> MeasureLatency(const std::vector<WriteDuration>& writes) {
  std::map<std::tuple<std::string, Side, std::string>, std::vector<std::int64_t>> times;
  for (const WriteDuration& write : writes) {
    if (!CarriesAChange(write)) continue;
    const auto add = [&](const char* measure, std::optional<std::int64_t> ms) {
      if (ms) times[{write.connection, write.side, measure}].push_back(*ms);
    };
    add("changed_to_written", write.since_changed_ms);
    add("noticed_to_written", write.since_noticed_ms);
    add("remote_call", write.call_ms);
  }
  std::vector<Latency> latency;
  for (auto& [key, ms] : times) {
    std::sort(ms.begin(), ms.end());
    latency.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key),
                       static_cast<std::int64_t>(ms.size()), Rank(ms, 50), Rank(ms, 90),
                       Rank(ms, 95), Rank(ms, 99), ms.back()});
  }
  return latency;
}

std::vector<FieldChanges> CountFields(const std::vector<ChangeCount>& changes) {
  std::map<std::tuple<std::string, Side, std::string, std::string>, std::int64_t> counts;
  for (const ChangeCount& change : changes) {
    for (const std::string& field : Split(change.fields, ','))
      counts[{change.connection, change.side, field, change.rule}] += change.count;
  }
  std::vector<FieldChanges> fields;
  for (const auto& [key, count] : counts) {
    fields.push_back(
        {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), count});
  }
  std::stable_sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) {
    return std::tie(a.connection, b.count) < std::tie(b.connection, a.count);
  });
  return fields;
}

std::vector<Offer> FindOffers(const std::vector<OfferRow>& rows, Instant now) {
  std::vector<Offer> offers;
  for (const OfferRow& row : rows) {
    const auto facts = FactsFromReferral(row.raw);
    if (!facts || facts->state != Value(kStateNew) || !facts->expires_at) continue;
    const auto left = std::chrono::floor<std::chrono::days>(*facts->expires_at - now);
    offers.push_back({row.connection, row.link_id, row.referral_id, row.crm_id, *facts->expires_at,
                      static_cast<std::int64_t>(left.count())});
  }
  std::stable_sort(offers.begin(), offers.end(),
                   [](const auto& a, const auto& b) { return a.expires_at < b.expires_at; });
  return offers;
}

std::vector<PipelineLine> SumUp(const std::vector<DealRow>& deals) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<std::int64_t, std::string>>
      sums;
  for (const DealRow& deal : deals) {
    auto& [count, value] = sums[{deal.connection, deal.currency, deal.state}];
    ++count;
    value = AddDecimals(value, NormalizeDecimal(deal.value).value_or(""));
  }
  std::vector<PipelineLine> lines;
  for (const auto& [key, sum] : sums) {
    lines.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), sum.first, sum.second});
  }
  return lines;
}

}  // namespace

std::string DirectionOf(Side written) {
  return written == Side::crm ? "to_crm" : "to_partner_center";
}

Report MakeReport(const ReportScope& scope, ReportFacts facts) {
  Report report;
  report.scope = scope;
  report.connections = std::move(facts.connections);
  report.writes = std::move(facts.writes);
  report.latency = MeasureLatency(facts.durations);
  report.failures = std::move(facts.failures);
  report.open_conflicts = std::move(facts.open_conflicts);
  report.decided = std::move(facts.decided);
  report.expiring = FindOffers(facts.offers, scope.now);
  report.pipeline = SumUp(facts.deals);
  report.changes = CountFields(facts.changes);
  report.held = std::move(facts.held);
  report.runs = std::move(facts.runs);
  report.head = std::move(facts.head);
  return report;
}

}  // namespace cosell::report
