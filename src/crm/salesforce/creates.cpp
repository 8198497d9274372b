#include "crm/salesforce/creates.h"

#include "base/text.h"
#include "crm/salesforce/collections.h"
#include "crm/salesforce/job_errors.h"
#include "crm/salesforce/prepare.h"

namespace cosell::salesforce {
namespace {

// The unique field a DUPLICATE_VALUE is about: "duplicate value found: <field> duplicates ...".
std::string DuplicateField(const Fault& fault) {
  if (!fault.fields.empty()) return fault.fields.front();
  constexpr std::string_view kLead = "duplicate value found: ";
  const auto at = fault.message.find(kLead);
  if (at == std::string::npos) return "";
  const auto begin = at + kLead.size();
  const std::string word = fault.message.substr(begin, fault.message.find(' ', begin) - begin);
  return word.starts_with('<') ? "" : word;
}

void TakeCreated(const Target& target, Job& job, RowOutcome outcome) {
  if (outcome.error && outcome.error->kind == ErrorKind::already_exists) {
    const std::string field = outcome.fault ? DuplicateField(*outcome.fault) : "";
    if (!field.empty() && field != target.identifier()) outcome.error->kind = ErrorKind::refused;
  }
  // Somebody made it since it was looked for: then this was an update of theirs.
  const bool update = outcome.created == false;
  if (!outcome.error || WasAttempted(*outcome.error)) {
    job.performed.push_back(
        Performed(job.noun(), outcome.id, update ? "update" : "create", outcome));
  }
  job.written = !outcome.error;
  job.error = outcome.error;
  job.id = outcome.id;
  job.wants_amount = update && job.body.Has(kAmount);
}

void SendOneCreate(const Target& target, Job& job) {
  const bool upserts = target.upserts();
  Request request;
  request.write = true;
  request.correlation = job.write->correlation.text;
  request.method = upserts ? "PATCH" : "POST";
  request.headers = target.headers();
  request.path = "/sobjects/" + target.object();
  Body body = job.body;
  if (upserts) {
    const std::string identifier = target.identifier();
    request.path += "/" + identifier + "/" + UrlEncode(job.write->marker.text);
    body.Remove(identifier);
  }
  request.body = PrintBody(body);
  const Single sent = RunSingle(target.rest, request);
  RowOutcome outcome = ToOutcome(sent, Purpose::create, job.what());
  if (sent.answer && sent.answer->response.status == 300) {
    outcome.error = SeveralCarry(target, job, CountChoices(sent.answer->response.body));
    outcome.error->http_status = 300;
    outcome.error->code = "HTTP_300";
  }
  TakeCreated(target, job, std::move(outcome));
}

}  // namespace

void SendCreates(const Target& target, const Jobs& jobs) {
  if (jobs.size() == 1) return SendOneCreate(target, *jobs.front());
  const bool upserts = target.upserts();
  CollectionCall call;
  call.method = upserts ? "PATCH" : "POST";
  call.path = kCollections;
  if (upserts) call.path += "/" + target.object() + "/" + target.identifier();
  call.purpose = Purpose::create;
  call.what = "create of " + target.synced.nouns();
  call.headers = target.headers();
  call.correlation = CorrelationOf(jobs);
  std::vector<std::string> records;
  for (const Job* job : jobs) records.push_back(PrintRecord(job->body, target.object(), ""));
  auto outcomes = RunCollection(target.rest, call, records);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    TakeCreated(target, *jobs[i], std::move(outcomes[i]));
  }
}

}  // namespace cosell::salesforce
