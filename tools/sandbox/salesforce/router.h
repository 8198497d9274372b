#pragma once

#include <optional>
#include <string>

#include "tools/sandbox/salesforce/call.h"
#include "tools/sandbox/salesforce/query.h"

namespace cosell::sandbox::salesforce {

// Which call does what: the resources of contract section 5.
class Router {
 public:
  // `origin` is the instance URL; the URL of the identity resource is made of it.
  Router(Database& database, std::string origin)
      : database_(database), origin_(std::move(origin)) {}

  // Performs the call: completely, or not at all when it fails. A refusal is an outcome too.
  Outcome Run(const Call& call);

  // A subrequest of a composite, with the headers and the caller of the outer call but for those it
  // brings itself. `url` begins with /services/data. Nothing when it does not.
  std::optional<Call> Subcall(const Call& outer, const std::string& method, const std::string& url,
                              net::Headers headers, std::optional<Json> body) const;

  Database& database() { return database_; }

 private:
  Outcome Dispatch(const Call& call);
  Outcome DispatchObjects(const Call& call);
  Outcome Query(const Call& call);
  Outcome Resources(const Call& call) const;

  Database& database_;
  std::string origin_;
  QueryRunner queries_;
};

// The answer to a refused call.
Outcome Refused(const ServiceError& error);

}  // namespace cosell::sandbox::salesforce
