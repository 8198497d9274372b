#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/audit_keeper.h"
#include "app/backup_schedule.h"
#include "app/config.h"
#include "app/connection.h"
#include "app/database.h"
#include "app/registration.h"
#include "app/report_schedule.h"
#include "platform/lock.h"
#include "ports/link_browser.h"
#include "web/api.h"
#include "web/metrics.h"
#include "web/reads.h"
#include "web/server.h"

namespace cosell::app {

// Why the service could not start or had to end, with the exit code of design section 5.
struct ServiceFailure {
  int exit_code = 2;
  std::string message;
};

// The running service: store, connections with one engine thread each, and the HTTP server. Start,
// Reload and Stop are called from one thread (the run loop's).
class Service {
 public:
  struct World {
    Clock& clock;
    Random& random;
    Secrets& secrets;
    Executor& executor;
    Log& log;
  };
  // `on_failure` is called from an engine thread when the local database fails; the caller then
  // stops the service.
  Service(Config config, World world, std::function<void(const ServiceFailure&)> on_failure);
  ~Service();

  // Takes the instance lock, opens the database (bringing it to this program's schema), binds the
  // port, starts the engines. Nothing keeps running after a failure.
  std::optional<ServiceFailure> Start();

  // A configuration read again: connections are rebuilt, secrets, tokens and certificates read
  // anew. The database and the address stay what they were. On failure everything goes on as
  // before.
  std::optional<ServiceFailure> Reload(Config config);

  // Finishes the item in hand and ends. Safe to call twice.
  void Stop();

  // Whether every engine has given a sign of life within the last quarter of an hour, longer than
  // any one remote call may take. Any thread.
  bool Alive();

  // "https://127.0.0.1:8443"; empty before Start.
  std::string url() const;

 private:
  struct Running {
    std::unique_ptr<Connection> connection;
    std::thread engine;
    std::thread registration;
  };
  using Connections = std::map<std::string, std::unique_ptr<Running>>;

  Result<Connections> MakeConnections(const Config& config);
  void StartEngines();
  void StopEngines();
  void KeepAudit();
  void StartReports();
  void RunEngine(Connection& connection);
  void RegisterAtStart(Connection& connection);
  void StartBackups();
  web::BackupState Backups();
  std::optional<ServiceFailure> StartServer();
  std::vector<web::Route> Routes();
  web::OutboundHttp Webhook(const web::InboundHttp& request, const std::string& source);
  web::ApiCommands Commands();
  web::ApiReads Reads();
  Result<web::Shown> ShowReport(const web::Asked& asked);
  // Runs `work` on a connection, which stays for as long as it runs; not_found when there is none.
  Result<std::string> On(const ConnectionName& name,
                         const std::function<Result<std::string>(Connection& connection)>& work);
  Running* Find(const std::string& name);

  std::unique_ptr<const Config> config_;  // the connections refer to it
  World world_;
  std::function<void(const ServiceFailure&)> on_failure_;
  std::unique_ptr<platform::InstanceLock> lock_;
  std::unique_ptr<Database> database_;
  Store* store_ = nullptr;  // of database_
  std::unique_ptr<LinkBrowser> browser_;
  web::TrafficCounters traffic_;
  std::unique_ptr<web::Metrics> metrics_;
  std::unique_ptr<BackupSchedule> backups_;  // none without a schedule
  // Guards which connections exist; handlers hold it shared while they use one.
  std::shared_mutex connections_mutex_;
  Connections connections_;
  std::unique_ptr<AuditKeeper> audit_keeper_;
  std::unique_ptr<web::Server> server_;
  std::unique_ptr<ReportSchedule> reports_;  // refers to config_
};

}  // namespace cosell::app
