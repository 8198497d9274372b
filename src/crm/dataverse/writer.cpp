#include "crm/dataverse/writer.h"

#include <algorithm>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/job.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"
#include "crm/dataverse/prepare.h"
#include "crm/dataverse/qualifier.h"
#include "crm/dataverse/solution_writer.h"
#include "model/digest.h"

namespace cosell::dataverse {
namespace {

using Kind = CrmWrite::Kind;

// Every header of a write that answers with the record as it is now.
net::Headers WriteHeaders(std::string_view condition, const std::string& value) {
  return {{std::string(condition), value}, {"Prefer", "return=representation"}};
}

std::string NamedColumns(const Body& body) {
  return body.long_columns.empty() ? "one of " + Join(body.text_columns, ", ")
                                   : Join(body.long_columns, ", ");
}

Error WithColumns(Error error, const Job& job) {
  if (error.code == kTextTooLong && !job.body.text_columns.empty()) {
    error.message += "; the text is too long for " + NamedColumns(job.body) +
                     ": set length_max of its field in the mapping to the column's length";
  }
  return error;
}

}  // namespace

Writer::Writer(WebApi& api, RelatedTables& tables, CurrencyCache& currencies,
               std::shared_ptr<const Organization> organization, Records& opportunities,
               Records* leads, Log& log)
    : api_(api),
      currencies_(currencies),
      organization_(std::move(organization)),
      opportunities_(opportunities),
      leads_(leads),
      log_(log),
      customers_(api, tables, currencies, log) {}

std::vector<CrmWriteResult> Writer::Write(std::span<const CrmWrite> writes) {
  Jobs jobs(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) jobs[i].write = &writes[i];
  CheckInput(jobs);
  LearnCurrencies(jobs);
  std::optional<Qualifier> qualifier;
  if (leads_ != nullptr) qualifier.emplace(api_, currencies_, opportunities_, organization_);
  if (qualifier) qualifier->ReadLeads(jobs);
  ResolveAccounts(jobs);
  ResolveContacts(jobs);
  if (qualifier) qualifier->Perform(jobs);
  ReadBeforeClose(jobs);
  Perform(jobs);
  WriteTheSolutions(jobs);
  ReadBack(jobs);
  RepairStatus(jobs);
  Complete(jobs);

  std::vector<CrmWriteResult> results;
  results.reserve(jobs.size());
  for (Job& job : jobs) results.push_back(ResultOf(job));
  return results;
}

CrmWriteResult Writer::ResultOf(Job& job) const {
  Result<CrmRecord> record =
      job.error ? Result<CrmRecord>(*job.error) : job.records->ToRecord(*job.row, job.clock_offset);
  return {std::move(record), std::move(job.performed)};
}

std::optional<Error> Writer::CheckKind(const CrmWrite& write) const {
  const bool lead = write.record_kind == RecordKind::lead;
  if (lead && leads_ == nullptr) {
    return Refusal("Leads are not synchronised with Dynamics 365: name \"lead\" in crm.records");
  }
  if (lead && write.kind == Kind::close) {
    return Refusal("A lead is not closed but disqualified, by an update of its status");
  }
  if (!lead && write.kind == Kind::qualify) return Refusal("Only a lead can be qualified");
  return std::nullopt;
}

void Writer::CheckInput(Jobs& jobs) {
  for (Job& job : jobs) {
    const CrmWrite& write = *job.write;
    job.records = write.record_kind == RecordKind::lead ? leads_ : &opportunities_;
    job.error = CheckKind(write);
    if (job.error) continue;
    if (write.kind == Kind::create) {
      job.id = DerivedGuid(job.kind_name(), write.marker.text);
      if (write.marker.empty()) job.error = Refusal("A create needs the referral's id");
      continue;
    }
    const auto id = NormalizeGuid(write.id.text);
    job.id = id.value_or(write.id.text);
    if (!id) job.error = Refusal("The CRM id of the write is not a GUID");
  }
}

// An administrator may have added the currency since the list was read.
void Writer::LearnCurrencies(const Jobs& jobs) {
  const auto known = currencies_.Get();
  const auto is_new = [&](const Attribute& each) {
    const bool text = each.json.size() > 2 && each.json.front() == '"';
    return each.name == "transactioncurrencyid" && text &&
           !known->IdOf(std::string_view(each.json).substr(1, each.json.size() - 2));
  };
  const bool any = std::any_of(jobs.begin(), jobs.end(), [&](const Job& job) {
    const auto& attributes = job.write->attributes;
    return job.open() && std::any_of(attributes.begin(), attributes.end(), is_new);
  });
  if (!any) return;
  if (const Status learnt = currencies_.Learn({}); !learnt) {
    log_.Warning("the list of currencies could not be read again",
                 {{"reason", std::string(ToString(learnt.error().kind))}});
  }
}

void Writer::ResolveAccounts(Jobs& jobs) {
  std::vector<Job*> asking;
  std::vector<CustomerRequest> requests;
  for (Job& job : jobs) {
    // Nothing may be made for a write that will be refused anyway.
    if (job.Is(Kind::create)) {
      const Status prepared = PrepareCreate(job, *currencies_.Get());
      if (!prepared) job.error = prepared.error();
    }
    if (!job.NeedsCustomers() || !job.write->account) continue;
    requests.push_back({&*job.write->account, "", job.write->correlation.text});
    asking.push_back(&job);
  }
  auto outcomes = customers_.Resolve("account", requests);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    asking[i]->account_id = outcomes[i].id;
    asking[i]->error = outcomes[i].error;
    asking[i]->performed = std::move(outcomes[i].performed);
  }
}

void Writer::ResolveContacts(Jobs& jobs) {
  std::vector<Job*> asking;
  std::vector<CustomerRequest> requests;
  for (Job& job : jobs) {
    if (!job.NeedsCustomers() || !job.write->contact) continue;
    requests.push_back({&*job.write->contact, job.account_id, job.write->correlation.text});
    asking.push_back(&job);
  }
  auto outcomes = customers_.Resolve("contact", requests);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    Job& job = *asking[i];
    job.contact_id = outcomes[i].id;
    job.error = outcomes[i].error;
    std::move(outcomes[i].performed.begin(), outcomes[i].performed.end(),
              std::back_inserter(job.performed));
  }
}

// Win and Lose take no etag, so what stands there is read first (contract section 6.3).
void Writer::ReadBeforeClose(Jobs& jobs) {
  std::vector<Job*> reading;
  const auto operations = Collect(
      jobs, [](const Job& job) { return job.Is(Kind::close); },
      [](const Job& job) { return job.records->GetRow(job.id); }, reading);
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < reading.size(); ++i) {
    Job& job = *reading[i];
    TakeRead(job, job.id, sent[i]);
    if (job.open()) DecideClose(job);
  }
}

// What stands there decides whether there is anything to close.
void Writer::DecideClose(Job& job) {
  const auto state = job.records->StateOf(*job.row);
  if (state == WantedState(*job.write)) return;  // done already: the row is the answer
  if (state != kOpenState) {
    job.error = Refusal("Opportunity " + job.id +
                        " is already closed with another result; reopen it in the CRM first");
  } else if (!job.write->etag.empty() && RowEtag(job.write->etag) != job.row->etag) {
    job.error = Error{ErrorKind::stale_version,
                      "Opportunity " + job.id + " has changed since it was planned to be closed",
                      "",
                      0,
                      std::nullopt,
                      ""};
  } else if (const Status prepared = PrepareClose(job); !prepared) {
    job.error = prepared.error();
  } else {
    job.row.reset();
  }
}

void Writer::Perform(Jobs& jobs) {
  for (Job& job : jobs) {
    // The customers are known now.
    if (job.Is(Kind::create)) {
      if (const Status prepared = PrepareCreate(job, *currencies_.Get()); !prepared)
        job.error = prepared.error();
    } else if (job.Is(Kind::update)) {
      if (const Status prepared = PrepareUpdate(job, *currencies_.Get()); !prepared)
        job.error = prepared.error();
    }
  }
  RefuseStaleSolutions(api_, opportunities_, jobs);
  const auto make = [&](const Job& job) {
    Operation operation;
    operation.body = job.body.json;
    if (job.write->kind == Kind::close) {
      operation.method = "POST";
      operation.path = job.write->won ? "WinOpportunity" : "LoseOpportunity";
      return operation;
    }
    operation.method = "PATCH";
    operation.path = job.records->GetRow(job.id).path;
    const std::string etag = job.write->etag.empty() ? "*" : RowEtag(job.write->etag);
    operation.headers = job.write->kind == Kind::create ? WriteHeaders("If-None-Match", "*")
                                                        : WriteHeaders("If-Match", etag);
    return operation;
  };
  const auto has_something_to_send = [](const Job& job) {
    return job.needs_reading() && !(job.write->kind == Kind::update && job.body.empty());
  };
  std::vector<Job*> sending;
  const auto operations = Collect(jobs, has_something_to_send, make, sending);
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < sending.size(); ++i) TakeAnswer(*sending[i], sent[i]);
}

void Writer::TakeAnswer(Job& job, const Sent& sent) {
  const auto& answer = sent.answer;
  std::optional<Error> failure;
  if (!answer) {
    failure = ErrorFromClient(answer.error(), job.purpose(), job.what());
  } else if (answer->response.status >= 300) {
    failure = WithColumns(ErrorFromAnswer(*answer, job.purpose(), job.what()), job);
  } else if (const Status taken = TakeRow(job, *answer); !taken) {
    failure = ReadBackFailed(taken.error(), job);
  }
  if (!failure || WasAttempted(*failure)) {
    job.performed.push_back(Performed(job.kind_name(), job.id, job.operation(), failure, sent));
  }
  job.written = !failure;
  if (failure && job.write->kind == Kind::close && IsDecided(*failure)) {
    job.close_error = failure;
  } else {
    job.error = failure;
  }
}

void Writer::WriteTheSolutions(Jobs& jobs) {
  std::vector<Job*> writing;
  for (Job& job : jobs) {
    if (job.open() && job.solutions) writing.push_back(&job);
  }
  if (!writing.empty()) WriteSolutions(api_, *organization_->solutions, writing);
}

// What stands in other tables, for all records that are going to be answered.
void Writer::Complete(Jobs& jobs) {
  for (Records* records : {&opportunities_, leads_}) {
    std::vector<FlatRow*> rows;
    std::vector<Job*> completing;
    for (Job& job : jobs) {
      if (!job.open() || job.records != records || !job.row) continue;
      rows.push_back(&*job.row);
      completing.push_back(&job);
    }
    if (rows.empty()) continue;
    const Status completed = records->Complete(rows);
    if (completed) continue;
    for (Job* job : completing) job->error = ReadBackFailed(completed.error(), *job);
  }
}

// The representation of an answer; without one the record is read afterwards.
Status Writer::TakeRow(Job& job, const net::ApiAnswer& answer) {
  job.clock_offset = answer.clock_offset;
  const bool has_none = Trim(answer.response.body).empty() || job.write->kind == Kind::close;
  if (has_none) return Done{};
  auto row = job.records->ReadRow(answer);
  if (!row) return row.error();
  job.row = *std::move(row);
  return Done{};
}

void Writer::ReadBack(Jobs& jobs) {
  std::vector<Job*> reading;
  const auto operations = Collect(
      jobs, [](const Job& job) { return job.needs_reading(); },
      [](const Job& job) { return job.records->GetRow(job.id); }, reading);
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < reading.size(); ++i) {
    Job& job = *reading[i];
    TakeRead(job, job.id, sent[i]);
    Finish(job);
  }
}

// What a read after the write means for the write.
void Writer::Finish(Job& job) {
  if (job.error && job.written) job.error = ReadBackFailed(*job.error, job);
  if (!job.close_error || !job.row) {
    if (job.close_error) job.error = job.close_error;
    return;
  }
  // Closing what is closed is refused; that is all right if it is closed as wanted.
  if (job.records->StateOf(*job.row) != WantedState(*job.write)) job.error = job.close_error;
}

// A status reason may be ignored in a create; a second write sets it. If that fails the record is
// there all the same, and the next plan sees the difference.
void Writer::RepairStatus(Jobs& jobs) {
  const auto differs = [&](const Job& job) {
    return job.Is(Kind::create) && job.row && job.wanted_status &&
           job.records->StatusOf(*job.row) != job.wanted_status;
  };
  const auto make = [&](const Job& job) {
    Operation operation;
    operation.method = "PATCH";
    operation.path = job.records->GetRow(job.id).path;
    operation.headers = WriteHeaders("If-Match", job.row->etag.empty() ? "*" : job.row->etag);
    operation.body = "{\"statuscode\":" + std::to_string(*job.wanted_status) + "}";
    return operation;
  };
  std::vector<Job*> sending;
  const auto operations = Collect(jobs, differs, make, sending);
  const auto sent = api_.RunAll(operations);
  bool unread = false;
  for (std::size_t i = 0; i < sending.size(); ++i) {
    Job& job = *sending[i];
    const std::string what = "status reason of " + job.kind_name() + " " + job.id;
    const auto& answer = sent[i].answer;
    std::optional<Error> failure;
    if (!answer) {
      failure = ErrorFromClient(answer.error(), Purpose::update, what);
    } else if (answer->response.status >= 300) {
      failure = ErrorFromAnswer(*answer, Purpose::update, what);
    }
    job.performed.push_back(Performed(job.kind_name(), job.id, "update", failure, sent[i]));
    if (failure) continue;
    job.row.reset();
    unread |= !TakeRow(job, *answer) || !job.row;
  }
  if (unread) ReadBack(jobs);
}

}  // namespace cosell::dataverse
