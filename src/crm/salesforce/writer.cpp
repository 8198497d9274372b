#include "crm/salesforce/writer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/prepare.h"
#include "crm/salesforce/solution_writer.h"

namespace cosell::salesforce {
namespace {

constexpr const char* kCollections = "/composite/sobjects";
constexpr const char* kOpportunity = "Opportunity";

// A read that fails after a write leaves the write's outcome open for the engine: it must look
// again, whatever the reason was.
Error ReadBackFailed(const Error& error, const Job& job) {
  Error unknown = error;
  unknown.kind = ErrorKind::unknown_outcome;
  unknown.message =
      "The " + job.what() + " was sent, but the record could not be read back: " + error.message;
  return unknown;
}

Error NotThere(const Job& job) {
  Error error;
  error.kind = ErrorKind::not_found;
  error.message =
      "Opportunity " + job.id + " does not exist, or the integration user cannot see it";
  return error;
}

Error Changed(const Job& job) {
  Error error;
  error.kind = ErrorKind::stale_version;
  error.message = "Opportunity " + job.id + " has changed since it was read";
  return error;
}

Error ExistsAlready(const Job& job, const std::string& id) {
  Error error;
  error.kind = ErrorKind::already_exists;
  error.message = "Opportunity " + id + " already carries referral " + job.write->marker.text;
  return error;
}

Error SeveralCarry(const Job& job, std::size_t count) {
  return Refusal(std::to_string(count) + " opportunities carry referral " + job.write->marker.text +
                 " in their Referral Identifier: clear the field in all but one of them");
}

// Whole seconds, and never earlier than the stamp: a fraction must not make every write stale.
std::string UnmodifiedSince(Instant stamp) {
  return FormatHttpDate(std::chrono::ceil<std::chrono::seconds>(stamp));
}

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

// One write per record at a time: a second one to the same record sees the first one's work.
std::string RecordKey(const Job& job) {
  return job.creates() ? "create " + ToLower(job.write->marker.text) : job.id;
}

std::vector<Job*> Picked(const std::vector<Job*>& jobs, bool (*pick)(const Job&)) {
  std::vector<Job*> picked;
  std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(picked),
               [&](const Job* job) { return pick(*job); });
  return picked;
}

std::vector<Job*> ToCreate(const std::vector<Job*>& jobs) {
  return Picked(jobs, [](const Job& job) { return job.Creates(); });
}

std::vector<Job*> ToUpdate(const std::vector<Job*>& jobs) {
  return Picked(jobs, [](const Job& job) { return job.Updates() && !job.body.empty(); });
}

std::string CorrelationOf(const std::vector<Job*>& jobs) {
  return jobs.empty() ? std::string{} : jobs.front()->write->correlation.text;
}

}  // namespace

Writer::Writer(Rest& rest, Opportunities& opportunities, const Organization& organization, Log& log)
    : rest_(rest),
      opportunities_(opportunities),
      organization_(organization),
      log_(log),
      customers_(rest, log),
      identifier_(organization.FieldOf("referral_id")) {
  const Field* field = organization.opportunity.Find(identifier_);
  upserts_ = field != nullptr && field->external_id;
}

std::vector<CrmWriteResult> Writer::Write(std::span<const CrmWrite> writes) {
  std::vector<Job> all(writes.size());
  Jobs left;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    all[i].write = &writes[i];
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
    if (job->Creates()) PrepareCreate(*job, organization_);
    if (job->Updates()) PrepareUpdate(*job, organization_);
  }
  FindExisting(ToCreate(jobs));
  ResolveAccounts(ToCreate(jobs));
  ResolveContacts(ToCreate(jobs));
  SendCreates(ToCreate(jobs));
  CompareVersions(Picked(jobs, [](const Job& job) {
    return job.Updates() && (!job.body.empty() || job.solutions.has_value());
  }));
  SendUpdates(ToUpdate(jobs));
  SendSolutions(
      Picked(jobs, [](const Job& job) { return job.open() && job.solutions.has_value(); }));
  ReadBack(Picked(jobs, [](const Job& job) { return job.open() && !job.record; }));
}

void Writer::FindExisting(const Jobs& jobs) {
  if (jobs.empty()) return;
  std::vector<std::string> markers;
  for (const Job* job : jobs) markers.push_back(job->write->marker.text);
  const auto found = opportunities_.FindByReferral(markers, false);
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
      job->error = ExistsAlready(*job, carrier->second);
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
  auto outcomes = customers_.Resolve(organization_.account, requests);
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
  auto outcomes = customers_.Resolve(organization_.contact, requests);
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
  const Field* lookup = organization_.opportunity.Find(field);
  if (lookup != nullptr && lookup->creatable) {
    job.body.Set(field, Quoted(id));
    return;
  }
  log_.Warning("a lookup of a new opportunity may not be written and stays empty",
               {{"field", field}});
}

void Writer::SendCreates(const Jobs& jobs) {
  if (jobs.size() == 1) return SendOneCreate(*jobs.front());
  CollectionCall call;
  call.method = upserts_ ? "PATCH" : "POST";
  call.path = kCollections;
  if (upserts_) call.path += "/" + std::string(kOpportunity) + "/" + identifier_;
  call.purpose = Purpose::create;
  call.what = "create of opportunities";
  call.correlation = CorrelationOf(jobs);
  std::vector<std::string> records;
  for (const Job* job : jobs) records.push_back(PrintRecord(job->body, kOpportunity, ""));
  auto outcomes = RunCollection(rest_, call, records);
  for (std::size_t i = 0; i < jobs.size(); ++i) TakeCreated(*jobs[i], std::move(outcomes[i]));
}

void Writer::SendOneCreate(Job& job) {
  Request request;
  request.write = true;
  request.correlation = job.write->correlation.text;
  request.method = upserts_ ? "PATCH" : "POST";
  request.path = "/sobjects/" + std::string(kOpportunity);
  Body body = job.body;
  if (upserts_) {
    request.path += "/" + identifier_ + "/" + UrlEncode(job.write->marker.text);
    body.Remove(identifier_);
  }
  request.body = PrintBody(body);
  const Single sent = RunSingle(rest_, request);
  RowOutcome outcome = ToOutcome(sent, Purpose::create, job.what());
  if (sent.answer && sent.answer->response.status == 300) {
    outcome.error = SeveralCarry(job, CountChoices(sent.answer->response.body));
    outcome.error->http_status = 300;
    outcome.error->code = "HTTP_300";
  }
  TakeCreated(job, std::move(outcome));
}

void Writer::TakeCreated(Job& job, RowOutcome outcome) {
  if (outcome.error && outcome.error->kind == ErrorKind::already_exists) {
    const std::string field = outcome.fault ? DuplicateField(*outcome.fault) : "";
    if (!field.empty() && field != identifier_) outcome.error->kind = ErrorKind::refused;
  }
  // Somebody made it since it was looked for: then this was an update of theirs.
  const bool update = outcome.created == false;
  if (!outcome.error || WasAttempted(*outcome.error)) {
    job.performed.push_back(
        Performed("opportunity", outcome.id, update ? "update" : "create", outcome));
  }
  job.written = !outcome.error;
  job.error = outcome.error;
  job.id = outcome.id;
  job.wants_amount = update && job.body.Has(kAmount);
}

// Several updates carry no precondition, so what stands there is compared first.
void Writer::CompareVersions(const Jobs& jobs) {
  const bool one = jobs.size() == 1 && !jobs.front()->body.empty();
  if (jobs.empty() || one) return;
  std::vector<std::string> ids;
  for (const Job* job : jobs) {
    if (!job->write->etag.empty()) ids.push_back(job->id);
  }
  if (ids.empty()) return;
  const auto found = opportunities_.Retrieve(ids, false);
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
      job->error = NotThere(*job);
    } else if (there->second->record.etag != job->write->etag) {
      job->error = Changed(*job);
    } else if (there->second->has_line_items) {
      job->body.Remove(kAmount);  // the sum of the line items; Salesforce would ignore it
    }
  }
}

void Writer::SendUpdates(const Jobs& jobs) {
  if (jobs.empty()) return;
  if (jobs.size() == 1) return SendOneUpdate(*jobs.front());
  CollectionCall call;
  call.method = "PATCH";
  call.path = kCollections;
  call.purpose = Purpose::update;
  call.what = "update of opportunities";
  call.correlation = CorrelationOf(jobs);
  std::vector<std::string> records;
  for (const Job* job : jobs) records.push_back(PrintRecord(job->body, kOpportunity, job->id));
  const auto outcomes = RunCollection(rest_, call, records);
  for (std::size_t i = 0; i < jobs.size(); ++i) TakeUpdated(*jobs[i], outcomes[i]);
}

void Writer::SendOneUpdate(Job& job) {
  Request request;
  request.write = true;
  request.correlation = job.write->correlation.text;
  request.method = "PATCH";
  request.path = "/sobjects/" + std::string(kOpportunity) + "/" + job.id;
  request.body = PrintBody(job.body);
  if (const auto stamp = StampOf(job.write->etag)) {
    request.headers.emplace_back("If-Unmodified-Since", UnmodifiedSince(*stamp));
  }
  TakeUpdated(job, ToOutcome(RunSingle(rest_, request), Purpose::update, job.what()));
}

void Writer::TakeUpdated(Job& job, const RowOutcome& outcome) {
  if (!outcome.error || WasAttempted(*outcome.error)) {
    job.performed.push_back(Performed("opportunity", job.id, "update", outcome));
  }
  job.written = !outcome.error;
  job.error = outcome.error;
}

// After the opportunity, so that a refused one gets no rows.
void Writer::SendSolutions(const Jobs& jobs) {
  if (jobs.empty()) return;
  WriteSolutions(rest_, *organization_.solutions, jobs);
}

void Writer::ReadBack(const Jobs& jobs) {
  std::vector<std::string> ids;
  for (const Job* job : jobs) {
    if (!job->id.empty()) ids.push_back(job->id);
  }
  std::map<std::string, const Found*> by_id;
  const auto found = opportunities_.Retrieve(ids, true);
  if (found) {
    for (const Found& each : *found) by_id.emplace(each.record.id.text, &each);
  }
  Jobs unnamed;
  for (Job* job : jobs) {
    const auto there = by_id.find(job->id);
    if (job->id.empty()) {
      unnamed.push_back(job);
    } else if (there != by_id.end()) {
      TakeRecord(*job, *there->second);
    } else {
      TakeAbsence(*job, found ? std::nullopt : std::optional<Error>(found.error()));
    }
  }
  if (!unnamed.empty()) ReadBackByReferral(unnamed);
}

// A 204 to an upsert names no id (section 8).
void Writer::ReadBackByReferral(const Jobs& jobs) {
  std::vector<std::string> markers;
  for (const Job* job : jobs) markers.push_back(job->write->marker.text);
  const auto found = opportunities_.FindByReferral(markers, true);
  for (Job* job : jobs) {
    if (!found) {
      TakeAbsence(*job, found.error());
      continue;
    }
    const auto there = std::find_if(found->begin(), found->end(), [&](const Found& each) {
      return EqualsIgnoreCase(each.record.referral_id, job->write->marker.text);
    });
    if (there == found->end()) {
      TakeAbsence(*job, std::nullopt);
      continue;
    }
    for (PerformedWrite& each : job->performed) {
      if (each.record_id.empty()) each.record_id = there->record.id.text;
    }
    TakeRecord(*job, *there);
  }
}

void Writer::TakeRecord(Job& job, const Found& found) {
  job.record = found.record;
  if (!job.wants_amount || !found.has_line_items) return;
  log_.Warning(
      "the amount of an opportunity with line items is their sum and was not written; change the "
      "line items, or map the deal value to another field",
      {{"record", found.record.id.text}});
}

void Writer::TakeAbsence(Job& job, const std::optional<Error>& failure) {
  const Error error = failure ? *failure : NotThere(job);
  job.error = job.written ? ReadBackFailed(error, job) : error;
}

}  // namespace cosell::salesforce
