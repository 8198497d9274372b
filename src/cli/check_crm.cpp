#include <algorithm>

#include "base/text.h"
#include "cli/check.h"

namespace cosell::cli {
namespace {

void CheckCurrencies(const CrmSchema& schema, const PartnerFacts& partner, Findings& findings) {
  if (schema.currencies.empty()) return;  // said among the CRM's problems
  std::vector<std::string> missing;
  for (const std::string& code : partner.currencies) {
    const bool known = std::any_of(schema.currencies.begin(), schema.currencies.end(),
                                   [&](const auto& each) { return EqualsIgnoreCase(each, code); });
    if (!known) missing.push_back(code);
  }
  if (!missing.empty()) {
    findings.Problem("currencies", "referrals are in " + Join(missing, ", ") +
                                       ", which the CRM does not have: add them there, or such "
                                       "deals cannot be written");
  } else {
    findings.Ok("currencies", "the CRM has " + Join(schema.currencies, ", "));
  }
}

void Inspect(const std::string& side, app::Clients& clients, Findings& findings) {
  const auto inspection = clients.crm_setup().Inspect();
  if (!inspection) return findings.Add("CRM", inspection.error());
  if (inspection->clock_offset) CheckClock(side, *inspection->clock_offset, findings);
  for (const SetupFinding& each : inspection->findings) findings.Add(each);
}

std::string NameOf(app::CrmKind kind) {
  switch (kind) {
    case app::CrmKind::dynamics365:
      return "Dynamics 365";
    case app::CrmKind::salesforce:
      return "Salesforce";
    case app::CrmKind::rest:
      return "the CRM";
  }
  return "the CRM";
}

}  // namespace

void CheckCrm(const app::ConnectionConfig& config, app::Clients& clients,
              const PartnerFacts& partner, Findings& findings) {
  const auto schema = clients.crm().Describe(true);
  if (!schema) return findings.Add("CRM", schema.error());
  findings.Ok("CRM", "sign-in works; " + std::to_string(schema->columns.size()) + " columns");
  for (const auto& problem : schema->problems) findings.Problem("CRM", problem);
  Inspect(NameOf(config.crm.kind), clients, findings);
  CheckCurrencies(*schema, partner, findings);
  CheckMapping(config, *schema, findings);
}

}  // namespace cosell::cli
