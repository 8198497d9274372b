#pragma once

#include <span>
#include <string>
#include <vector>

#include "crm/salesforce/customers.h"
#include "crm/salesforce/job.h"
#include "crm/salesforce/opportunities.h"
#include "ports/crm.h"

namespace cosell::salesforce {

// Performs the writes of one call, stage by stage, each stage for all writes at once, so that many
// writes stay a handful of calls: what stands there now, accounts, contacts, the writes themselves,
// and the records as they are afterwards, because the server changes values silently (contract
// salesforce.md sections 7, 8, 9 and 12.1). There is no strong locking: a single update carries
// If-Unmodified-Since, several are compared with what stands there right before they are sent.
class Writer {
 public:
  Writer(Rest& rest, Opportunities& opportunities, const Organization& organization, Log& log);

  // As Crm::Write.
  std::vector<CrmWriteResult> Write(std::span<const CrmWrite> writes);

 private:
  using Jobs = std::vector<Job*>;
  void WriteWave(const Jobs& jobs);
  void FindExisting(const Jobs& jobs);
  void ResolveAccounts(const Jobs& jobs);
  void ResolveContacts(const Jobs& jobs);
  void SetLookup(Job& job, const std::string& field, const std::string& id);
  void CompareVersions(const Jobs& jobs);
  void SendCreates(const Jobs& jobs);
  void SendOneCreate(Job& job);
  void SendUpdates(const Jobs& jobs);
  void SendOneUpdate(Job& job);
  void TakeCreated(Job& job, RowOutcome outcome);
  void TakeUpdated(Job& job, const RowOutcome& outcome);
  void SendSolutions(const Jobs& jobs);
  void ReadBack(const Jobs& jobs);
  void ReadBackByReferral(const Jobs& jobs);
  void TakeRecord(Job& job, const Found& found);
  void TakeAbsence(Job& job, const std::optional<Error>& failure);

  Rest& rest_;
  Opportunities& opportunities_;
  const Organization& organization_;
  Log& log_;
  Customers customers_;
  const std::string identifier_;  // the Referral Identifier field; empty where there is none
  bool upserts_ = false;          // it is an External ID
};

}  // namespace cosell::salesforce
