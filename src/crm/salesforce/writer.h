#pragma once

#include <string>
#include <vector>

#include "crm/salesforce/customers.h"
#include "crm/salesforce/job.h"
#include "crm/salesforce/target.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// Performs the writes of one call on one kind of record, stage by stage, each stage for all writes
// at once, so that many writes stay a handful of calls: what stands there now, accounts, contacts,
// the writes themselves, and the records as they are afterwards, because the server changes values
// silently (contract salesforce.md sections 7, 8, 9 and 12.1). There is no strong locking: a single
// update carries If-Unmodified-Since, several are compared with what stands there right before they
// are sent.
class Writer {
 public:
  explicit Writer(const Target& target);

  // As Crm::Write; all of the target's kind.
  std::vector<CrmWriteResult> Write(const std::vector<const CrmWrite*>& writes);

 private:
  void WriteWave(const Jobs& jobs);
  void FindExisting(const Jobs& jobs);
  void ResolveAccounts(const Jobs& jobs);
  void ResolveContacts(const Jobs& jobs);
  void SetLookup(Job& job, const std::string& field, const std::string& id);
  void SendSolutions(const Jobs& jobs);

  const Target target_;
  Customers customers_;
};

}  // namespace cosell::salesforce
