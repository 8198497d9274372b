#include "engine/sender.h"

#include <functional>

namespace cosell {
namespace {

JobOutcome SendReferral(EngineContext& context, const Job& job) {
  const auto started = context.clock.Monotonic();
  const CorrelationId correlation{job.intent.id};
  const bool update = job.step.operation == IntentOperation::update_referral;
  const auto answer =
      update ? context.partner_center.Patch(ReferralId{job.intent.target_id}, job.intent.etag,
                                            job.referral_body, correlation)
             : context.partner_center.Create(job.referral_body, correlation);
  JobOutcome outcome;
  outcome.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.Monotonic() - started)
          .count();
  if (answer) {
    outcome.referral = *answer;
  } else {
    outcome.error = answer.error();
  }
  return outcome;
}

void SendCrmBatch(EngineContext& context, std::span<const Job> jobs,
                  const std::vector<std::size_t>& picked, std::vector<JobOutcome>* outcomes) {
  std::vector<CrmWrite> writes;
  for (const std::size_t i : picked) writes.push_back(jobs[i].crm_write);
  auto results = context.crm.Write(writes);
  for (std::size_t n = 0; n < picked.size(); ++n) {
    JobOutcome& outcome = (*outcomes)[picked[n]];
    if (results[n].record) {
      outcome.crm = std::move(*results[n].record);
    } else {
      outcome.error = results[n].record.error();
    }
    outcome.performed = std::move(results[n].performed);
  }
}

}  // namespace

std::vector<JobOutcome> SendJobs(EngineContext& context, std::span<const Job> jobs) {
  std::vector<JobOutcome> outcomes(jobs.size());
  std::vector<std::function<void()>> tasks;
  std::vector<std::size_t> crm_jobs;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (jobs[i].intent.side == Side::crm) {
      crm_jobs.push_back(i);
    } else {
      tasks.emplace_back(
          [&context, jobs, &outcomes, i] { outcomes[i] = SendReferral(context, jobs[i]); });
    }
  }
  if (!crm_jobs.empty()) {
    tasks.emplace_back([&] { SendCrmBatch(context, jobs, crm_jobs, &outcomes); });
  }
  context.executor.RunAll(std::move(tasks));
  return outcomes;
}

}  // namespace cosell
