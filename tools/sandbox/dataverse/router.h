#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/sandbox/dataverse/error.h"
#include "tools/sandbox/dataverse/request.h"
#include "tools/sandbox/dataverse/writes.h"

// Which request does what: the Web API's resources and verbs (contract sections 2, 4 to 7).
namespace cosell::sandbox::dataverse {

// One operation: a request of its own, or a part of a batch.
struct Operation {
  net::HttpRequest request;
  const References* references = nullptr;  // of the change set it stands in
  bool in_batch = false;
};

struct Outcome {
  net::HttpResponse response;
  std::string entity;  // "accounts(<guid>)" of the row written, else empty

  bool failed() const { return response.status >= 400; }
};

inline constexpr std::string_view kJsonType = "application/json; odata.metadata=minimal";

class Router {
 public:
  Router(Database& database, std::string origin)
      : database_(database), origin_(std::move(origin)) {}

  // Performs the operation as the application user: completely, or not at all when it fails.
  Outcome Execute(const Operation& operation);

  void Inject(DataverseFault fault) { faults_.push_back(std::move(fault)); }
  void ClearFaults() { faults_.clear(); }
  DataverseCounters& counters() { return counters_; }
  const std::string& origin() const { return origin_; }

  // An answer with the headers every answer carries.
  net::HttpResponse Answer(int status, std::string body = "", std::string_view type = kJsonType);
  net::HttpResponse ErrorAnswer(const ServiceError& error, const Preferences& prefer);

 private:
  // Everything about the operation being dispatched.
  struct Call {
    const Operation& operation;
    const Target& target;
    const Preferences& prefer;
    const std::string& method;
  };

  Outcome Perform(const Operation& operation, const Preferences& prefer);
  Outcome Dispatch(const Call& call);
  Outcome DispatchTable(const Call& call, Table& table);
  Outcome DispatchRow(const Call& call, Table& table, const RowKey& key);
  Outcome Customize(const Call& call);
  Outcome Collection(const Call& call, Table& table);
  Outcome GetRow(const Call& call, const Table& table, const RowKey& key);
  Outcome PostRow(const Call& call, Table& table);
  Outcome PatchRow(const Call& call, Table& table, const RowKey& key);
  Outcome RemoveRow(const Call& call, Table& table, const RowKey& key);
  Outcome Property(const Call& call, Table& table, const RowKey& key, const std::string& name);
  Outcome LookupLink(const Call& call, Table& table, const RowKey& key, const std::string& name);
  Outcome CloseAction(const Call& call, bool won);
  Outcome QualifyAction(const Call& call, const Table& table, const RowKey& key);
  Outcome WhoAmI();

  Outcome Json200(std::string body, const Preferences& prefer);
  Outcome WrittenAnswer(const Call& call, const Table& table, const std::string& id, bool created);
  WriteContext Writing(const Call& call);
  Json Body(const Call& call) const;
  std::optional<DataverseFault> TakeFault(const Operation& operation);

  Database& database_;
  std::string origin_;
  std::vector<DataverseFault> faults_;
  DataverseCounters counters_;
};

}  // namespace cosell::sandbox::dataverse
