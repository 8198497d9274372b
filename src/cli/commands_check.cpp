#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/check.h"
#include "cli/commands.h"
#include "cli/text_table.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

Findings CheckConnection(Session& session, const app::ConnectionConfig& config) {
  Findings findings(config.name.text);
  if (config.shadow) {
    findings.Note("mode", "shadow: both sides are read and nothing is written remotely");
  }
  CheckSecrets(session, config, findings);
  app::Clients& clients = session.ConnectClients(config);
  const PartnerFacts partner = CheckPartnerCenter(clients, findings);
  CheckCrm(config, clients, partner, findings);
  if (partner.answers) CheckEvents(session, config, clients, findings);
  return findings;
}

void Print(const std::vector<Findings>& parts, bool json) {
  Json document = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const Findings& part : parts) {
    for (const Finding& each : part.all()) {
      const std::string result(ToString(each.kind));
      document.push_back({{"connection", part.connection()},
                          {"result", result},
                          {"subject", each.subject},
                          {"text", each.text}});
      rows.push_back(
          {part.connection().empty() ? "-" : part.connection(), result, each.subject, each.text});
    }
  }
  std::cout << (json ? document.dump(2) + "\n" : FormatTable(rows));
}

}  // namespace

int Check(Session& session, const std::string& connection) {
  const auto selected = session.Select(connection);
  std::vector<Findings> parts(1, Findings(""));
  CheckMachine(session, parts.front());
  for (const auto& config : selected) parts.push_back(CheckConnection(session, config));
  Print(parts, session.json());
  int code = kDone;
  for (const Findings& part : parts) code = std::max(code, part.code());
  return code;
}

}  // namespace cosell::cli
