#include "crm/salesforce/updates.h"

#include <map>

#include "base/time.h"
#include "crm/salesforce/collections.h"
#include "crm/salesforce/job_errors.h"
#include "crm/salesforce/prepare.h"

namespace cosell::salesforce {
namespace {

// Whole seconds, and never earlier than the stamp: a fraction must not make every write stale.
std::string UnmodifiedSince(Instant stamp) {
  return FormatHttpDate(std::chrono::ceil<std::chrono::seconds>(stamp));
}

void TakeUpdated(Job& job, const RowOutcome& outcome) {
  if (!outcome.error || WasAttempted(*outcome.error)) {
    job.performed.push_back(Performed(job.noun(), job.id, "update", outcome));
  }
  job.written = !outcome.error;
  job.error = outcome.error;
}

void SendOneUpdate(const Target& target, Job& job) {
  Request request;
  request.write = true;
  request.correlation = job.write->correlation.text;
  request.method = "PATCH";
  request.headers = target.headers();
  request.path = "/sobjects/" + target.object() + "/" + job.id;
  request.body = PrintBody(job.body);
  if (const auto stamp = StampOf(job.write->etag)) {
    request.headers.emplace_back("If-Unmodified-Since", UnmodifiedSince(*stamp));
  }
  TakeUpdated(job, ToOutcome(RunSingle(target.rest, request), Purpose::update, job.what()));
}

}  // namespace

void CompareVersions(const Target& target, const Jobs& jobs) {
  const bool one = jobs.size() == 1 && !jobs.front()->body.empty();
  if (jobs.empty() || one) return;
  std::vector<std::string> ids;
  for (const Job* job : jobs) {
    if (!job->write->etag.empty()) ids.push_back(job->id);
  }
  if (ids.empty()) return;
  const auto found = target.records.Retrieve(ids, false);
  std::map<std::string, const Found*> by_id;
  if (found) {
    for (const Found& each : *found) by_id.emplace(each.record.id.text, &each);
  }
  for (Job* job : jobs) {
    if (job->write->etag.empty()) continue;
    const auto there = by_id.find(job->id);
    if (!found) {
      job->error = found.error();
    } else if (there == by_id.end()) {
      job->error = NotThere(target, *job);
    } else if (there->second->record.etag != job->write->etag) {
      job->error = Changed(target, *job);
    } else if (there->second->has_line_items) {
      job->body.Remove(kAmount);  // the sum of the line items; Salesforce would ignore it
    }
  }
}

void SendUpdates(const Target& target, const Jobs& jobs) {
  if (jobs.empty()) return;
  if (jobs.size() == 1) return SendOneUpdate(target, *jobs.front());
  CollectionCall call;
  call.method = "PATCH";
  call.path = kCollections;
  call.purpose = Purpose::update;
  call.what = "update of " + target.synced.nouns();
  call.headers = target.headers();
  call.correlation = CorrelationOf(jobs);
  std::vector<std::string> records;
  for (const Job* job : jobs) records.push_back(PrintRecord(job->body, target.object(), job->id));
  const auto outcomes = RunCollection(target.rest, call, records);
  for (std::size_t i = 0; i < jobs.size(); ++i) TakeUpdated(*jobs[i], outcomes[i]);
}

}  // namespace cosell::salesforce
