#pragma once

#include <span>
#include <vector>

#include "crm/dataverse/customers.h"
#include "crm/dataverse/records.h"
#include "ports/crm.h"

namespace cosell::dataverse {

struct Job;

// Performs the writes of one call, stage by stage, each stage for all writes at once, so that a
// batch stays a handful of round trips: leads to be qualified, accounts, contacts, what stands
// there before a close or a write of solutions, the writes themselves, solutions, the records as
// they are afterwards, and a status reason that did not take.
class Writer {
 public:
  // `leads` is null where leads are not looked after.
  Writer(WebApi& api, RelatedTables& tables, CurrencyCache& currencies,
         std::shared_ptr<const Organization> organization, Records& opportunities, Records* leads,
         Log& log);

  // As Crm::Write.
  std::vector<CrmWriteResult> Write(std::span<const CrmWrite> writes);

 private:
  using Jobs = std::vector<Job>;
  void CheckInput(Jobs& jobs);
  std::optional<Error> CheckKind(const CrmWrite& write) const;
  void LearnCurrencies(const Jobs& jobs);
  void ResolveAccounts(Jobs& jobs);
  void ResolveContacts(Jobs& jobs);
  void ReadBeforeClose(Jobs& jobs);
  void DecideClose(Job& job);
  void Perform(Jobs& jobs);
  void RepairStatus(Jobs& jobs);
  void ReadBack(Jobs& jobs);
  void WriteTheSolutions(Jobs& jobs);
  void Complete(Jobs& jobs);
  CrmWriteResult ResultOf(Job& job) const;

  void TakeAnswer(Job& job, const Sent& sent);
  Status TakeRow(Job& job, const net::ApiAnswer& answer);
  void Finish(Job& job);
  WebApi& api_;
  CurrencyCache& currencies_;
  const std::shared_ptr<const Organization> organization_;
  Records& opportunities_;
  Records* const leads_;
  Log& log_;
  Customers customers_;
};

}  // namespace cosell::dataverse
