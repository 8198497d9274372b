#include "crm/salesforce/prepare.h"

#include <algorithm>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/solution_writer.h"

namespace cosell::salesforce {
namespace {

Error NoIdentifier(const SyncedObject& synced) {
  return Refusal("The " + synced.object.name +
                 " has no Referral Identifier field, so a deal could be made twice: `cosell-sync "
                 "check` tells how to mend it");
}

// What the API demands of a new record and does not choose itself (sections 17.1 and 17.3).
std::vector<std::string> RequiredOf(RecordKind kind) {
  if (kind == RecordKind::lead) return {"LastName", "Company"};
  return {"Name", "StageName", "CloseDate"};
}

// Salesforce names all that are missing; so do we, before anything is made for the deal.
std::optional<Error> MissingForCreate(const SyncedObject& synced, const Body& body) {
  std::vector<std::string> missing;
  for (const std::string& field : RequiredOf(synced.kind)) {
    const bool there = std::any_of(
        body.members.begin(), body.members.end(),
        [&](const Attribute& each) { return each.name == field && each.json != "null"; });
    if (!there) missing.push_back(field);
  }
  if (missing.empty()) return std::nullopt;
  const bool lead = synced.kind == RecordKind::lead;
  return Refusal("A new " + synced.noun() + " needs " + Join(missing, ", ") +
                 ": complete the deal in Partner Center, or give a constant in the mapping's " +
                 (lead ? "lead.create" : "create.opportunity"));
}

// The attributes that are fields; the solutions are rows of their own.
std::vector<Attribute> FieldsOf(Job& job, const Organization& organization) {
  std::vector<Attribute> attributes = job.write->attributes;
  const auto& solutions = organization.solutions;
  if (!solutions || job.write->record_kind != RecordKind::opportunity) return attributes;
  job.solutions = TakeSolutions(*solutions, attributes);
  // Without rows the text would be read as the opportunity's solutions.
  const bool cleared = job.solutions && job.solutions->empty();
  if (cleared && !solutions->products_text.empty()) {
    attributes.push_back({solutions->products_text, "null"});
  }
  return attributes;
}

}  // namespace

void CheckInput(Job& job) {
  const CrmWrite& write = *job.write;
  if (write.kind == CrmWrite::Kind::qualify) {
    job.error = Refusal("Salesforce converts no leads over its REST API: convert lead " +
                        write.id.text + " in Salesforce, and its opportunity is followed");
  } else if (write.record_kind == RecordKind::lead && write.kind == CrmWrite::Kind::close) {
    job.error = Refusal("A lead is closed by an update of its Status");
  } else if (job.creates()) {
    if (write.marker.empty()) job.error = Refusal("A create needs the referral's id");
  } else {
    const auto id = NormalizeSalesforceId(write.id.text);
    job.id = id.value_or(write.id.text);
    if (!id) job.error = Refusal("The CRM id of the write is not a Salesforce id");
  }
}

void PrepareCreate(Job& job, const Organization& organization, const SyncedObject& synced) {
  const std::string identifier = synced.FieldOf("referral_id");
  if (identifier.empty()) {
    job.error = NoIdentifier(synced);
    return;
  }
  std::vector<Attribute> attributes = FieldsOf(job, organization);
  attributes.push_back({identifier, Quoted(job.write->marker.text)});
  auto body = BuildBody(synced.object, attributes, BodyFor::create);
  if (!body) {
    job.error = body.error();
    return;
  }
  job.body = *std::move(body);
  job.error = MissingForCreate(synced, job.body);
}

void PrepareUpdate(Job& job, const Organization& organization, const SyncedObject& synced) {
  auto body = BuildBody(synced.object, FieldsOf(job, organization), BodyFor::update);
  if (!body) {
    job.error = body.error();
    return;
  }
  job.body = *std::move(body);
  job.wants_amount = job.body.Has(kAmount);
}

}  // namespace cosell::salesforce
