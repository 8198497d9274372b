#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "crm/rest/customers.h"
#include "crm/rest/records.h"
#include "crm/rest/values.h"
#include "ports/crm.h"

namespace cosell::rest {

// Performs writes, one after the other (docs/REST-CRM.md, "Writing"). An update reads the deal,
// compares it with what the write was planned on, and sends it under the service's own precondition
// where it has one; every write ends with reading the deal back. Made for one call; borrows
// everything.
class Writer {
 public:
  Writer(const Service& service, const Records& records, const Description& description,
         Customers& customers, const Selection& selection, Clock& clock)
      : service_(service),
        records_(records),
        description_(description),
        deal_(description.deal),
        customers_(customers),
        selection_(selection),
        clock_(clock) {}

  CrmWriteResult Write(const CrmWrite& write);

 private:
  Result<CrmRecord> Create(const CrmWrite& write);
  Result<CrmRecord> Update(const CrmWrite& write);
  Result<CrmRecord> UpdateOnce(const CrmWrite& write, const std::vector<Setting>& settings);
  Status LookFor(const CrmWrite& write) const;
  Result<Json> NewDeal(const CrmWrite& write, const std::vector<Setting>& settings);
  Status CheckCustomer(const CrmWrite& write) const;
  Status AddCustomer(const CrmWrite& write, Json& deal);
  Status SetLookup(const RelatedResource& resource, const std::string& id, Json& deal) const;
  Status SetNested(const RelatedResource& resource, const RelatedRecord& record, Json& deal) const;
  Status Guarded(const ReadDeal& there) const;
  Result<Json> Changed(const ReadDeal& there, const std::vector<Setting>& settings) const;
  Result<Answer> Send(const Sending& sending, const std::string& what, const std::string& id,
                      const std::string& operation);
  Result<std::string> IdOfNew(const Answer& answer, const CrmWrite& write) const;
  Result<CrmRecord> ReadBack(const std::string& id, const std::string& what) const;

  const Service& service_;
  const Records& records_;
  const Description& description_;
  const DealResource& deal_;
  Customers& customers_;
  const Selection& selection_;
  Clock& clock_;
  std::vector<PerformedWrite> performed_;
};

}  // namespace cosell::rest
