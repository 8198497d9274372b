#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/sandbox/salesforce/router.h"

namespace cosell::sandbox::salesforce {

// HTTP in, HTTP out: sign-in, sizes, media types, faults, limits, and the headers of every answer
// (contract sections 2.7, 3, 6.4, 15).
class Service {
 public:
  using Authorize = std::function<std::optional<std::string>(std::string_view authorization)>;

  Service(Database& database, std::string origin, Authorize authorize)
      : database_(database),
        origin_(std::move(origin)),
        authorize_(std::move(authorize)),
        router_(database, origin_) {}

  net::HttpResponse Handle(const net::HttpRequest& request);

  const std::string& origin() const { return origin_; }
  const SalesforceCounters& counters() const { return counters_; }
  void Inject(SalesforceFault fault) { faults_.push_back(std::move(fault)); }
  void ClearFaults() { faults_.clear(); }

 private:
  net::HttpResponse Answer(const net::HttpRequest& request, const Outcome& outcome) const;
  net::HttpResponse Versions() const;
  net::HttpResponse Signed(const net::HttpRequest& request, Target target);
  Outcome Perform(const net::HttpRequest& request, const Call& call);
  std::string SignIn(const net::HttpRequest& request);
  std::optional<SalesforceFault> TakeFault(const net::HttpRequest& request);

  Database& database_;
  std::string origin_;
  Authorize authorize_;
  Router router_;
  SalesforceCounters counters_;
  std::vector<SalesforceFault> faults_;
};

// What a call is counted as; the words stand at SalesforceCounters.
std::string KindOf(const Call& call);

}  // namespace cosell::sandbox::salesforce
