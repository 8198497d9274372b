#include "crm/salesforce/prepare.h"

#include <algorithm>

#include "base/record_id.h"
#include "base/text.h"
#include "crm/salesforce/json_text.h"
#include "crm/salesforce/solution_writer.h"

namespace cosell::salesforce {
namespace {

Error NoIdentifier() {
  return Refusal(
      "The Opportunity has no Referral Identifier field, so a deal could be made twice: "
      "`cosell-sync check` tells how to mend it");
}

// Salesforce names all that are missing; so do we, before anything is made for the deal.
std::optional<Error> MissingForCreate(const Body& body) {
  std::vector<std::string> missing;
  for (const char* field : {"Name", "StageName", "CloseDate"}) {
    const bool there = std::any_of(
        body.members.begin(), body.members.end(),
        [&](const Attribute& each) { return each.name == field && each.json != "null"; });
    if (!there) missing.emplace_back(field);
  }
  if (missing.empty()) return std::nullopt;
  return Refusal("A new opportunity needs " + Join(missing, ", ") +
                 ": complete the deal in Partner Center, or give a constant in the mapping's "
                 "create.opportunity");
}

// The attributes that are fields; the solutions are rows of their own.
std::vector<Attribute> FieldsOf(Job& job, const Organization& organization) {
  std::vector<Attribute> attributes = job.write->attributes;
  const auto& solutions = organization.solutions;
  if (!solutions) return attributes;
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
  if (write.record_kind != RecordKind::opportunity) {
    job.error = Refusal("Only opportunities are written to Salesforce");
  } else if (job.creates()) {
    if (write.marker.empty()) job.error = Refusal("A create needs the referral's id");
  } else {
    const auto id = NormalizeSalesforceId(write.id.text);
    job.id = id.value_or(write.id.text);
    if (!id) job.error = Refusal("The CRM id of the write is not a Salesforce id");
  }
}

void PrepareCreate(Job& job, const Organization& organization) {
  const std::string identifier = organization.FieldOf("referral_id");
  if (identifier.empty()) {
    job.error = NoIdentifier();
    return;
  }
  std::vector<Attribute> attributes = FieldsOf(job, organization);
  attributes.push_back({identifier, Quoted(job.write->marker.text)});
  auto body = BuildBody(organization.opportunity, attributes, BodyFor::create);
  if (!body) {
    job.error = body.error();
    return;
  }
  job.body = *std::move(body);
  job.error = MissingForCreate(job.body);
}

void PrepareUpdate(Job& job, const Organization& organization) {
  auto body = BuildBody(organization.opportunity, FieldsOf(job, organization), BodyFor::update);
  if (!body) {
    job.error = body.error();
    return;
  }
  job.body = *std::move(body);
  job.wants_amount = job.body.Has(kAmount);
}

}  // namespace cosell::salesforce
