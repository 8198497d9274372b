#pragma once

#include <vector>

#include "crm/dataverse/job.h"

namespace cosell::dataverse {

// Makes opportunities of leads (contract dynamics365.md section 6.5), as stages of the Writer, each
// for all jobs at once. QualifyLead takes no precondition and cannot be told apart from a repeat of
// itself, so what stands there is read first, and again after a refusal.
class Qualifier {
 public:
  // `opportunities` reads the results. `leads` and the organisation's `lead` table must be there.
  Qualifier(WebApi& api, CurrencyCache& currencies, Records& opportunities,
            std::shared_ptr<const Organization> organization);

  // Before the customers are looked for: jobs that are done already get their opportunity, those
  // that cannot be done end.
  void ReadLeads(std::vector<Job>& jobs);
  // With the customers known. Account and contact are written into the lead first: from there the
  // platform takes them over.
  void Perform(std::vector<Job>& jobs);

 private:
  using Jobs = std::vector<Job*>;
  void Decide(Job& job);
  void TakeAnswer(Job& job, const Sent& sent);
  void NoteMade(Job& job, const net::ApiAnswer& answer);
  std::string Body(const Job& job) const;
  // Reads the leads of these jobs again or for the first time.
  void Read(const Jobs& jobs);
  // Fills `row` with the opportunities of qualified leads. A job without one ends with `missing`,
  // or with what the action answered.
  void TakeOpportunities(const Jobs& jobs, ErrorKind missing);

  WebApi& api_;
  CurrencyCache& currencies_;
  Records& opportunities_;
  Records leads_;
};

}  // namespace cosell::dataverse
