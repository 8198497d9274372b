#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tools/sandbox/dataverse/types.h"
#include "tools/sandbox/world/handler.h"

// One emulated Dynamics 365 organisation: the Dataverse Web API of contract dynamics365.md as its
// section 15 asks for, deterministic under its clock and random numbers.
//
// The control API (dataverse/control.h) under /sandbox/v1/dataverse/ acts as a person of the
// organisation would in the CRM's forms. Bodies and answers are JSON; rows are written with the Web
// API's own member names. `person` (a systemuser id) is optional: the first person acts.
//
//   GET    people                                  the people, id and name
//   GET    rows/{set}                              all rows of an entity set, null columns left out
//   GET    rows/{set}/{id}                         one row
//   POST   rows/{set}?person={id}                  create; answers {"id":".."}
//   PATCH  rows/{set}/{id}?person={id}             edit
//   DELETE rows/{set}/{id}?person={id}             delete
//   POST   rows/opportunities/{id}/win             {"status":3,"description":"..",
//                                                   "actual_revenue":1}
//   POST   rows/opportunities/{id}/lose            {"status":4,"description":".."}
//   POST   rows/opportunities/{id}/reopen          {"status":1}
//   POST   rows/leads/{id}/qualify                 {"opportunity":true}; {"opportunity":"<id>"}
//   POST   rows/leads/{id}/disqualify              {"status":4}
//   POST   rows/{set}/{id}/assign                  {"owner":"<systemuser id>"}
//   GET    switches                                all switches
//   PATCH  switches                                {"alternate_key":true,"push_delay_ms":500}
//   POST   faults                                  {"count":2,"status":429,"code":"0x80072322",
//                                                   "retry_after_s":3,"path_contains":"accounts",
//                                                   "method":"PATCH","after_commit":false}
//   DELETE faults                                  forgets those not used up
//   POST   expire-change-tracking                  every delta token handed out so far is lost
//   POST   subscriptions                           {"url":"..","key":"..","table":"opportunity",
//                                                   "messages":["Update"],"filtering_attributes":[]}
//   GET    journal?api={true|false}                committed writes, in order
//   GET    counters                                reads, writes, refused, batches
namespace cosell::sandbox {

class DataverseWorld final : public Handler {
 public:
  // Says whether an Authorization header ("Bearer ...") may enter; empty text when there is none.
  using Authorize = std::function<bool(std::string_view authorization)>;

  // `origin` is the organisation's URL without a trailing slash. `clock` and `random` must outlive
  // the world. It starts with currencies, our application user and two people.
  DataverseWorld(std::string origin, Clock& clock, Random& random, Authorize authorize,
                 DataverseWorldOptions options = {});
  ~DataverseWorld() override;

  // The Web API. Any request is answered; what lies outside the API gets 404.
  net::HttpResponse Handle(const net::HttpRequest& request) override;

  const std::string& origin() const;
  const std::string& api_user_id() const;
  // The full name of a co-sell column: "audit" -> "msft_audit".
  std::string Column(const std::string& name) const;

  DataverseSwitches& switches();
  const DataverseSwitches& switches() const;
  void Inject(DataverseFault fault);
  void ClearFaults();
  void ExpireChangeTracking();

  // --- What people do in the CRM. Bumps versions and fires events exactly like API writes.
  // Errors: not_found, already_exists, refused, each with the service's own code and status.
  std::string AddPerson(const SeedUser& user);
  std::vector<std::string> people() const;  // ids, in the order they were added; never empty
  // `json` is a body as the Web API takes it. Returns the new row's id.
  Result<std::string> Create(const std::string& person, const std::string& set,
                             const std::string& json);
  Status Edit(const std::string& person, const std::string& set, const std::string& id,
              const std::string& json);
  Status Delete(const std::string& person, const std::string& set, const std::string& id);
  Status Assign(const std::string& person, const std::string& set, const std::string& id,
                const std::string& owner);
  struct Closing {
    int status = 0;  // 0: the default of Won (3) or Lost (4)
    std::string description;
    std::string actual_revenue;  // decimal text; empty: left to the platform
  };
  Status Win(const std::string& person, const std::string& opportunity, const Closing& closing);
  Status Lose(const std::string& person, const std::string& opportunity, const Closing& closing);
  Status Reopen(const std::string& person, const std::string& opportunity, int status = 1);
  // As the form does it: an account and a contact are made unless the lead names existing ones.
  // The id of the opportunity, empty when none was asked for.
  Result<std::string> Qualify(const std::string& person, const std::string& lead,
                              bool opportunity = true);
  Status Disqualify(const std::string& person, const std::string& lead, int status = 4);

  // --- Seeding: no event, no journal. Returns the ids in order. Throws std::invalid_argument when
  // a value does not fit its column.
  std::vector<std::string> Seed(const std::vector<SeedOpportunity>& seeds);

  // --- Inspection. Rows are in the order of their ids; an unknown set has none.
  std::vector<RowView> Rows(const std::string& set) const;
  std::optional<RowView> Row(const std::string& set, const std::string& id) const;
  // Tables whose definition has changed and is not published.
  std::set<std::string> unpublished() const;
  // Committed writes by anyone since the start or the last ClearJournal.
  const std::vector<PerformedOperation>& journal() const;
  void ClearJournal();
  DataverseCounters counters() const;

  // --- Push channel.
  void Subscribe(PushSubscription subscription);
  std::size_t pushes_pending() const;
  std::optional<Instant> NextPushDue() const;  // by the world's clock
  PushReport PumpPushes(const PushSender& send);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cosell::sandbox
