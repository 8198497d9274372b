#include "app/requests.h"
#include "app/results.h"
#include "app/service.h"
#include "app/waiting.h"

// What the API asks of a connection. Reading needs the store alone; everything else goes to the
// connection's engine.
namespace cosell::app {
namespace {

Result<std::string> Sync(Connection& connection, const std::string& request) {
  const auto confirmed = ParseSyncRequest(request);
  if (!confirmed) return confirmed.error();
  return RoundAsJson(connection.config().name,
                     connection.engine().RequestRound({"sweep", IntakeDepth::sweep, *confirmed}));
}

Result<std::string> MakePlan(Connection& connection, Instant now) {
  const auto links = connection.engine().RequestDryRun();
  if (!links) return links.error();
  return PlanAsJson(connection.config().name, connection.engine().mapping(), *links, now);
}

Result<std::string> Apply(Connection& connection, const std::string& request) {
  const auto reviewed = ParseApplyRequest(request);
  if (!reviewed) return reviewed.error();
  return RoundAsJson(connection.config().name, connection.engine().RequestApply(*reviewed));
}

Result<std::string> Resolve(Connection& connection, const std::string& request) {
  const auto resolution = ParseResolveRequest(request);
  if (!resolution) return resolution.error();
  if (const auto done = connection.engine().Resolve(*resolution); !done) return done.error();
  return ResolvedAsJson(connection.config().name, *resolution);
}

Result<std::string> Retry(Connection& connection, const std::string& request) {
  const auto record_id = ParseRetryRequest(request);
  if (!record_id) return record_id.error();
  const auto links = connection.engine().RetryQuarantined(*record_id);
  if (!links) return links.error();
  return RetriedAsJson(connection.config().name, *links);
}

Result<std::string> Redact(Connection& connection, const std::string& request) {
  const auto asked = ParseRedactRequest(request);
  if (!asked) return asked.error();
  const ConnectionName& name = connection.config().name;
  if (asked->allow) return AllowedAsJson(name, connection.engine().AllowAgain(asked->id));
  return ErasedAsJson(name, connection.engine().Erase(asked->id));
}

}  // namespace

Result<std::string> Service::On(
    const ConnectionName& name,
    const std::function<Result<std::string>(Connection& connection)>& work) {
  const std::shared_lock guard(connections_mutex_);
  Running* running = Find(name.text);
  if (running == nullptr)
    return Error{ErrorKind::not_found, "there is no connection '" + name.text + "'"};
  return work(*running->connection);
}

web::ApiCommands Service::Commands() {
  using Work = Result<std::string> (*)(Connection&, const std::string&);
  const auto taking = [this](Work work) {
    return [this, work](const ConnectionName& name, const std::string& request) {
      return On(name, [&](Connection& connection) { return work(connection, request); });
    };
  };
  using Reading = std::string (*)(Store&, const ConnectionName&);
  const auto reading = [this](Reading read) {
    return [this, read](const ConnectionName& name) {
      return On(name, [&](Connection&) { return Result<std::string>(read(*store_, name)); });
    };
  };
  web::ApiCommands commands;
  commands.sync = taking(Sync);
  commands.plan = [this](const ConnectionName& name) {
    return On(name,
              [&](Connection& connection) { return MakePlan(connection, world_.clock.Now()); });
  };
  commands.apply = taking(Apply);
  commands.conflicts = reading(ConflictsAsJson);
  commands.resolve = taking(Resolve);
  commands.quarantine = reading(QuarantineAsJson);
  commands.retry = taking(Retry);
  commands.redact = taking(Redact);
  return commands;
}

}  // namespace cosell::app
