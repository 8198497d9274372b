#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/mapping_source.h"
#include "app/registration.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/text_table.h"
#include "mapping/mapping.h"
#include "platform/files.h"
#include "store/store_factory.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// One line of `check`.
struct Finding {
  enum class Kind { ok, note, problem, unreachable };
  Kind kind = Kind::ok;
  std::string subject;
  std::string text;  // what is wrong and how to mend it; what was found when it is well
};

std::string_view ToString(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::ok:
      return "ok";
    case Finding::Kind::note:
      return "note";
    case Finding::Kind::problem:
      return "problem";
    case Finding::Kind::unreachable:
      return "unreachable";
  }
  return "problem";
}

Finding FindingOf(const std::string& subject, const Error& error) {
  const bool unreachable =
      error.kind == ErrorKind::unreachable || error.kind == ErrorKind::unavailable ||
      error.kind == ErrorKind::throttled || error.kind == ErrorKind::unknown_outcome;
  return {unreachable ? Finding::Kind::unreachable : Finding::Kind::problem, subject,
          Describe(error)};
}

void CheckPartnerCenter(Session& session, app::Clients& clients, std::vector<Finding>* findings) {
  // The future lists nothing: this only asks whether we may list.
  const auto listed =
      clients.partner_center().List(session.clock().Now() + std::chrono::hours(1), "");
  if (listed) {
    findings->push_back(
        {Finding::Kind::ok, "Partner Center", "sign-in works and referrals can be listed"});
  } else {
    findings->push_back(FindingOf("Partner Center", listed.error()));
  }
}

void CheckWebhook(Session& session, const std::string& name, app::Clients& clients,
                  std::vector<Finding>* findings) {
  const std::string& public_url = session.config().server.public_url;
  if (public_url.empty()) {
    findings->push_back(
        {Finding::Kind::note, "webhook",
         "server.public_url is not set: no events arrive, changes are found by polling"});
    return;
  }
  const auto registration = clients.registrar().Get();
  if (!registration) return findings->push_back(FindingOf("webhook", registration.error()));
  const std::string wanted = app::CallbackUrl(public_url, name);
  if (!registration->has_value()) {
    findings->push_back(
        {Finding::Kind::note, "webhook",
         "nothing is registered yet; the daemon registers " + wanted + " when it starts"});
  } else if ((*registration)->url != wanted) {
    findings->push_back({Finding::Kind::problem, "webhook",
                         "another address is registered: " + (*registration)->url +
                             "; to take over: cosell-sync webhook register " + name +
                             " --overwrite"});
  } else {
    findings->push_back({Finding::Kind::ok, "webhook", "registered: " + wanted});
  }
}

// Whether a choice column takes this value, by label or by the CRM's own option value.
bool TakesValue(const CrmColumn& column, const Json& value) {
  for (const auto& [label, option] : column.choices) {
    if (value.is_string() ? EqualsIgnoreCase(label, value.get_ref<const std::string&>())
                          : option == value.dump())
      return true;
  }
  return column.choices.empty();
}

// A value the mapping file writes into a choice column must exist in this CRM.
void CheckChoice(const std::map<std::string, CrmColumn>& columns, const std::string& path,
                 const std::string& name, const Json& value, std::vector<Finding>* findings) {
  const auto column = columns.find(name);
  if (column == columns.end() || TakesValue(column->second, value)) return;
  findings->push_back({Finding::Kind::problem, "mapping",
                       path + ": the CRM's " + name + " has no " + value.dump() +
                           "; create it there, or name one of yours in the mapping file"});
}

// The stages and states a record is moved to, and the constants of a new one. `prefix` is the
// part's place in the mapping file.
void CheckValues(const Mapping& part, const std::string& prefix, const std::string& create,
                 const std::map<std::string, CrmColumn>& columns, std::vector<Finding>* findings) {
  for (const auto& [state, write] : part.status.write) {
    for (const auto& [name, json] : write.columns)
      CheckChoice(columns, prefix + "status.write." + state, name, Json::parse(json), findings);
  }
  const Json constants = Json::parse(part.create_crm);
  for (const auto& item : constants.items())
    CheckChoice(columns, create + "." + item.key(), item.key(), item.value(), findings);
}

void CheckLeads(const Mapping& mapping, const CrmSchema& schema, std::vector<Finding>* findings) {
  if (!mapping.lead) {
    return findings->push_back({Finding::Kind::note, "leads",
                                "the mapping file has no part \"lead\": leads are left alone"});
  }
  for (const char* role : {"sync", "referral_id", "audit"}) {
    if (schema.lead && schema.lead->roles.contains(role)) continue;
    return findings->push_back(
        {Finding::Kind::problem, "leads",
         std::string("leads are left alone: the CRM's lead has no column for '") + role +
             "'; create it, or leave \"lead\" out of crm.records"});
  }
  CheckValues(*mapping.lead, "lead.", "lead.create", schema.lead->columns, findings);
  findings->push_back({Finding::Kind::ok, "leads",
                       schema.can_qualify
                           ? "an accepted lead is qualified"
                           : "an accepted lead gets an opportunity beside it: this CRM lets only "
                             "people convert leads"});
}

void CheckCrm(const app::ConnectionConfig& config, app::Clients& clients,
              std::vector<Finding>* findings) {
  const auto schema = clients.crm().Describe(true);
  if (!schema) return findings->push_back(FindingOf("CRM", schema.error()));
  findings->push_back({Finding::Kind::ok, "CRM",
                       "sign-in works; " + std::to_string(schema->columns.size()) + " columns, " +
                           std::to_string(schema->currencies.size()) + " currencies"});
  for (const auto& problem : schema->problems)
    findings->push_back({Finding::Kind::problem, "CRM", problem});
  const auto mapping = app::LoadMapping(config);
  if (!mapping) {
    findings->push_back({Finding::Kind::problem, "mapping", mapping.error().message});
    return;
  }
  std::vector<std::string> dropped;
  BindMapping(*mapping, schema->roles, {}, &dropped,
              config.crm.leads() && schema->lead ? &schema->lead->roles : nullptr);
  for (const auto& field : dropped) {
    findings->push_back({Finding::Kind::note, "mapping",
                         "the field '" + field + "' is off: the CRM has no column for it"});
  }
  CheckValues(*mapping, "", "create.opportunity", schema->columns, findings);
  if (config.crm.leads()) CheckLeads(*mapping, *schema, findings);
  if (dropped.empty())
    findings->push_back({Finding::Kind::ok, "mapping", "every mapped field has its column"});
}

std::vector<Finding> CheckConnection(Session& session, const app::ConnectionConfig& config) {
  std::vector<Finding> findings;
  app::Clients& clients = session.ConnectClients(config);
  CheckPartnerCenter(session, clients, &findings);
  CheckCrm(config, clients, &findings);
  CheckWebhook(session, config.name.text, clients, &findings);
  if (!config.crm.push_key.empty()) {
    const auto key = session.secrets().Read(config.crm.push_key);
    findings.push_back(key ? Finding{Finding::Kind::ok, "CRM notifications", "the key can be read"}
                           : FindingOf("CRM notifications", key.error()));
  }
  return findings;
}

int WorstCode(const std::vector<Finding>& findings) {
  int code = kDone;
  for (const Finding& finding : findings) {
    if (finding.kind == Finding::Kind::problem) code = std::max<int>(code, kNeedsPerson);
    if (finding.kind == Finding::Kind::unreachable) code = std::max<int>(code, kUnreachable);
  }
  return code;
}

void WriteNew(const std::filesystem::path& file, std::string_view text) {
  if (std::filesystem::exists(file)) {
    throw Failure{
        kUsage,
        file.string() + " exists already; it is left as it is. Remove it or choose another folder"};
  }
  if (const auto written =
          platform::WriteFileAtomically(file.string(), text, platform::FileAccess::everyone);
      !written)
    throw Failure{kUsage, written.error().message};
}

}  // namespace

int Init(const std::string& folder, const std::string& crm_kind, bool json) {
  const auto path = std::filesystem::absolute(folder);
  std::filesystem::create_directories(path);
  WriteNew(path / "cosell-sync.json", app::StarterConfig());
  WriteNew(path / "mapping.json", *BuiltInMapping(crm_kind));
  if (json) {
    std::cout << Json{{"config", (path / "cosell-sync.json").string()},
                      {"mapping", (path / "mapping.json").string()}}
                     .dump(2)
              << "\n";
    return kDone;
  }
  std::cout << "Wrote " << (path / "cosell-sync.json").string()
            << "\n  Fill in the tenant, the client and the CRM's address, then run\n"
            << "  cosell-sync --config " << (path / "cosell-sync.json").string() << " check\n"
            << "Wrote " << (path / "mapping.json").string() << "\n  The built-in mapping of "
            << crm_kind << "; it is used once mapping_file names it.\n";
  return kDone;
}

int Check(Session& session, const std::string& connection) {
  int code = kDone;
  Json document = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& config : session.Select(connection)) {
    const auto findings = CheckConnection(session, config);
    code = std::max(code, WorstCode(findings));
    for (const Finding& finding : findings) {
      document.push_back({{"connection", config.name.text},
                          {"result", ToString(finding.kind)},
                          {"subject", finding.subject},
                          {"text", finding.text}});
      rows.push_back(
          {config.name.text, std::string(ToString(finding.kind)), finding.subject, finding.text});
    }
  }
  std::cout << (session.json() ? document.dump(2) + "\n" : FormatTable(rows));
  return code;
}

int RunMigrate(Session& session) {
  auto lock = platform::InstanceLock::Acquire(session.config().database_path);
  if (!lock) throw Failure{kDatabase, lock.error().message};
  try {
    const MigrationResult result = Migrate(session.config().database_path);
    if (session.json()) {
      std::cout << Json{{"from", result.from}, {"to", result.to}, {"copy", result.copy}}.dump(2)
                << "\n";
    } else if (result.from == result.to) {
      std::cout << "The database already has schema version " << result.to << ".\n";
    } else {
      std::cout << "Brought the database from schema version " << result.from << " to " << result.to
                << "."
                << (result.copy.empty() ? "" : " The old one is kept as " + result.copy + ".")
                << "\n";
    }
  } catch (const std::runtime_error& error) {
    throw Failure{kDatabase, error.what()};
  }
  return kDone;
}

}  // namespace cosell::cli
