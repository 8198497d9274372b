#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/requests.h"
#include "app/results.h"
#include "app/waiting.h"
#include "base/record_id.h"
#include "cli/commands.h"
#include "cli/daemon_client.h"
#include "cli/find_link.h"
#include "cli/text_table.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string Text(const Json& value, const std::string& otherwise = "-") {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  return text.empty() ? otherwise : Shorten(text);
}

std::string Number(const Json& value) { return std::to_string(value.get<std::int64_t>()); }

// One document of `read` for each connection asked for. The database is read whoever holds it.
Json ReadAll(Session& session, const std::string& connection,
             std::string (*read)(Store&, const ConnectionName&)) {
  Json document = Json::array();
  for (const auto& config : session.Select(connection)) {
    document.push_back(Json::parse(read(session.ReadOnlyStore(), config.name)));
  }
  return document;
}

Rows ConflictRows(const Json& document) {
  Rows rows = {{"connection", "link", "referral", "CRM id", "field", "last agreed",
                "Partner Center", "CRM", "since", "decided"}};
  for (const Json& part : document) {
    for (const Json& one : part["conflicts"]) {
      rows.push_back({Text(part["connection"]), Number(one["link"]), Text(one["referral_id"]),
                      Text(one["crm_id"]), Text(one["field"]), Text(one["base"]),
                      Text(one["partner_center_value"]), Text(one["crm_value"]), Text(one["since"]),
                      Text(one["decided"], "not yet")});
    }
  }
  return rows;
}

Rows QuarantineRows(const Json& document) {
  Rows rows = {{"connection", "link", "referral", "CRM id", "attempts", "next look", "reason"}};
  for (const Json& part : document) {
    for (const Json& one : part["quarantined"]) {
      rows.push_back({Text(part["connection"]), Number(one["link"]), Text(one["referral_id"]),
                      Text(one["crm_id"]), Number(one["attempts"]), Text(one["next_look_at"]),
                      one["reason"].get<std::string>()});
    }
  }
  return rows;
}

// When what was just taken down takes effect.
std::string When(const Session& session) {
  return session.DaemonRuns() ? "the daemon carries it out now"
                              : "it is carried out by the next `cosell-sync sync`, or once the "
                                "daemon runs";
}

// The engine refuses what was asked, or could not look at the CRM's columns, without which nobody
// knows where a field can be written.
Failure FailureOf(const app::ConnectionConfig& config, const Error& error) {
  if (error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid_input)
    return {kUsage, error.message};
  return {kUnreachable, config.name.text + ": " + Describe(error)};
}

Json ResolveOne(Session& session, const app::ConnectionConfig& config,
                const Resolution& resolution) {
  if (session.DaemonRuns()) {
    return Json::parse(AskDaemon(session.config(),
                                 CommandPath(config.name.text, "conflicts/resolve"),
                                 app::ResolveRequest(resolution)));
  }
  const auto done = session.Connect(config).engine().Resolve(resolution);
  if (!done) throw FailureOf(config, done.error());
  return Json::parse(app::ResolvedAsJson(config.name, resolution));
}

Json RetryOne(Session& session, const app::ConnectionConfig& config, const std::string& record_id) {
  if (session.DaemonRuns()) {
    return Json::parse(AskDaemon(session.config(),
                                 CommandPath(config.name.text, "quarantine/retry"),
                                 app::RetryRequest(record_id)));
  }
  const auto links = session.Connect(config).engine().RetryQuarantined(record_id);
  if (!links) throw FailureOf(config, links.error());
  return Json::parse(app::RetriedAsJson(config.name, *links));
}

Take TakeOf(std::string word) {
  std::replace(word.begin(), word.end(), '-', '_');
  const auto take = TakeFromText(word);
  if (!take) throw Failure{kUsage, "--take must be partner-center, crm, leave or lost-value"};
  return *take;
}

}  // namespace

int ListConflicts(Session& session, const std::string& connection) {
  const Json document = ReadAll(session, connection, app::ConflictsAsJson);
  bool waiting = false;
  for (const Json& part : document) {
    for (const Json& one : part["conflicts"]) waiting |= one["decided"].is_null();
  }
  const Rows rows = ConflictRows(document);
  if (session.json()) {
    std::cout << document.dump(2) << "\n";
  } else if (rows.size() == 1) {
    std::cout << "No field waits for a decision.\n";
  } else {
    std::cout << FormatTable(rows)
              << "To decide: cosell-sync conflicts resolve ID FIELD --take "
                 "partner-center|crm|leave|lost-value\n";
  }
  return waiting ? kNeedsPerson : kDone;
}

int ResolveConflict(Session& session, const std::string& id, const std::string& field,
                    const std::string& take) {
  const Take taken = TakeOf(take);
  const FoundLink found = FindLink(session, id);
  const Json answer = ResolveOne(session, session.Find(found.connection.text),
                                 {CanonicalRecordId(id), field, taken});
  if (session.json()) {
    std::cout << answer.dump(2) << "\n";
  } else {
    std::cout << "Decided: " << field << " of link " << found.work.link.id << ", take " << take
              << "; " << When(session) << ".\n";
  }
  return kDone;
}

int ListQuarantine(Session& session, const std::string& connection) {
  const Json document = ReadAll(session, connection, app::QuarantineAsJson);
  const Rows rows = QuarantineRows(document);
  if (session.json()) {
    std::cout << document.dump(2) << "\n";
  } else if (rows.size() == 1) {
    std::cout << "No link is set aside.\n";
  } else {
    std::cout << FormatTable(rows) << "To look at it again now: cosell-sync quarantine retry ID\n";
  }
  return rows.size() > 1 ? kNeedsPerson : kDone;
}

int RetryQuarantine(Session& session, const std::string& id) {
  const FoundLink found = FindLink(session, id);
  const Json answer = RetryOne(session, session.Find(found.connection.text), CanonicalRecordId(id));
  if (session.json()) {
    std::cout << Json::array({answer}).dump(2) << "\n";
  } else {
    std::cout << "Link " << found.work.link.id << " is looked at again; " << When(session) << ".\n";
  }
  return kDone;
}

int RetryAllQuarantined(Session& session, const std::string& connection) {
  Json document = Json::array();
  for (const auto& config : session.Select(connection)) {
    document.push_back(RetryOne(session, config, ""));
    if (session.json()) continue;
    const auto links = document.back()["retried"].get<std::int64_t>();
    std::cout << config.name.text << ": "
              << (links == 0 ? "no link is set aside"
                             : std::to_string(links) + (links == 1 ? " link is" : " links are") +
                                   " looked at again; " + When(session))
              << ".\n";
  }
  if (session.json()) std::cout << document.dump(2) << "\n";
  return kDone;
}

}  // namespace cosell::cli
