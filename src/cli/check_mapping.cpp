#include "app/mapping_check.h"
#include "app/mapping_source.h"
#include "cli/check.h"
#include "mapping/mapping.h"

namespace cosell::cli {
namespace {

void CheckLeads(const std::string& connection, const Mapping& mapping, const CrmSchema& schema,
                Findings& findings) {
  if (!mapping.lead) {
    return findings.Note("leads", "the mapping file has no part \"lead\": leads are left alone");
  }
  for (const char* role : {"sync", "referral_id", "audit"}) {
    if (schema.lead && schema.lead->roles.contains(role)) continue;
    return findings.Problem(
        "leads", std::string("leads are left alone: the CRM's lead has no column for '") + role +
                     "'; create it (`cosell-sync crm prepare " + connection +
                     "`), or leave \"lead\" out of crm.records");
  }
  findings.Ok("leads", schema.can_qualify
                           ? "an accepted lead is qualified"
                           : "an accepted lead gets an opportunity beside it: this CRM lets only "
                             "people convert leads");
}

}  // namespace

void CheckMapping(const app::ConnectionConfig& config, const CrmSchema& schema,
                  Findings& findings) {
  const auto mapping = app::LoadMapping(config);
  if (!mapping) return findings.Problem("mapping", mapping.error().message);
  const bool leads = config.crm.leads();
  const auto fit = app::FitToCrm(*mapping, schema, leads);
  for (const auto& each : fit)
    each.problem ? findings.Problem("mapping", each.text) : findings.Note("mapping", each.text);
  if (leads) CheckLeads(config.name.text, *mapping, schema, findings);
  if (fit.empty()) findings.Ok("mapping", "every mapped field has its column");
}

}  // namespace cosell::cli
