#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tools/sandbox/salesforce/types.h"
#include "tools/sandbox/world/handler.h"

// One emulated Salesforce organisation: the REST API of contract salesforce.md as its section 21
// asks for, deterministic under its clock and random numbers. Sign-in and outbound messages live in
// access/. Out of scope: sharing beyond hidden records, record types, XML, search, Bulk 2.0.
// Its objects and fields stand in schema.json; beside the co-sell fields the organisation has two
// custom ones of its own on Account: ERP_Key__c (an external id) and Regions__c (a multi-select).
//
// The control API (salesforce/control.h) under /sandbox/v1/salesforce/ acts as a person of the
// organisation would in its pages. Bodies and answers are JSON; records are written with the REST
// API's own field names. `person` (a User id) is optional: the first person acts.
//
//   GET    people                              the people, id and name
//   GET    rows/{object}                       all records, deleted ones too, null fields left out
//   GET    rows/{object}/{id}                  one record
//   POST   rows/{object}?person={id}           create; answers {"id":".."}
//   PATCH  rows/{object}/{id}?person={id}      edit
//   DELETE rows/{object}/{id}?person={id}      delete, into the recycle bin
//   POST   rows/{object}/{id}/undelete         back from the recycle bin
//   POST   rows/{object}/{id}/merge            {"loser":"<id>"}; Account, Contact and Lead
//   POST   rows/{object}/{id}/bump             background work: moves SystemModstamp only
//   POST   rows/{object}/{id}/hide             {"hidden":true}: invisible to API callers
//   POST   rows/Opportunity/{id}/lineitem      {"price":"1200.50"}; Amount follows, ignores writes
//   POST   rows/Lead/{id}/convert              {"opportunity":"name"}; answers the three ids
//   GET    switches                            all switches
//   PATCH  switches                            {"page_size_max":50,"commit_delay_s":30}
//   POST   faults                              {"count":2,"status":503,"error_code":"..",
//                                               "message":"..","path_contains":"query",
//                                               "method":"GET","after_commit":false,"html":false,
//                                               "truncate_at":100}
//   DELETE faults                              forgets those not used up
//   GET    journal?api={true|false}            committed writes, in order
//   GET    counters                            calls, by kind
namespace cosell::sandbox {

class SalesforceWorld final : public Handler {
 public:
  // The user id of a valid Authorization header (Bearer or OAuth); nothing: 401 INVALID_SESSION_ID.
  using Authorize = std::function<std::optional<std::string>(std::string_view authorization)>;

  // `origin` is the instance URL without a trailing slash. `clock` and `random` must outlive the
  // world. It starts with its master data, the integration user and two people.
  SalesforceWorld(std::string origin, Clock& clock, Random& random, Authorize authorize,
                  SalesforceWorldOptions options = {});
  ~SalesforceWorld() override;

  // The REST API. Any request is answered; what lies outside /services/data gets 404.
  net::HttpResponse Handle(const net::HttpRequest& request) override;

  const std::string& origin() const;
  const SalesforceWorldOptions& options() const;
  // The full name of a co-sell field or object: "Audit__c" -> "msftpc__Audit__c".
  std::string Column(const std::string& name) const;

  SalesforceSwitches& switches();
  const SalesforceSwitches& switches() const;
  void Inject(SalesforceFault fault);
  void ClearFaults();

  // Called with every committed change, in order: at the end of the writing call, or in Settle when
  // the commit was delayed.
  void OnChange(std::function<void(const SalesforceChange&)> listener);
  // Makes delayed commits visible whose time has come; every request does so first.
  void Settle();
  std::optional<Instant> NextCommitDue() const;  // by the world's clock
  // The texts an outbound message carries of a record as it is now: the named fields that are not
  // null, datetimes ending in Z. Nothing when the record is gone, deleted or not yet visible.
  std::optional<std::vector<std::pair<std::string, std::string>>> MessageFields(
      const std::string& object, const std::string& id,
      const std::vector<std::string>& fields) const;

  // --- What people do. Stamps move and changes are announced exactly as for API writes, with the
  // person as LastModifiedById. Errors: not_found, already_exists (unique values), refused, each
  // with the service's own code and status.
  std::string AddPerson(const SeedSalesforcePerson& person);
  std::vector<std::string> people() const;  // ids, in the order they were added; never empty
  // `json` is a body as the REST API takes it. Returns the new record's id.
  Result<std::string> Create(const std::string& person, const std::string& object,
                             const std::string& json);
  Status Edit(const std::string& person, const std::string& object, const std::string& id,
              const std::string& json);
  Status Delete(const std::string& person, const std::string& object, const std::string& id);
  Status Undelete(const std::string& person, const std::string& object, const std::string& id);
  // The loser's children move to the winner; the loser is deleted with MasterRecordId = winner.
  Status Merge(const std::string& person, const std::string& object, const std::string& winner,
               const std::string& loser);
  struct Conversion {
    std::string account_id;
    std::string contact_id;
    std::string opportunity_id;  // empty when none was asked for
  };
  // Makes account, contact and, with a name, an opportunity of a lead (11.4).
  Result<Conversion> ConvertLead(const std::string& person, const std::string& lead,
                                 const std::string& opportunity_name);
  // From now on Amount is the sum of prices, and writes of it are silently ignored (7.3).
  Status AddLineItem(const std::string& person, const std::string& opportunity,
                     const std::string& price);

  // --- What happens by itself, or what an administrator sets up.
  Status BackgroundBump(const std::string& object, const std::string& id);
  // A calculated text field that shows a parent's field ("Account.BillingCountry") and never moves
  // a stamp (11.3). Throws std::invalid_argument for a path that leads nowhere.
  void AddFormula(const std::string& object, const std::string& name, const std::string& label,
                  const std::string& path);
  void AddRule(SalesforceRule rule);
  void ClearRules();
  Status Hide(const std::string& object, const std::string& id, bool hidden = true);

  // --- Seeding: no announcement, no journal. Returns the ids in order. Throws
  // std::invalid_argument when a value does not fit its field.
  std::vector<std::string> Seed(const std::vector<SeedSalesforceOpportunity>& seeds);

  // --- Inspection: the raw state, hidden, deleted and not yet visible records included. In the
  // order of their ids; an unknown object has none.
  std::vector<SalesforceRow> Rows(const std::string& object) const;
  std::optional<SalesforceRow> Row(const std::string& object, const std::string& id) const;
  // Committed writes by anyone since the start or the last ClearJournal.
  const std::vector<SalesforceWrite>& journal() const;
  void ClearJournal();
  SalesforceCounters counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cosell::sandbox
