#pragma once

#include <span>
#include <vector>

#include "crm/dataverse/customers.h"
#include "crm/dataverse/opportunities.h"
#include "ports/crm.h"

namespace cosell::dataverse {

struct Job;

// Performs the writes of one call, stage by stage, each stage for all writes at once, so that a
// batch stays a handful of round trips: accounts, contacts, what stands there before a close, the
// writes themselves, a status reason that did not take, and the records as they are afterwards.
class Writer {
 public:
  Writer(WebApi& api, RelatedTables& tables, CurrencyCache& currencies,
         Opportunities& opportunities, Log& log);

  // As Crm::Write.
  std::vector<CrmWriteResult> Write(std::span<const CrmWrite> writes);

 private:
  using Jobs = std::vector<Job>;
  void CheckInput(Jobs& jobs);
  void LearnCurrencies(const Jobs& jobs);
  void ResolveAccounts(Jobs& jobs);
  void ResolveContacts(Jobs& jobs);
  void ReadBeforeClose(Jobs& jobs);
  void DecideClose(Job& job);
  void Perform(Jobs& jobs);
  void RepairStatus(Jobs& jobs);
  void ReadBack(Jobs& jobs);
  void TakeRead(Job& job, const Sent& sent);

  void TakeAnswer(Job& job, const Sent& sent);
  Status TakeRow(Job& job, const net::ApiAnswer& answer);
  void Finish(Job& job);
  const Table& table() const { return opportunities_.organization().opportunity; }

  WebApi& api_;
  CurrencyCache& currencies_;
  Opportunities& opportunities_;
  Log& log_;
  Customers customers_;
};

}  // namespace cosell::dataverse
