#pragma once

#include "crm/salesforce/job.h"
#include "crm/salesforce/organization.h"

// What a write is going to send, as far as it can be decided without asking: fills the job's id,
// body and solutions, or its error. Nothing is made for a write that would be refused anyway. Pure
// functions.
namespace cosell::salesforce {

constexpr const char* kAmount = "Amount";

// refused for a qualification, which Salesforce leaves to people, a create without its referral,
// and an id that is none.
void CheckInput(Job& job);

// The body holds the referral's id in the Referral Identifier field. refused, naming the fields,
// when the organisation has no such field, for what cannot be translated, and when a required field
// has no value.
void PrepareCreate(Job& job, const Organization& organization, const SyncedObject& synced);

// A close is an update like any other: the stage or status decides what it means.
void PrepareUpdate(Job& job, const Organization& organization, const SyncedObject& synced);

}  // namespace cosell::salesforce
