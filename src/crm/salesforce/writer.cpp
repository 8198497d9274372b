#include "crm/salesforce/writer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "crm/salesforce/creates.h"
#include "crm/salesforce/job_errors.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/prepare.h"
#include "crm/salesforce/read_back.h"
#include "crm/salesforce/solution_writer.h"
#include "crm/salesforce/updates.h"

namespace cosell::salesforce {
namespace {

// One write per record at a time: a second one to the same record sees the first one's work.
std::string RecordKey(const Job& job) {
  return job.creates() ? "create " + ToLower(job.write->marker.text) : job.id;
}

Jobs Picked(const Jobs& jobs, bool (*pick)(const Job&)) {
  Jobs picked;
  std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(picked),
               [&](const Job* job) { return pick(*job); });
  return picked;
}

Jobs ToCreate(const Jobs& jobs) {
  return Picked(jobs, [](const Job& job) { return job.Creates(); });
}

Jobs ToUpdate(const Jobs& jobs) {
  return Picked(jobs, [](const Job& job) { return job.Updates() && !job.body.empty(); });
}

}  // namespace

Writer::Writer(const Target& target) : target_(target), customers_(target.rest, target.log) {}

std::vector<CrmWriteResult> Writer::Write(const std::vector<const CrmWrite*>& writes) {
  std::vector<Job> all(writes.size());
  Jobs left;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    all[i].write = writes[i];
    CheckInput(all[i]);
    left.push_back(&all[i]);
  }
  while (!left.empty()) {
    std::set<std::string> records;
    Jobs wave, later;
    for (Job* job : left) {
      (records.insert(RecordKey(*job)).second ? wave : later).push_back(job);
    }
    WriteWave(wave);
    left = std::move(later);
  }
  std::vector<CrmWriteResult> results;
  results.reserve(all.size());
  for (Job& job : all) {
    Result<CrmRecord> record =
        job.error ? Result<CrmRecord>(*job.error) : Result<CrmRecord>(*std::move(job.record));
    results.push_back({std::move(record), std::move(job.performed)});
  }
  return results;
}

void Writer::WriteWave(const Jobs& jobs) {
  for (Job* job : jobs) {
    if (job->Creates()) PrepareCreate(*job, target_.organization, target_.synced);
    if (job->Updates()) PrepareUpdate(*job, target_.organization, target_.synced);
  }
  FindExisting(ToCreate(jobs));
  if (target_.synced.kind == RecordKind::opportunity) {
    ResolveAccounts(ToCreate(jobs));
    ResolveContacts(ToCreate(jobs));
  }
  SendCreates(target_, ToCreate(jobs));
  CompareVersions(target_, Picked(jobs, [](const Job& job) {
                    return job.Updates() && (!job.body.empty() || job.solutions.has_value());
                  }));
  SendUpdates(target_, ToUpdate(jobs));
  SendSolutions(
      Picked(jobs, [](const Job& job) { return job.open() && job.solutions.has_value(); }));
  ReadBack(target_, Picked(jobs, [](const Job& job) { return job.open() && !job.record; }));
}

void Writer::FindExisting(const Jobs& jobs) {
  if (jobs.empty()) return;
  std::vector<std::string> markers;
  for (const Job* job : jobs) markers.push_back(job->write->marker.text);
  const auto found = target_.records.FindByReferral(markers, false);
  std::map<std::string, std::string> carriers;
  if (found) {
    for (const Found& each : *found) {
      carriers.emplace(ToLower(each.record.referral_id), each.record.id.text);
    }
  }
  for (Job* job : jobs) {
    if (!found) {
      job->error = found.error();
    } else if (const auto carrier = carriers.find(ToLower(job->write->marker.text));
               carrier != carriers.end()) {
      job->error = ExistsAlready(target_, *job, carrier->second);
    }
  }
}

void Writer::ResolveAccounts(const Jobs& jobs) {
  Jobs asking;
  std::vector<CustomerRequest> requests;
  for (Job* job : jobs) {
    if (!job->write->account) continue;
    requests.push_back({&*job->write->account, "", job->write->correlation.text});
    asking.push_back(job);
  }
  auto outcomes = customers_.Resolve(target_.organization.account, requests);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    Job& job = *asking[i];
    job.account_id = outcomes[i].id;
    job.error = outcomes[i].error;
    job.performed = std::move(outcomes[i].performed);
    SetLookup(job, "AccountId", job.account_id);
  }
}

void Writer::ResolveContacts(const Jobs& jobs) {
  Jobs asking;
  std::vector<CustomerRequest> requests;
  for (Job* job : jobs) {
    if (!job->write->contact) continue;
    requests.push_back({&*job->write->contact, job->account_id, job->write->correlation.text});
    asking.push_back(job);
  }
  auto outcomes = customers_.Resolve(target_.organization.contact, requests);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    Job& job = *asking[i];
    job.contact_id = outcomes[i].id;
    job.error = outcomes[i].error;
    std::move(outcomes[i].performed.begin(), outcomes[i].performed.end(),
              std::back_inserter(job.performed));
    SetLookup(job, "ContactId", job.contact_id);
  }
}

// ContactId can only be set now: it makes the primary contact role (section 17.1).
void Writer::SetLookup(Job& job, const std::string& field, const std::string& id) {
  if (id.empty()) return;
  const Field* lookup = target_.synced.object.Find(field);
  if (lookup != nullptr && lookup->creatable) {
    job.body.Set(field, Quoted(id));
    return;
  }
  target_.log.Warning("a lookup of a new opportunity may not be written and stays empty",
                      {{"field", field}});
}

// After the opportunity, so that a refused one gets no rows.
void Writer::SendSolutions(const Jobs& jobs) {
  if (jobs.empty()) return;
  WriteSolutions(target_.rest, *target_.organization.solutions, jobs);
}

}  // namespace cosell::salesforce
