#include "crm/dataverse/qualifier.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/guid.h"
#include "base/text.h"
#include "crm/dataverse/odata.h"
#include "crm/dataverse/performed.h"
#include "crm/dataverse/prepare.h"
#include "crm/dataverse/qualified.h"

namespace cosell::dataverse {
namespace {

using Json = nlohmann::json;
using Kind = CrmWrite::Kind;

constexpr std::int64_t kQualifiedReason = 3;
constexpr const char* kAccount = "parentaccountid";
constexpr const char* kContact = "parentcontactid";
constexpr const char* kCurrency = "transactioncurrencyid";

Json Entity(const std::string& table, const std::string& id) {
  return {{table + "id", id}, {"@odata.type", "Microsoft.Dynamics.CRM." + table}};
}

std::string ParentsBody(const Records& leads, const Job& job) {
  Json body = Json::object();
  const auto set = [&](const char* column, const char* set_name, const std::string& id) {
    if (id.empty() || leads.IdAt(*job.lead, column) == id) return;
    body[std::string(column) + "@odata.bind"] = "/" + std::string(set_name) + "(" + id + ")";
  };
  set(kAccount, "accounts", job.account_id);
  set(kContact, "contacts", job.contact_id);
  return body.empty() ? std::string{} : body.dump();
}

std::optional<Error> FailureOf(const Sent& sent, Purpose purpose, const std::string& what) {
  if (!sent.answer) return ErrorFromClient(sent.answer.error(), purpose, what);
  if (sent.answer->response.status < 300) return std::nullopt;
  return ErrorFromAnswer(*sent.answer, purpose, what);
}

}  // namespace

Qualifier::Qualifier(WebApi& api, CurrencyCache& currencies, Records& opportunities,
                     std::shared_ptr<const Organization> organization)
    : api_(api),
      currencies_(currencies),
      opportunities_(opportunities),
      leads_(api, currencies, std::move(organization), RecordKind::lead,
             {kAccount, kContact, kCurrency}) {}

void Qualifier::ReadLeads(std::vector<Job>& jobs) {
  Jobs asking, done;
  for (Job& job : jobs) {
    if (job.Is(Kind::qualify)) asking.push_back(&job);
  }
  Read(asking);
  for (Job* job : asking) {
    if (!job->open()) continue;
    if (leads_.StateOf(*job->lead) == kQualifiedState) {
      done.push_back(job);
    } else {
      Decide(*job);
    }
  }
  TakeOpportunities(done, ErrorKind::refused);
}

void Qualifier::Read(const Jobs& jobs) {
  std::vector<Operation> operations;
  for (Job* job : jobs) {
    job->records = &leads_;
    operations.push_back(leads_.GetRow(job->id));
    operations.back().correlation = job->write->correlation.text;
  }
  const auto sent = api_.RunAll(operations);
  std::vector<FlatRow*> rows;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Job& job = *jobs[i];
    TakeRead(job, job.id, sent[i]);
    job.lead.swap(job.row);
    job.row.reset();
    if (job.open()) rows.push_back(&*job.lead);
  }
  const Status completed = leads_.Complete(rows);
  for (Job* job : jobs) {
    if (!completed && job->open()) job->error = completed.error();
  }
}

void Qualifier::Decide(Job& job) {
  const std::string& version = job.write->etag;
  if (leads_.StateOf(*job.lead) == kDisqualifiedState) {
    job.error = Refusal("Lead " + job.id + " is disqualified: reopen it in the CRM first");
  } else if (!version.empty() && RowEtag(version) != job.lead->etag) {
    job.error = Error{ErrorKind::stale_version,
                      "Lead " + job.id + " has changed since it was planned to be qualified",
                      "",
                      0,
                      std::nullopt,
                      ""};
  }
}

void Qualifier::Perform(std::vector<Job>& jobs) {
  const auto is_open = [](const Job& job) { return job.Is(Kind::qualify) && !job.row; };
  Jobs changing;
  auto operations = Collect(
      jobs, [&](const Job& job) { return is_open(job) && !ParentsBody(leads_, job).empty(); },
      [&](const Job& job) {
        Operation operation;
        operation.method = "PATCH";
        operation.path = RowPath(leads_.table().entity_set, job.id);
        operation.headers = {{"If-Match", job.lead->etag.empty() ? "*" : job.lead->etag}};
        operation.body = ParentsBody(leads_, job);
        return operation;
      },
      changing);
  auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < changing.size(); ++i) {
    Job& job = *changing[i];
    job.error = FailureOf(sent[i], Purpose::update, "update of lead " + job.id);
    if (job.error && !WasAttempted(*job.error)) continue;
    job.performed.push_back(Performed("lead", job.id, "update", job.error, sent[i]));
  }

  Jobs qualifying;
  operations = Collect(
      jobs, is_open,
      [&](const Job& job) {
        Operation operation;
        operation.method = "POST";
        operation.path =
            RowPath(leads_.table().entity_set, job.id) + "/Microsoft.Dynamics.CRM.QualifyLead";
        operation.body = Body(job);
        return operation;
      },
      qualifying);
  sent = api_.RunAll(operations);
  Jobs refused, done;
  for (std::size_t i = 0; i < qualifying.size(); ++i) {
    Job& job = *qualifying[i];
    TakeAnswer(job, sent[i]);
    if (job.written) done.push_back(&job);
    if (job.close_error) refused.push_back(&job);
  }
  // Somebody may have been faster.
  Read(refused);
  for (Job* job : refused) {
    if (job->open() && leads_.StateOf(*job->lead) == kQualifiedState) {
      done.push_back(job);
    } else {
      job->error = job->close_error;
    }
  }
  TakeOpportunities(done, ErrorKind::unknown_outcome);
}

std::string Qualifier::Body(const Job& job) const {
  const std::string account =
      job.account_id.empty() ? leads_.IdAt(*job.lead, kAccount) : job.account_id;
  const std::string contact =
      job.contact_id.empty() ? leads_.IdAt(*job.lead, kContact) : job.contact_id;
  Json body = {{"CreateAccount", account.empty()},
               {"CreateContact", contact.empty()},
               {"CreateOpportunity", true},
               {"Status", kQualifiedReason}};
  if (!account.empty()) {
    body["OpportunityCustomerId"] = Entity("account", account);
  } else if (!contact.empty()) {
    body["OpportunityCustomerId"] = Entity("contact", contact);
  }
  const auto currency = currencies_.Get()->IdOf(leads_.IdAt(*job.lead, kCurrency));
  if (currency) body["OpportunityCurrencyId"] = Entity("transactioncurrency", *currency);
  return body.dump();
}

void Qualifier::TakeAnswer(Job& job, const Sent& sent) {
  const auto failure = FailureOf(sent, Purpose::action, job.what());
  if (!failure || WasAttempted(*failure)) {
    job.performed.push_back(Performed("lead", job.id, job.operation(), failure, sent));
  }
  job.written = !failure;
  if (failure && IsDecided(*failure)) {
    job.close_error = failure;
  } else {
    job.error = failure;
  }
  if (job.written) NoteMade(job, *sent.answer);
}

// The answer lists the rows that were made; its form is not documented, so that the opportunity
// itself is looked for and not read from here.
void Qualifier::NoteMade(Job& job, const net::ApiAnswer& answer) {
  const Json json = Json::parse(answer.response.body, nullptr, false);
  if (!json.is_object() || !json.contains("value") || !json["value"].is_array()) return;
  for (const Json& row : json["value"]) {
    for (const char* table : {"account", "contact"}) {
      const auto member = row.is_object() ? row.find(std::string(table) + "id") : row.end();
      if (!row.is_object() || member == row.end() || !member->is_string()) continue;
      if (const auto id = NormalizeGuid(member->get<std::string>())) {
        job.performed.push_back(Performed(table, *id, "create", std::nullopt, 0));
      }
    }
  }
}

void Qualifier::TakeOpportunities(const Jobs& jobs, ErrorKind missing) {
  std::vector<std::string> leads;
  for (const Job* job : jobs) leads.push_back(job->id);
  const auto found = FindQualified(api_, leads);
  Jobs reading;
  std::vector<Operation> operations;
  for (Job* job : jobs) {
    if (!found) {
      job->error = job->written ? ReadBackFailed(found.error(), *job) : found.error();
      continue;
    }
    const auto opportunity = found->find(job->id);
    if (opportunity == found->end()) {
      job->error = Refusal("Lead " + job->id + " was qualified without an opportunity");
      job->error->kind = missing;
      continue;
    }
    if (job->written) {
      job->performed.push_back(
          Performed("opportunity", opportunity->second, "create", std::nullopt, 0));
    }
    reading.push_back(job);
    operations.push_back(opportunities_.GetRow(opportunity->second));
    operations.back().correlation = job->write->correlation.text;
  }
  const auto sent = api_.RunAll(operations);
  for (std::size_t i = 0; i < reading.size(); ++i) {
    Job& job = *reading[i];
    job.records = &opportunities_;
    TakeRead(job, found->at(job.id), sent[i]);
    if (job.error && job.written) job.error = ReadBackFailed(*job.error, job);
  }
}

}  // namespace cosell::dataverse
