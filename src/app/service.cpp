#include "app/service.h"

#include <algorithm>
#include <stdexcept>

#include "app/version.h"
#include "report/render.h"
#include "store/link_reader.h"
#include "web/dashboard.h"
#include "web/health.h"

namespace cosell::app {
namespace {

constexpr std::size_t kWebhookBytesMax = 1024 * 1024;
constexpr std::chrono::seconds kRegistrationRetry{60};
constexpr std::chrono::minutes kSilenceMax{15};

std::string RoundOutcome(const RoundResult& result) {
  if (result.broken) return "failed";
  return result.stopped.empty() ? "done" : "stopped";
}

}  // namespace

Service::Service(Config config, World world, std::function<void(const ServiceFailure&)> on_failure)
    : config_(std::make_unique<const Config>(std::move(config))),
      world_(world),
      on_failure_(std::move(on_failure)),
      metrics_(web::MakeMetrics(std::string(kVersion), traffic_)) {}

Service::~Service() { Stop(); }

std::optional<ServiceFailure> Service::Start() {
  auto lock = platform::InstanceLock::Acquire(config_->database_path);
  if (!lock) {
    const bool held = lock.error().kind == ErrorKind::already_exists;
    return ServiceFailure{held ? 4 : 2, lock.error().message};
  }
  lock_ = std::move(*lock);
  try {
    Database::Options options;
    options.path = config_->database_path;
    options.external_checkpoints = config_->external_checkpoints;
    options.clock = &world_.clock;
    options.log = &world_.log;
    database_ = Database::Open(options);
    store_ = &database_->store();
    browser_ = OpenLinkBrowser(options.path);
  } catch (const std::runtime_error& error) {
    return ServiceFailure{4, error.what()};
  }
  auto connections = MakeConnections(*config_);
  if (!connections) return ServiceFailure{2, connections.error().message};
  connections_ = std::move(*connections);
  StartBackups();
  if (auto failure = StartServer()) return failure;
  StartEngines();
  KeepAudit();
  StartReports();
  return std::nullopt;
}

void Service::StartBackups() {
  if (!config_->backup.on()) return;
  backups_ =
      std::make_unique<BackupSchedule>(config_->backup, config_->database_path,
                                       BackupSchedule::World{world_.clock, world_.log, *metrics_});
}

web::BackupState Service::Backups() {
  const std::shared_lock guard(connections_mutex_);
  return backups_ ? backups_->state() : web::BackupState{};
}

std::optional<ServiceFailure> Service::Reload(Config config) {
  config.database_path = config_->database_path;
  config.external_checkpoints = config_->external_checkpoints;
  config.server = config_->server;
  auto next = std::make_unique<const Config>(std::move(config));
  auto fresh = MakeConnections(*next);
  if (!fresh) return ServiceFailure{2, fresh.error().message};
  if (const auto reloaded = server_->Reload(); !reloaded) {
    return ServiceFailure{2, reloaded.error().message};
  }
  const bool same_backups = next->backup == config_->backup;
  StopEngines();
  reports_.reset();
  std::unique_ptr<BackupSchedule> former;
  {
    const std::unique_lock guard(connections_mutex_);
    connections_ = std::move(*fresh);
    config_ = std::move(next);
    if (!same_backups) former = std::move(backups_);
  }
  KeepAudit();
  former.reset();  // not under the lock: a backup that is being made is waited for
  if (!same_backups) StartBackups();
  StartEngines();
  StartReports();
  return std::nullopt;
}

void Service::Stop() {
  audit_keeper_.reset();
  StopEngines();
  reports_.reset();
  server_.reset();
  {
    const std::unique_lock guard(connections_mutex_);
    connections_.clear();
  }
  browser_.reset();
  backups_.reset();
  store_ = nullptr;
  database_.reset();
  lock_.reset();
}

// As the configuration says now.
void Service::KeepAudit() {
  audit_keeper_ = std::make_unique<AuditKeeper>(config_->audit, config_->database_path, *store_,
                                                world_.clock, world_.log);
  audit_keeper_->Start();
}

bool Service::Alive() {
  const std::shared_lock guard(connections_mutex_);
  const auto oldest = world_.clock.Monotonic() - kSilenceMax;
  return std::all_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
    return entry.second->connection->engine().last_sign_of_life() >= oldest;
  });
}

std::string Service::url() const { return server_ ? server_->url() : ""; }

Result<Service::Connections> Service::MakeConnections(const Config& config) {
  Connections connections;
  const Ground ground{config,        *store_,         world_.secrets, world_.clock,
                      world_.random, world_.executor, world_.log};
  for (const ConnectionConfig& entry : config.connections) {
    auto made = Connection::Make(entry, ground,
                                 [this, name = entry.name](Side side, std::string_view outcome) {
                                   metrics_->CountRemoteCall(name, side, outcome);
                                 });
    if (!made) return made.error();
    auto running = std::make_unique<Running>();
    running->connection = std::move(*made);
    connections.emplace(entry.name.text, std::move(running));
  }
  return connections;
}

void Service::StartEngines() {
  for (auto& [name, running] : connections_) {
    Connection& connection = *running->connection;
    store_->OpenConnection(ConnectionName{name}, connection.config().shadow ? "shadow" : "live");
    connection.engine().OnRound([this, &connection](const RoundResult& result) {
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
          result.run.finished_at.value_or(result.run.started_at) - result.run.started_at);
      metrics_->CountRound(connection.config().name, result.run.kind, RoundOutcome(result), took);
      connection.NoteRound(result);
      if (result.run.written > 0) database_->NoteWork();
    });
    running->engine = std::thread([this, &connection] { RunEngine(connection); });
    if (!config_->server.public_url.empty() && !connection.config().shadow) {
      running->registration = std::thread([this, &connection] { RegisterAtStart(connection); });
    }
  }
}

void Service::StartReports() {
  if (!config_->report || config_->report->interval.count() == 0) return;
  reports_ = std::make_unique<ReportSchedule>(*config_->report, config_->database_path,
                                              world_.clock, world_.log);
}

void Service::StopEngines() {
  for (auto& [name, running] : connections_) running->connection->Stop();
  for (auto& [name, running] : connections_) {
    if (running->engine.joinable()) running->engine.join();
    if (running->registration.joinable()) running->registration.join();
  }
}

void Service::RunEngine(Connection& connection) {
  try {
    connection.engine().Loop();
  } catch (const std::exception& error) {
    world_.log.Error("the engine has stopped because the local database failed",
                     {{"connection", connection.config().name.text}, {"error", error.what()}});
    on_failure_({4, error.what()});
  }
}

// Repeated until Partner Center answers: events are a hint, but without them changes take a poll
// interval longer.
void Service::RegisterAtStart(Connection& connection) {
  const std::string& name = connection.config().name.text;
  const std::string url = CallbackUrl(config_->server.public_url, name);
  while (!connection.stopping()) {
    const auto result = RegisterWebhook(connection.registrar(), url, /*overwrite=*/false);
    if (result && result->outcome == RegistrationOutcome::foreign) {
      world_.log.Warning(
          "another address is registered for Partner Center's events and was left alone; changes "
          "are found by polling. "
          "To take over: cosell-sync webhook register " +
              name + " --overwrite",
          {{"connection", name}, {"registered_url", result->registration.url}});
      return;
    }
    if (result) {
      world_.log.Info(result->outcome == RegistrationOutcome::registered
                          ? "registered for Partner Center's events"
                          : "already registered for Partner Center's events",
                      {{"connection", name}, {"url", url}});
      return;
    }
    world_.log.Warning("could not register for Partner Center's events; tried again in a minute",
                       {{"connection", name}, {"error", Summarize(result.error())}});
    connection.WaitForStop(kRegistrationRetry);
  }
}

std::optional<ServiceFailure> Service::StartServer() {
  web::ServerOptions options;
  options.host = config_->server.host;
  options.port = config_->server.port;
  if (config_->server.tls) {
    options.certificate_file = config_->server.tls->certificate_file;
    options.private_key_file = config_->server.tls->private_key_file;
  }
  options.tokens_file = config_->server.tokens_file;
  auto server = web::Server::Start(options, Routes(), world_.clock, traffic_, world_.log);
  if (!server) return ServiceFailure{2, server.error().message};
  server_ = std::move(*server);
  return std::nullopt;
}

std::vector<web::Route> Service::Routes() {
  std::vector<web::Route> routes =
      web::HealthRoutes(*store_, world_.clock, *metrics_, [this] { return Backups(); });
  for (auto& more : {web::ApiRoutes(*store_, world_.clock, Commands()), web::ReadRoutes(Reads()),
                     web::DashboardRoutes(std::string(report::ReportStyle()))}) {
    routes.insert(routes.end(), more.begin(), more.end());
  }
  routes.push_back(
      {"POST", "/webhooks/{connection}/partner-center", web::Role::none, kWebhookBytesMax,
       [this](const web::InboundHttp& request) { return Webhook(request, "partner_center"); }});
  for (const CrmKind kind : {CrmKind::dynamics365, CrmKind::salesforce}) {
    const std::string source(ToString(kind));
    routes.push_back(
        {"POST", "/webhooks/{connection}/" + source, web::Role::none, kWebhookBytesMax,
         [this, source](const web::InboundHttp& request) { return Webhook(request, source); }});
  }
  return routes;
}

Service::Running* Service::Find(const std::string& name) {
  const auto it = connections_.find(name);
  return it == connections_.end() ? nullptr : it->second.get();
}

// `source` is "partner_center" or the kind of the connection's CRM.
web::OutboundHttp Service::Webhook(const web::InboundHttp& request, const std::string& source) {
  const std::shared_lock guard(connections_mutex_);
  const std::string& name = request.parameters.at("connection");
  Running* running = Find(name);
  webhook::Receiver* receiver = nullptr;
  if (running != nullptr) {
    receiver = running->connection->ReceiverOf(source);
  }
  if (receiver == nullptr) return web::ErrorAnswer(404, ErrorKind::not_found, "no such webhook");
  const auto answer =
      receiver->Receive({request.headers, request.query, request.body, request.remote_address});
  metrics_->CountWebhook(ConnectionName{name}, source, answer.reason);
  if (!answer.detail.empty()) {
    world_.log.Warning(
        "a webhook was not taken",
        {{"connection", name}, {"reason", answer.reason}, {"detail", answer.detail}});
  }
  web::OutboundHttp out;
  out.status = answer.status;
  out.body = answer.text;
  if (!answer.content_type.empty()) out.content_type = answer.content_type;
  if (answer.retry_after.count() > 0)
    out.headers.emplace_back("Retry-After", std::to_string(answer.retry_after.count()));
  return out;
}

}  // namespace cosell::app
