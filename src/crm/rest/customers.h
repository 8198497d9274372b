#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crm/rest/service.h"
#include "ports/crm.h"

namespace cosell::rest {

// Customers made a moment ago, which a search that lags does not show yet. Safe from any thread.
class RecentCustomers {
 public:
  explicit RecentCustomers(Clock& clock) : clock_(clock) {}
  void Remember(const std::string& key, const std::string& id, std::chrono::seconds lag);
  // Empty where none is known.
  std::string Find(const std::string& key);

 private:
  struct Made {
    std::string id;
    std::chrono::nanoseconds until{0};
  };
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Made> made_;
};

// Finds and creates accounts and contacts that are resources of their own. Borrows everything; safe
// from any thread.
class Customers {
 public:
  Customers(const Service& service, const Description& description, RecentCustomers& recent)
      : service_(service), description_(description), recent_(recent) {}

  struct Wanted {
    const RelatedResource& resource;
    const RelatedRecord& record;
    std::string kind;    // "account", "contact"
    std::string parent;  // contact: its account's id; may be empty
    std::string correlation;
  };

  // The first one that is equal in everything asked for; null where there is none.
  Result<Json> Find(const Wanted& wanted) const;
  // The id of the one that is found, else made; what was written goes to `performed`.
  Result<std::string> Resolve(const Wanted& wanted, std::vector<PerformedWrite>& performed);
  // Whether a new one could be made as asked. refused as SettingsOf.
  Status Check(const RelatedResource& resource, const RelatedRecord& record) const;
  // What a create of unknown outcome made on its way (Crm::FindCreated).
  Result<std::vector<PerformedWrite>> FindMade(const CreateSearch& search,
                                               const std::string& user_id) const;

 private:
  bool Fits(const Wanted& wanted, const Json& found) const;
  Result<std::string> Make(const Wanted& wanted, std::vector<PerformedWrite>& performed);
  Result<std::string> AddMade(const CreateSearch& search, const Wanted& wanted,
                              const std::string& user_id, std::vector<PerformedWrite>& made) const;

  const Service& service_;
  const Description& description_;
  RecentCustomers& recent_;
};

// One write for the audit. `error` is nothing when it was done.
PerformedWrite Performed(const std::string& kind, const std::string& id,
                         const std::string& operation, const Error* error,
                         std::int64_t duration_ms = 0);

// A body with the record where the envelope wants it.
std::string Wrapped(const Envelope& envelope, Json record);

}  // namespace cosell::rest
