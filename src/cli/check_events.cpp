#include "app/registration.h"
#include "base/text.h"
#include "cli/check.h"

namespace cosell::cli {
namespace {

void CheckRegistration(const std::string& name, const std::string& public_url,
                       app::Clients& clients, Findings& findings) {
  const auto registration = clients.registrar().Get();
  if (!registration) return findings.Add("webhook", registration.error());
  const std::string wanted = app::CallbackUrl(public_url, name);
  if (!registration->has_value()) {
    return findings.Note(
        "webhook", "nothing is registered yet; the daemon registers " + wanted + " when it starts");
  }
  if ((*registration)->url != wanted) {
    return findings.Problem(
        "webhook", "another address is registered: " + (*registration)->url +
                       " (Microsoft's flows have one like that). A tenant has one; while it is "
                       "theirs, changes are found by polling. To take over, and end their events: "
                       "cosell-sync webhook register " +
                       name + " --overwrite");
  }
  findings.Ok("webhook", "registered: " + wanted);
}

std::string PushAddress(const Session& session, const app::ConnectionConfig& config) {
  const std::string kind(ToString(config.crm.kind));
  const std::string& base = session.config().server.public_url;
  return (base.empty() ? "PUBLIC_URL" : base) + "/webhooks/" + config.name.text + "/" + kind;
}

void CheckPush(Session& session, const app::ConnectionConfig& config, Findings& findings) {
  const bool salesforce = config.crm.kind == app::CrmKind::salesforce;
  const std::string address = PushAddress(session, config) + (salesforce ? "?key=KEY" : "");
  if (config.crm.kind == app::CrmKind::rest) {
    return findings.Note("CRM notifications",
                         "a described CRM has none: its changes are found by polling every " +
                             std::to_string(config.schedule.poll_interval.count()) + " s");
  }
  if (config.crm.push_key.empty()) {
    return findings.Note(
        "CRM notifications",
        "off: changes in the CRM are found by polling every " +
            std::to_string(config.schedule.poll_interval.count()) +
            " s. For changes at once configure crm.push.key and let the CRM call " + address);
  }
  if (!session.secrets().Read(config.crm.push_key)) return;  // said among the secrets
  findings.Ok("CRM notifications", "are taken at " + address);
}

}  // namespace

void CheckEvents(Session& session, const app::ConnectionConfig& config, app::Clients& clients,
                 Findings& findings) {
  const std::string& public_url = session.config().server.public_url;
  if (!public_url.empty() && config.shadow) {
    findings.Note("webhook", "is not registered in shadow mode");
  } else if (!public_url.empty()) {
    CheckRegistration(config.name.text, public_url, clients, findings);
    findings.Hint("tenants",
                  "if Partner Center shows you several tenants, Microsoft support must enable "
                  "multi-tenancy, or no events arrive; `cosell-sync webhook test " +
                      config.name.text + "` shows whether one does");
  }
  CheckPush(session, config, findings);
}

}  // namespace cosell::cli
