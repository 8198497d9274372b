#include "crm/salesforce/read_back.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "crm/salesforce/job_errors.h"

namespace cosell::salesforce {
namespace {

void TakeRecord(const Target& target, Job& job, const Found& found) {
  job.record = found.record;
  if (!job.wants_amount || !found.has_line_items) return;
  target.log.Warning(
      "the amount of an opportunity with line items is their sum and was not written; change the "
      "line items, or map the deal value to another field",
      {{"record", found.record.id.text}});
}

void TakeAbsence(const Target& target, Job& job, const std::optional<Error>& failure) {
  const Error error = failure ? *failure : NotThere(target, job);
  job.error = job.written ? ReadBackFailed(error, job) : error;
}

void ReadBackByReferral(const Target& target, const Jobs& jobs) {
  std::vector<std::string> markers;
  for (const Job* job : jobs) markers.push_back(job->write->marker.text);
  const auto found = target.records.FindByReferral(markers, true);
  for (Job* job : jobs) {
    if (!found) {
      TakeAbsence(target, *job, found.error());
      continue;
    }
    const auto there = std::find_if(found->begin(), found->end(), [&](const Found& each) {
      return EqualsIgnoreCase(each.record.referral_id, job->write->marker.text);
    });
    if (there == found->end()) {
      TakeAbsence(target, *job, std::nullopt);
      continue;
    }
    for (PerformedWrite& each : job->performed) {
      if (each.record_id.empty()) each.record_id = there->record.id.text;
    }
    TakeRecord(target, *job, *there);
  }
}

}  // namespace

void ReadBack(const Target& target, const Jobs& jobs) {
  std::vector<std::string> ids;
  for (const Job* job : jobs) {
    if (!job->id.empty()) ids.push_back(job->id);
  }
  std::map<std::string, const Found*> by_id;
  const auto found = target.records.Retrieve(ids, true);
  if (found) {
    for (const Found& each : *found) by_id.emplace(each.record.id.text, &each);
  }
  Jobs unnamed;
  for (Job* job : jobs) {
    const auto there = by_id.find(job->id);
    if (job->id.empty()) {
      unnamed.push_back(job);
    } else if (there != by_id.end()) {
      TakeRecord(target, *job, *there->second);
    } else {
      TakeAbsence(target, *job, found ? std::nullopt : std::optional<Error>(found.error()));
    }
  }
  if (!unnamed.empty()) ReadBackByReferral(target, unnamed);
}

}  // namespace cosell::salesforce
