#include "app/results.h"

#include <nlohmann/json.hpp>

#include "app/certificate.h"
#include "app/plan_file.h"

namespace cosell::app {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json StepAsJson(const Step& step) {
  Json json = {
      {"operation", ToString(step.operation)}, {"reason", step.reason}, {"changes", Json::array()}};
  for (const FieldChange& change : step.changes) {
    json["changes"].push_back({{"field", change.field},
                               {"before", change.before},
                               {"after", change.after},
                               {"rule", change.rule},
                               {"reason", change.reason}});
  }
  return json;
}

Json LinkAsJson(const Mapping& mapping, const PlannedLink& link) {
  Json json = {{"link", link.work.link.id},
               {"referral_id", link.work.link.referral_id.text},
               {"crm_id", link.work.link.crm_id.text},
               {"record_kind", ToString(link.work.link.kind)},
               {"reason", link.plan.reason},
               {"steps", Json::array()},
               {"conflicts", Json::array()}};
  for (const Step& step : link.plan.steps) json["steps"].push_back(StepAsJson(step));
  for (const PlannedConflict& conflict : link.plan.conflicts) {
    json["conflicts"].push_back({{"field", mapping.fields.at(conflict.field).name},
                                 {"base", conflict.base.value_or("")},
                                 {"partner_center", conflict.partner_center.value_or("")},
                                 {"crm", conflict.crm.value_or("")},
                                 {"reason", conflict.reason}});
  }
  json["digest"] = link.digest;
  json["checksum"] = LinkChecksum(Dump(json));
  return json;
}

}  // namespace

std::string RoundAsJson(const ConnectionName& name, const RoundResult& result) {
  Json json = {{"connection", name.text},
               {"run_id", result.run.id},
               {"kind", result.run.kind},
               {"outcome", result.run.outcome},
               {"read", result.run.read},
               {"planned", result.run.planned},
               {"written", result.run.written},
               {"failed", result.run.failed},
               {"conflicts", result.run.conflicts},
               {"told", result.told},
               {"drifting", result.drifting},
               {"stopped", result.stopped},
               {"reason", result.reason},
               {"error", result.broken ? ToString(result.broken->kind) : std::string_view()},
               {"exit_code", ExitCodeOf(result)},
               {"bases_recovered", result.bases_recovered}};
  json["certificate"] = result.certificate ? CertificateAsJson(*result.certificate) : Json(nullptr);
  return Dump(json);
}

std::string PlanAsJson(const ConnectionName& name, const Mapping& mapping,
                       const std::vector<PlannedLink>& links, Instant made_at) {
  Json json = {{"connection", name.text},
               {"fingerprint", mapping.fingerprint},
               {"made_at", FormatSeconds(made_at)},
               {"links", Json::array()}};
  for (const PlannedLink& link : links) json["links"].push_back(LinkAsJson(mapping, link));
  return Dump(json);
}

int ExitCodeOf(const RoundResult& result) {
  if (!result.stopped.empty()) return 5;
  if (result.broken) return 3;
  const auto for_a_person =
      result.run.failed + result.run.conflicts + result.told + result.drifting;
  return for_a_person > 0 ? 1 : 0;
}

std::string ResolvedAsJson(const ConnectionName& name, const Resolution& resolution) {
  return Dump({{"connection", name.text},
               {"id", resolution.record_id},
               {"field", resolution.field},
               {"take", ToString(resolution.take)}});
}

std::string RetriedAsJson(const ConnectionName& name, std::int64_t links) {
  return Dump({{"connection", name.text}, {"retried", links}});
}

std::string ErasedAsJson(const ConnectionName& name, const std::optional<Erasure>& erasure) {
  const Erasure done = erasure.value_or(Erasure{});
  return Dump({{"connection", name.text}, {"people", done.people}, {"values", done.values}});
}

std::string AllowedAsJson(const ConnectionName& name, std::int64_t people) {
  return Dump({{"connection", name.text}, {"allowed", people}});
}

}  // namespace cosell::app
