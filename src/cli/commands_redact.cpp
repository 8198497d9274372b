#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/requests.h"
#include "app/results.h"
#include "cli/commands.h"
#include "cli/daemon_client.h"

namespace cosell::cli {
namespace {

using Json = nlohmann::ordered_json;

// Through the daemon where it holds the database: it does so between two rounds.
Json RedactIn(Session& session, const ConnectionName& name, const app::RedactionAsked& asked) {
  if (session.DaemonRuns()) {
    return Json::parse(
        AskDaemon(session.config(), CommandPath(name.text, "redact"), app::RedactRequest(asked)));
  }
  Store& store = session.WritableStore();
  if (asked.allow) return Json::parse(app::AllowedAsJson(name, store.AllowAgain(name, asked.id)));
  return Json::parse(app::ErasedAsJson(name, store.Erase(name, asked.id)));
}

// A connection that never ran holds nothing.
std::vector<ConnectionName> Known(Session& session) {
  std::vector<ConnectionName> known;
  for (const auto& status : session.ReadOnlyStore().Status(session.clock().Now())) {
    for (const auto& config : session.config().connections) {
      if (config.name == status.name) known.push_back(status.name);
    }
  }
  return known;
}

std::int64_t Sum(const Json& document, const char* member) {
  std::int64_t sum = 0;
  for (const Json& part : document) sum += part[member].get<std::int64_t>();
  return sum;
}

void PrintErased(const Json& document) {
  std::cout << "Erased from " << Sum(document, "values") << " stored values";
  if (Sum(document, "values") == 0) std::cout << " (nothing was stored)";
  std::cout
      << ". The audit stays verifiable; an entry tells of it.\n"
      << "What comes in again about this person is left out, until `cosell-sync redact ID "
         "--allow` with the same ID.\n"
      << "Still to be done by you:\n"
      << "  - The CRM and Partner Center keep their own copies: erase there, too. A first or last "
         "name alone in a free text is not recognised and comes in again until then.\n"
      << "  - Backups, copies made before a migration (*.before-v*), exports of the audit, "
         "plan files and reports made before hold the data: delete them or let them "
         "expire, and run the same command again after restoring an older backup.\n";
}

}  // namespace

int Redact(Session& session, const std::string& id, bool allow) {
  Json document = Json::array();
  for (const ConnectionName& name : Known(session))
    document.push_back(RedactIn(session, name, {id, allow}));
  const char* const counted = allow ? "allowed" : "people";
  if (Sum(document, counted) == 0) {
    throw Failure{kUsage,
                  allow ? "nobody is kept out under this ID; give the one that was given to "
                          "`redact`, or the person's e-mail address"
                        : "no person is stored under this ID: no pair has it, or no customer "
                          "contact is stored with the pair; give the person's e-mail address"};
  }
  if (session.json()) {
    std::cout << document.dump(2) << "\n";
  } else if (allow) {
    std::cout << "Taken in again from the next round on. What was erased does not come back by "
                 "itself where neither side has it any more.\n";
  } else {
    PrintErased(document);
  }
  return kDone;
}

}  // namespace cosell::cli
